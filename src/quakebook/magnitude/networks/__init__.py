"""The networks, one module an architecture. `quakebook.magnitude.build` makes them by name."""
