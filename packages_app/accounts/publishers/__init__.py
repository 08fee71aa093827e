"""Trusted publishing: a pipeline shows what its CI service says of it, and is given a token for some minutes."""
