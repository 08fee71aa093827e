"""What `zappa deploy` needs besides its settings file; nothing here runs on Lambda."""
