"""Recorded inversions of the chapter: plan, making and reading."""
