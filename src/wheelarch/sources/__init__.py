"""Where bytes come from: local files and bytes in memory."""
