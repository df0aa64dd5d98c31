"""Settings of the synthetic records: one frozen dataclass, and the named presets that differ from its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from quakebook.data.errors import DataError


@dataclass(frozen=True)
class Emergence:
    """How gradually S sets in: peak delay of the S packet, share of the coherent S pulse, ramp of energy before S."""

    peak_delay_s: float
    peak_delay_sigma: float
    direct: float
    ramp: tuple[float, float]


EMERGENCE = {
    "default": Emergence(0.12, 0.4, 0.50, (0.1, 0.5)),
    "emergent": Emergence(0.25, 0.5, 0.25, (0.3, 0.8)),
    "strong": Emergence(0.40, 0.5, 0.10, (0.4, 1.0)),
}


def _choice(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise DataError(f"`{name}` must be one of {', '.join(known)}; found {value!r}")


@dataclass(frozen=True)
class Preset:
    """Everything that decides what the records look like, besides the seed.

    Probabilities are per record unless the name says otherwise. Lengths in km, times in s, magnitudes are Mw.
    """

    name: str = "default"
    # events
    magnitude_law: str = "stratified"  # stratified or gr
    b_value: float = 1.0
    magnitude_min: float = 0.5
    magnitude_max: float = 5.0
    stations_per_event: int = 8
    years: tuple[str, str] = ("2015-01-01", "2025-01-01")
    # network and distances
    network_seed: int = 0
    n_stations: int = 60
    gain_mode: str = "mixed"  # mixed or uniform
    distance_factor: float = 0.75
    distance_cap_km: float = 150.0
    # continuous mode
    events_per_hour: float = 60.0
    archive_stations: int = 3
    # waveforms
    emergence: str = "default"
    noise_fraction: float = 0.15
    second_event: float = 0.10
    snr_min_db: float = 3.0
    cultural_burst: float = 0.05
    # recording faults
    old_digitiser_stations: float = 0.03
    vertical_only_stations: float = 0.03
    gap: float = 0.02
    dead_component: float = 0.02
    spikes: float = 0.01
    step: float = 0.02
    drift: float = 0.02
    # picks
    pick_law: str = "student"  # student, skewed or exact
    s_jitter_scale: float = 1.0
    s_ambiguous: float = 0.15
    skewed_delay_factor: float = 0.10

    def __post_init__(self) -> None:
        _choice("magnitude_law", self.magnitude_law, ("stratified", "gr"))
        _choice("gain_mode", self.gain_mode, ("mixed", "uniform"))
        _choice("pick_law", self.pick_law, ("student", "skewed", "exact"))
        _choice("emergence", self.emergence, tuple(EMERGENCE))
        if not 0 <= self.noise_fraction < 1:
            raise DataError(f"`noise_fraction` must lie in [0, 1); found {self.noise_fraction}")
        if self.magnitude_max <= self.magnitude_min:
            raise DataError("`magnitude_max` must exceed `magnitude_min`")


NO_FAULTS = {"old_digitiser_stations": 0.0, "vertical_only_stations": 0.0, "gap": 0.0, "dead_component": 0.0,
             "spikes": 0.0, "step": 0.0, "drift": 0.0}

_PICKER = Preset("picker", magnitude_min=1.0, magnitude_max=4.5, stations_per_event=1, emergence="emergent",
                 pick_law="skewed", second_event=0.0, **NO_FAULTS)

PRESETS: Mapping[str, Preset] = {
    "default": Preset(),
    "tiny": Preset("tiny", stations_per_event=6, noise_fraction=0.30),
    "picker": _PICKER,
    "picker_strong": replace(_PICKER, name="picker_strong", emergence="strong", skewed_delay_factor=0.20),
    "picker_exact": replace(_PICKER, name="picker_exact", pick_law="exact"),
    "magnitude": Preset("magnitude", noise_fraction=0.10, second_event=0.0),
    "near": Preset("near", magnitude_law="gr", b_value=0.7, magnitude_min=0.2, magnitude_max=4.0,
                   stations_per_event=1, distance_cap_km=35.0),
    "continuous": Preset("continuous", magnitude_law="gr", magnitude_min=1.0, magnitude_max=4.5, noise_fraction=0.0,
                         second_event=0.0, snr_min_db=-200.0, cultural_burst=0.0, **NO_FAULTS),
}


def get(name: str | Preset, **options: Any) -> Preset:
    """The preset of that name with single settings replaced, e.g. ``get("picker", emergence="strong")``.

    Raises
    ------
    DataError
        For an unknown preset or setting; the message lists what exists.
    """
    if isinstance(name, str) and name not in PRESETS:
        near = get_close_matches(name, PRESETS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise DataError(f"unknown preset {name!r}; known: {', '.join(PRESETS)}{hint}")
    preset = PRESETS[name] if isinstance(name, str) else name
    known = {field.name for field in fields(Preset)} - {"name"}
    unknown = set(options) - known
    if unknown:
        raise DataError(f"unknown setting {', '.join(sorted(unknown))} of preset {preset.name!r}; "
                        f"known: {', '.join(sorted(known))}")
    return replace(preset, **options) if options else preset
