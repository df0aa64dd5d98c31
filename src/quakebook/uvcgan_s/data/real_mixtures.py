"""Mixtures from real records: strong earthquakes in the noise that other stations recorded before theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakebook.data.errors import DataError
from quakebook.data.records import Records

from . import spectrograms as task

#: Noise ends this long before P (s): analysts' picks and the zero-phase filter are not exact to the sample.
GUARD_S = 1.0


@dataclass(frozen=True)
class RealMixtures:
    """Mixtures of known parts from real records.

    Attributes
    ----------
    mixtures : Mixtures
        At 50 Hz, over 1 Hz, in units of the noise.
    earthquake, noise : ndarray, shape (n,), int64
        Row of the record that each part comes from.
    earthquakes : int
        Different records that count as pure signals.
    """

    mixtures: task.Mixtures
    earthquake: NDArray[np.int64]
    noise: NDArray[np.int64]

    @property
    def earthquakes(self) -> int:
        return len(np.unique(self.earthquake))


def make(records: Records, count: int, seed: int = 0) -> RealMixtures:
    """Vertical records over 25 dB stand for pure signals; noise is what a record of another station holds before P.

    Parameters
    ----------
    records : Records
        At 100 Hz, with P picks.
    count : int
        Mixtures; every earthquake is taken equally often, give or take one.
    seed : int
        Of partners, windows and signal-to-noise ratios, which are drawn as for the synthetic mixtures.

    Raises
    ------
    DataError
        No record is strong enough, or none holds noise for a whole window before P.
    """
    waves = task.prepared(records.waveforms[:, 0])
    p = records.metadata["trace_p_arrival_sample"].to_numpy(float) * task.RATE_HZ / records.sampling_rate_hz
    ends = np.nan_to_num(p - GUARD_S * task.RATE_HZ, nan=0.0).astype(int)
    quiet = [k for k, end in enumerate(ends) if end >= task.SAMPLES and waves[k, :end].std() > 0]
    strong = np.flatnonzero(snr_db(waves, p) >= task.STRONG_DB)
    if not len(strong) or not quiet:
        raise DataError(f"{records.source}: {len(strong)} vertical records reach {task.STRONG_DB:g} dB and "
                        f"{len(quiet)} hold {task.SAMPLES / task.RATE_HZ:g} s of noise before P; mixtures need both")
    draw = np.random.default_rng([seed, len(records)])
    earthquake = draw.permutation(np.resize(strong, count))
    stations = (records.metadata["station_network_code"].astype(str) + "."
                + records.metadata["station_code"].astype(str)).to_numpy()
    partner = np.array([draw.choice([k for k in quiet if stations[k] != stations[row]]) for row in earthquake])
    length = min(ends[k] for k in quiet)
    return RealMixtures(task.mix(waves[partner, :length], records.subset(earthquake), draw), earthquake, partner)


def snr_db(waves: NDArray, p: NDArray) -> NDArray:
    """20 log10 of the standard deviation in the 2 s after P over that from 4.5 to 0.5 s before it; NaN without P.

    Parameters
    ----------
    waves : ndarray, shape (n, samples)
        At 50 Hz.
    p : ndarray, shape (n,)
        Samples.
    """
    ratio = np.full(len(waves), np.nan)
    for k, (wave, sample) in enumerate(zip(waves, p, strict=True)):
        if np.isfinite(sample) and sample >= 4.5 * task.RATE_HZ:
            after, before, until = (int(sample + shift * task.RATE_HZ) for shift in (2.0, -4.5, -0.5))
            signal, noise = wave[int(sample):after].std(), wave[before:until].std()
            ratio[k] = 20 * np.log10(signal / noise) if signal > 0 and noise > 0 else np.nan
    return ratio
