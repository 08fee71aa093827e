"""Projects and files: what is listed, and how that changes."""
