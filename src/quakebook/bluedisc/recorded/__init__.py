"""Recorded trainings of the chapter: plan, making and reading."""
