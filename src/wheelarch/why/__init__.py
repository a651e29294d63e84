"""Messages of loaders, linkers and build tools, and what they mean."""
