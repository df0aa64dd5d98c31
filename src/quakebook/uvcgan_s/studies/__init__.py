"""Tasks and baselines beside the published training."""
