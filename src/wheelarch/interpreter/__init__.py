"""What an interpreter can load, how to build for it, and what is installed in it."""
