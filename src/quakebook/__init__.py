"""quakebook: the reproducible companion to five deep-learning papers."""

__version__ = "0.1.0"
