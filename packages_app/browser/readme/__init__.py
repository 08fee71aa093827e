"""Project descriptions as safe HTML: rendered in a process with limits of its own, kept by their digest."""
