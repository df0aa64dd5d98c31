"""What the notebooks of this chapter show: numbers, tables, sentences."""
