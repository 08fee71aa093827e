"""What the embedded catalogue refuses, in DynamoDB's words, and what it could not do at all."""


class Unanswered(Exception):
    """SQLite could not read or write: the disk is full or failing, or another process held the file for too long."""
