"""The published program's own verbs, options and files."""
