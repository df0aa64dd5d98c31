"""Reasons to reject a window, judged on the samples as they were recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakebook.data.archive.motion.merging import Channel, runs
from quakebook.data.errors import DataError

#: In the order in which they are looked for; the first one counts.
REASONS = {
    "missing": "fewer components than required", "short": "touches a stretch that is too short",
    "gap": "touches missing samples", "dead": "constant", "clip": "cut off at an extreme value",
    "spike": "one to three samples far outside", "step": "its level jumps", "snr": "too quiet for the asked ratio",
    "edge": "reaches into the taper at the end of a stretch"}
#: A flat top must drop by so many of the smallest steps within its own length; a parabola drops by at most nine.
CLIP_STEPS = 40
#: Windows looked at together.
_BLOCK = 256
#: Robust standard deviation from the median absolute deviation of a Gaussian.
_MAD = 1.4826


@dataclass(frozen=True)
class Limits:
    """Thresholds of the quality control.

    Attributes
    ----------
    shortest_s : float
        Stretches without gaps that are shorter give nothing.
    dead_std : float
        Standard deviation, in recorded units, below which a component is dead.
    dead_share : float
        Share of a window that one constant value may fill.
    clip_samples : int
        So many samples in a row at the largest or smallest value of the window are clipped, if the values beside them
        are much lower.
    spike_sigmas : float
        One to three samples farther from the median than this many robust standard deviations, and ten times as far as
        all others, are a spike.
    step_sigmas : float
        A jump between the mean of a second before and of a second after, in standard deviations of those seconds.
    snr_db : float or None
        Loudest over median second; None: not asked.
    """

    shortest_s: float = 10.0
    dead_std: float = 1e-12
    dead_share: float = 0.2
    clip_samples: int = 5
    spike_sigmas: float = 100.0
    step_sigmas: float = 10.0
    snr_db: float | None = None

    def __post_init__(self) -> None:
        for name in ("shortest_s", "dead_std", "spike_sigmas", "step_sigmas"):
            if not getattr(self, name) >= 0:
                raise DataError(f"`{name}` must not be negative; found {getattr(self, name)}")
        if not 0 < self.dead_share <= 1:
            raise DataError(f"`dead_share` must lie between 0 and 1; found {self.dead_share}")
        if self.clip_samples < 2:
            raise DataError(f"`clip_samples` must be at least 2; found {self.clip_samples}")


def assess(channel: Channel, starts_ns: NDArray[np.int64], window_s: float, limits: Limits) -> NDArray[np.str_]:
    """The reason to reject each window of one channel, shape (n,); "" for good ones."""
    n = round(window_s * channel.rate_hz)
    first = np.round((starts_ns - channel.start_ns) * 1e-9 * channel.rate_hz).astype(np.int64)
    short = np.zeros(len(channel.samples), bool)
    for begin, stop in runs(np.isfinite(channel.samples)):
        short[begin:stop] = stop - begin < limits.shortest_s * channel.rate_hz
    out = np.full(len(first), "", dtype="U8")
    for block in range(0, len(first), _BLOCK):
        rows = first[block : block + _BLOCK]
        values, brief = _windows(channel.samples, rows, n, np.nan), _windows(short, rows, n, False)
        reasons = np.where(brief.any(1), "short", np.where(np.isnan(values).any(1), "gap", ""))
        whole = reasons == ""
        if whole.any():
            reasons = reasons.astype("U8")
            reasons[whole] = _signal_reasons(values[whole], channel.rate_hz, limits)
        out[block : block + _BLOCK] = reasons
    return out


def _windows(samples: NDArray, first: NDArray[np.int64], n: int, fill: float | bool) -> NDArray:
    """Windows (w, n) that begin at these samples; `fill` where they reach beyond the samples."""
    before, after = max(-int(first.min()), 0), max(int(first.max()) + n - len(samples), 0)
    if before or after:
        samples = np.pad(samples, (before, after), constant_values=fill)
    return np.lib.stride_tricks.sliding_window_view(samples, n)[first + before]


def _signal_reasons(values: NDArray[np.float64], rate_hz: float, limits: Limits) -> NDArray[np.str_]:
    checks = {"dead": _dead(values, limits), "clip": _clipped(values, limits), "spike": _spiked(values, limits),
              "step": _stepped(values, rate_hz, limits), "snr": _quiet(values, rate_hz, limits)}
    out = np.full(len(values), "", dtype="U8")
    for name in reversed(checks):
        out[checks[name]] = name
    return out


def longest_run(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Length of the longest run of True in each row."""
    count = np.cumsum(mask, axis=1)
    return (count - np.maximum.accumulate(np.where(mask, 0, count), axis=1)).max(axis=1, initial=0)


