"""From separated images to numbers: translation, jets, resolution, errors of images."""
