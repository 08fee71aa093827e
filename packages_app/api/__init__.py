"""The door for scripts, ``/api/``: a table of operations that is both its addresses and its OpenAPI document."""
