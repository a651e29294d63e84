"""Tables: what systems and Pythons bring along, and the stable ABI."""
