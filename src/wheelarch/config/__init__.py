"""What the configuration file says, and the findings that it accepts."""
