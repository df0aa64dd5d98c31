"""The authors' own interface: their settings, model folders and verbs."""
