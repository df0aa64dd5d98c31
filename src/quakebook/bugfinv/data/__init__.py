"""From elastic models to gathers, wells and starting models."""
