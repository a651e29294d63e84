"""Which library answers when a binary asks for one."""
