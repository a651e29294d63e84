"""What coverage-guided fuzzing calls: `python -m tests.hostile.fuzz TARGET` runs one target."""
