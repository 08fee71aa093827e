"""Pages for people: home, search, projects, and the static files they need."""
