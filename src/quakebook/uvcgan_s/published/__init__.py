"""The authors' own interface: their configurations, model folders and verbs."""
