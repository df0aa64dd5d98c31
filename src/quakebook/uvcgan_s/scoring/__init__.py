"""From decompositions to numbers."""
