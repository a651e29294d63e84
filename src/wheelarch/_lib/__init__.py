"""What Python lacks."""
