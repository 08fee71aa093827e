"""Upload 2.0 sessions (PEP 694, draft round 4): the files of a release come in one by one, and are listed together."""
