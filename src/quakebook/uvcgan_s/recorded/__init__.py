"""Results worth keeping: what is recorded and how."""