def _dead(values: NDArray[np.float64], limits: Limits) -> NDArray[np.bool_]:
    least = limits.dead_share * values.shape[1]
    same = np.diff(values, axis=1) == 0
    out = np.count_nonzero(same, axis=1) + 1 >= least  # cheap; few windows go on
    out[out] = longest_run(same[out]) + 1 >= least
    return out | (values.std(axis=1) < limits.dead_std)


def _clipped(values: NDArray[np.float64], limits: Limits) -> NDArray[np.bool_]:
    """A flat top with steep sides. A rounded peak of small numbers is flat, too, but falls off slowly beside it."""
    out = np.zeros(len(values), bool)
    tops = [values == values.max(axis=1, keepdims=True), values == values.min(axis=1, keepdims=True)]
    for top in tops:
        many = np.flatnonzero(np.count_nonzero(top, axis=1) >= limits.clip_samples)
        for row in many[longest_run(top[many]) >= limits.clip_samples]:
            steps = np.abs(np.diff(values[row]))
            step = steps[steps > 0].min(initial=np.inf)
            out[row] |= any(_steep(values[row], begin, stop, CLIP_STEPS * step) for begin, stop in runs(top[row])
                            if stop - begin >= limits.clip_samples)
    return out


def _steep(values: NDArray[np.float64], begin: int, stop: int, least: float) -> bool:
    """Whether a flat top [begin, stop) drops by `least` within its own length on one side.

    A parabola that is flat over r samples to within one step has dropped by at most nine steps after r more.
    """
    places = [place for place in (begin - (stop - begin), stop - 1 + (stop - begin)) if 0 <= place < len(values)]
    return any(abs(values[begin] - values[place]) >= least for place in places)


def _spiked(values: NDArray[np.float64], limits: Limits) -> NDArray[np.bool_]:
    """Far outside, and alone: an earthquake has other samples above a tenth of its largest."""
    out = np.zeros(len(values), bool)
    around = np.abs(values - values.mean(axis=1, keepdims=True))
    alone = np.count_nonzero(around > 0.2 * around.max(axis=1, keepdims=True), axis=1) <= 3  # cheap; few windows go on
    for row in np.flatnonzero(alone):
        away = np.abs(values[row] - np.median(values[row]))
        sigma, largest = _MAD * np.median(away), away.max()
        out[row] = 0 < limits.spike_sigmas * sigma < largest and np.count_nonzero(away > 0.1 * largest) <= 3
    return out


def _stepped(values: NDArray[np.float64], rate_hz: float, limits: Limits) -> NDArray[np.bool_]:
    """At the largest difference between neighbours: does the level change, and stay?"""
    n = max(int(rate_hz), 4)
    if values.shape[1] < 2 * n + 2:
        return np.zeros(len(values), bool)
    jumps = np.abs(np.diff(values, axis=1))
    at = np.clip(jumps.argmax(axis=1) + 1, n, values.shape[1] - n)
    rows, span = np.arange(len(values))[:, None], np.arange(n)
    before, after = values[rows, at[:, None] - n + span], values[rows, at[:, None] + span]
    rough = np.maximum(before.std(axis=1), after.std(axis=1))
    jump = np.abs(after.mean(axis=1) - before.mean(axis=1))
    out = jump > limits.step_sigmas * np.maximum(rough, 1e-30)
    out[out] = jumps[out].max(axis=1) > 20 * _MAD * np.median(jumps[out], axis=1)
    return out


def _quiet(values: NDArray[np.float64], rate_hz: float, limits: Limits) -> NDArray[np.bool_]:
    if limits.snr_db is None:
        return np.zeros(len(values), bool)
    n = int(rate_hz)
    seconds = values[:, : values.shape[1] // n * n].reshape(len(values), -1, n)
    rms = (seconds - values.mean(axis=1)[:, None, None]).std(axis=2)
    ratio = 20 * np.log10(np.maximum(rms.max(axis=1), 1e-30) / np.maximum(np.median(rms, axis=1), 1e-30))
    return ratio < limits.snr_db
