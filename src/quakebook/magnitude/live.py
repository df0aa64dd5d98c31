"""Settings of the trainings that the chapter's pages run live."""

from __future__ import annotations

from .settings import Config, config

#: Output scale of all CPU-sized trainings: the per-sample networks start at zero and have to climb (own choice).
OUTPUT_SCALE = "network.output_scale=3"


#: Synthetic records of the live trainings per preset.
PRESETS = ("smoke", "quick", "paper")


def live_config(preset: str, model_type: str = "phasenet_mag", amplitude: str | None = None, *more: str) -> Config:
    """Configuration of a training that a page runs live."""
    if preset not in PRESETS:
        raise ValueError(f"`preset` must be one of {', '.join(PRESETS)}; found {preset!r}")
    given = [f"network.type={model_type}", *more]
    if amplitude is not None:
        given += [f"network.amplitude={amplitude}", *([OUTPUT_SCALE] if preset != "paper" else [])]
    return config(*given, preset=preset)
