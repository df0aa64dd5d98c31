"""From miniSEED to windows of ground motion: reading, merging, filtering, quality control, splits."""
