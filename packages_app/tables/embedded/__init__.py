"""Answers PynamoDB's requests from one SQLite file, so that an index can start with nothing.

``connection`` takes a request; ``single``, ``pages``, ``several`` and ``tables`` answer it. ``expressions`` reads what
it says in DynamoDB's small languages, ``conditions`` and ``updates`` apply that to items in the wire form, which
``items`` checks and measures; ``store`` keeps them. What DynamoDB offers beyond that raises ``NotImplementedError`` by
its name. DynamoDB's reserved words are taken as names here; PynamoDB never sends one.
"""
