"""Django's admin over the catalogue: what administrators see of the index, and change by the journeys of all doors."""
