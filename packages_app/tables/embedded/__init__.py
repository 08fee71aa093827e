"""Answers PynamoDB's requests from one SQLite file, so that an index can start with nothing.

What a request means: ``expressions`` reads its expressions, ``conditions``, ``updates`` and ``projections`` apply them
to items in the wire form that ``items`` checks, ``single``, ``pages``, ``several`` and ``tables`` answer the operations,
and ``store`` keeps the items. What DynamoDB offers beyond that raises ``NotImplementedError`` by its name.
DynamoDB's reserved words are taken as names here; PynamoDB never sends one.
"""
