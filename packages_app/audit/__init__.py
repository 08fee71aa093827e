"""What happened, by whom."""
