"""What maintainers do to what is published: yank, delete, set a status, keep only so much of it."""
