"""What a decomposition does to phase picks, with any picker that is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from quakebook.picking.onsets import OnsetPicker as Picker
from quakebook.picking.onsets import open_phasenet, p_onsets

#: File of a recorded PhaseNet, trained on synthetic records; its chapter is not imported.
PHASENET = "bce-42.safetensors"
#: A pick this close to the true onset counts as found (s).
TOLERANCE_S = 0.5


@dataclass(frozen=True)
class PickScore:
    """Picks of one kind of waveform against true onsets.

    Attributes
    ----------
    found : float
        Share of true onsets with a pick within the tolerance.
    false : float
        Share of waveforms with a pick outside it.
    median_error_s, spread_s : float
        Median, and half the width between the 16 % and 84 % quantiles, of pick minus onset among those found.
    """

    found: float
    false: float
    median_error_s: float
    spread_s: float


def score(picks_s: NDArray, onsets_s: NDArray, tolerance_s: float = TOLERANCE_S) -> PickScore:
    """Compare one pick per waveform with its onset; waveforms without an onset are left out."""
    known = np.isfinite(onsets_s)
    if not known.any():
        raise ValueError("no waveform has a true onset, so picks cannot be scored")
    error = np.asarray(picks_s, float)[known] - onsets_s[known]
    near = np.abs(error) <= tolerance_s  # NaN compares as false
    low, middle, high = np.quantile(error[near], [0.16, 0.5, 0.84]) if near.any() else (np.nan,) * 3
    return PickScore(float(near.mean()), float((~near & np.isfinite(error)).mean()), float(middle),
                     float((high - low) / 2))


def compare(waveforms: Mapping[str, Tensor], onsets_s: NDArray, picker: Picker, rate_hz: float,
            tolerance_s: float = TOLERANCE_S) -> dict[str, PickScore]:
    """Scores by name of what the picker finds in mixtures, filtered and decomposed waveforms, all (n, samples)."""
    return {name: score(picker(wave.numpy(), rate_hz), onsets_s, tolerance_s) for name, wave in waveforms.items()}


def sta_lta(waveforms: NDArray, rate_hz: float, short_s: float = 0.5, long_s: float = 3.0,
            threshold: float = 3.0) -> NDArray:
    """The classic trigger as a picker for windows with one earthquake.

    The onset is where short-term over long-term power first passes half of its maximum; none where the maximum stays
    below `threshold`. The first `long_s` seconds cannot be picked.
    """
    from obspy.signal.trigger import classic_sta_lta

    picks = np.full(len(waveforms), np.nan)
    for k, wave in enumerate(np.ascontiguousarray(waveforms, dtype=np.float64)):
        ratio = classic_sta_lta(wave, int(short_s * rate_hz), int(long_s * rate_hz))
        if ratio.max() > threshold:
            picks[k] = np.argmax(ratio > ratio.max() / 2) / rate_hz
    return picks


def pickers(folder: Path | None = None) -> dict[str, Picker]:
    """The trigger, and a recorded PhaseNet where its weights are there.

    Parameters
    ----------
    folder : Path, optional
        Where the PhaseNet lies; default ``book/recorded/bluedisc``.
    """
    from quakebook.training import recorded

    path = (folder or recorded.folder("bluedisc")) / PHASENET
    found: dict[str, Picker] = {"trigger": sta_lta}
    return found | ({"phasenet": p_onsets(open_phasenet(path))} if path.is_file() else {})
