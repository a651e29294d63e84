"""Independent parsers (lief, pefile, macholib) that confirm the fact behind a finding: one adapter a parser.

An adapter is the only module that imports its parser, and does so inside the function that needs it.
"""
