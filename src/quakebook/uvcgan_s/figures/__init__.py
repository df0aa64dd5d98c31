"""Figures of the chapter: results in, Figure out."""
