"""quakebook: the reproducible companion to five deep-learning papers."""

from .homes import settle

__version__ = "0.1.0"

settle()
