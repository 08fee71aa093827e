"""How files come in: publish.py is the single way in; legacy/ and sessions/ are doors to it."""
