"""The configuration file, and the findings that a project accepts in it."""
