"""What tests share: builders of wheels and of plain values."""
