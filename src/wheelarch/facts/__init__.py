"""Joins of names, tags and binaries that several rules need. Pure: no I/O, no judgement."""
