"""Files that appear in the store, or vanish from it, by other means than an upload."""
