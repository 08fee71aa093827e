"""How files come in: publish.py is the single way in; legacy/ is a door to it."""
