"""Tables of what systems and Pythons provide: libraries by system, symbol versions by policy, and the stable ABI."""
