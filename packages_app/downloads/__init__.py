"""How often files are downloaded, by project, version and day; counted without a write for each."""
