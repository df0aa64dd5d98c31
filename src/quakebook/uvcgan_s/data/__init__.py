"""Three unpaired domains as tensors, and the normalisations between image and network."""
