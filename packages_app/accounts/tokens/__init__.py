"""API tokens: how machines say who they are, and how much of that they may use."""
