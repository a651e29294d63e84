"""The names of Python's stable ABI: the generated table, its generator, and the lookup."""
