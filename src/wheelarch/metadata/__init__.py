"""What a wheel says of itself: its file name, WHEEL, METADATA and RECORD, turned into demands on a binary."""
