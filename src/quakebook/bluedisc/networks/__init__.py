"""The phase picker and its discriminator."""
