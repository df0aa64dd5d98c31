"""What an archive holds: key layouts, record headers, the manifest."""
