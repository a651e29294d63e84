"""Builds that will go wrong, predicted from project files."""
