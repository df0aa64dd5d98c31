"""Sentences of the page about the records that compare sets: each is made from the numbers of `compare`."""

from __future__ import annotations

import numpy as np

from . import compare
from .records import Records

#: Below this frequency the page speaks of slow motion.
SLOW_HZ = 3.0
ABSENT = "The real sample is not on this machine, so nothing is compared here."


def loudness_sentence(picker: Records, real: Records | None) -> str:
    """Median P signal-to-noise ratio of the preset and of the one real sample that there is."""
    ours = np.nanmedian(compare.p_snr_db(compare.comparable(picker)))
    if real is None:
        return f"The median P SNR of the preset `picker` is {ours:.0f} dB. {ABSENT}"
    sample = compare.comparable(real)
    theirs = np.nanmedian(compare.p_snr_db(sample))
    words = "louder than" if ours > theirs + 1 else "quieter than" if ours < theirs - 1 else "about as loud as"
    return (f"The preset `picker` is {words} the {len(sample)} records of the real sample: median P SNR {ours:.0f} dB "
            f"against {theirs:.0f} dB (a catalogue as a whole is not compared).")


def slow_motion_db(ours: Records, real: Records) -> float:
    """P spectra below 3 Hz, synthetic over real, in dB; each is divided by its own mean between 5 and 20 Hz."""
    first, second = (compare.spectra(compare.comparable(records)) for records in (ours, real))
    slow = first.frequency_hz < SLOW_HZ
    return float(20 * (np.mean(first.p[slow]) - np.mean(second.p[second.frequency_hz < SLOW_HZ])))


def tail_db(ours: Records, real: Records) -> float:
    """Horizontal envelope 10 s after S, synthetic over real, in dB; each relative to its 1.5 s after S."""
    first, second = (compare.summary(records)["log10 envelope at S +10 s"] for records in (ours, real))
    return 20 * (first - second)


def differences_sentence(ours: Records, real: Records | None) -> str:
    """Where the synthetic records part from the real sample: slow motion in P, and the tail after S."""
    if real is None:
        return ABSENT
    slow, tail = slow_motion_db(ours, real), tail_db(ours, real)
    return (f"Below {SLOW_HZ:g} Hz the synthetic P spectrum lies {_above(slow)} the real one; 10 s after S the "
            f"synthetic envelope lies {_above(tail)} the real one{_fades(tail)}.")


def _above(decibels: float) -> str:
    if abs(decibels) < 1:
        return "within 1 dB of"
    return f"{abs(decibels):.0f} dB {'above' if decibels > 0 else 'below'}"


def _fades(decibels: float) -> str:
    return "" if abs(decibels) < 1 else ", so it fades more slowly" if decibels > 0 else ", so it fades faster"
