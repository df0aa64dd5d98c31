"""Verbs of the chapter's command line."""
