"""What people find: descriptions of projects and releases, what came lately, and the search."""
