"""The verbs of the command line, by family; each module adds its verbs to the parser and imports the rest when used."""
