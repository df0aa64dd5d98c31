"""Numbers, tables and sentences of the chapter's notebooks."""
