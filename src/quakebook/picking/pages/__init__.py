"""What the pages about continuous picking show: one module a notebook."""
