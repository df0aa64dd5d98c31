"""Numbers that say how alike two sets of records are: synthetic beside real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from .records import Records
from .synthetic.measure import component_snr_db, window_variance

Array = NDArray[np.float64]

WINDOW_S = 2.0
RATIO_WINDOW_S = 1.5
SPECTRUM_SNR_DB = 10.0
#: Spectra are compared by shape: each is divided by its mean (of the logarithm) in this band.
NORMALISATION_HZ = (5.0, 20.0)
ENVELOPE_S = (-4.0, 12.0)
PERCENTILES = (5, 25, 50, 75, 95)


def comparable(records: Records) -> Records:
    """Records with a P and an S pick and three live components."""
    live = (records.waveforms.amax(-1) > records.waveforms.amin(-1)).all(1).cpu().numpy()
    return records.subset(live & np.isfinite(onsets_s(records, "P")) & np.isfinite(onsets_s(records, "S")))


def onsets_s(records: Records, phase: str) -> Array:
    """First pick of a phase in seconds after the start; NaN where there is none. Shape (n,)."""
    first = torch.nan_to_num(records.picks(phase).double(), nan=torch.inf).amin(1)
    return torch.where(first.isfinite(), first, torch.nan).cpu().numpy() / records.sampling_rate_hz


def p_snr_db(records: Records) -> Array:
    """20 log10(std in the 2 s after P / std from 4.5 s to 0.5 s before P), mean of the live components. Shape (n,)."""
    ratio = component_snr_db(records.waveforms, _tensor(onsets_s(records, "P"), records)).cpu().numpy().astype(float)
    live = np.isfinite(ratio)
    return np.where(live.any(1), np.where(live, ratio, 0).sum(1) / np.maximum(live.sum(1), 1), np.nan)


def s_minus_p_s(records: Records) -> Array:
    """S minus P in seconds. Shape (n,)."""
    return onsets_s(records, "S") - onsets_s(records, "P")


def log_s_over_p(records: Records) -> Array:
    """log10 of the standard deviation in the 1.5 s after S over that after P. Shape (n, 3): Z, N, E.

    The window after P ends at S where S comes sooner.
    """
    length = round(RATIO_WINDOW_S * records.sampling_rate_hz)
    p, s = (_sample(records, phase) for phase in "PS")
    after_s = window_variance(records.waveforms, s, s + length, length)
    after_p = window_variance(records.waveforms, p, torch.minimum(p + length, s), length)
    return 0.5 * torch.log10(after_s / after_p).cpu().numpy().astype(float)


@dataclass(frozen=True)
class Spectra:
    """Median normalised amplitude spectra, log10: of P on the vertical, of S on the horizontals, of the noise."""

    frequency_hz: Array
    p: Array
    s: Array
    noise: Array
    records: int


def spectra(records: Records, snr_min_db: float = SPECTRUM_SNR_DB) -> Spectra:
    """Median spectra of 2 s windows, of records with a P signal-to-noise ratio of at least `snr_min_db`."""
    good = records.subset(p_snr_db(records) >= snr_min_db)
    length = round(WINDOW_S * good.sampling_rate_hz)
    f = np.fft.rfftfreq(length, 1 / good.sampling_rate_hz)
    windows = {"p": (_sample(good, "P"), [0]), "s": (_sample(good, "S"), [1, 2]),
               "noise": (_sample(good, "P") - length - round(0.5 * good.sampling_rate_hz), [0])}
    medians = {}
    for name, (start, components) in windows.items():
        cut = _cut(good.waveforms[:, components], start, length)
        cut = (cut - cut.mean(-1, keepdim=True)) * torch.hann_window(length, device=cut.device)
        level = torch.log10(torch.fft.rfft(cut).abs().square().mean(1).sqrt().clamp(min=1e-12)).cpu().numpy()
        band = (f >= NORMALISATION_HZ[0]) & (f <= NORMALISATION_HZ[1])
        medians[name] = np.median(level - level[:, band].mean(1, keepdims=True), axis=0)
    return Spectra(f[1:], *(medians[name][1:] for name in ("p", "s", "noise")), records=len(good))


def horizontal_envelope(records: Records) -> tuple[Array, Array]:
    """Median horizontal envelope round S.

    Returns
    -------
    time_s : ndarray
        Relative to the S pick.
    level : ndarray
        log10 of the rms of N and E in windows of 0.5 s, relative to the 1.5 s after S.
    """
    rate, half = records.sampling_rate_hz, 0.25
    time = np.arange(ENVELOPE_S[0], ENVELOPE_S[1], 0.25)
    s, x = _sample(records, "S"), records.waveforms[:, 1:]
    length = round(2 * half * rate)
    after = window_variance(x, s, s + round(RATIO_WINDOW_S * rate), round(RATIO_WINDOW_S * rate)).sum(1)
    levels = [0.5 * torch.log10(window_variance(x, start, start + length, length).sum(1) / after)
              for start in (s + round((t - half) * rate) for t in time)]
    values = torch.stack(levels, 1).cpu().numpy().astype(float)
    return time, np.nanmedian(np.where(np.isfinite(values), values, np.nan), axis=0)


def summary(records: Records) -> dict[str, float]:
    """The comparison in single numbers: percentiles of SNR and S-P, medians of S over P, the envelope 10 s after S."""
    good = comparable(records)
    out: dict[str, float] = {"records": len(good)}
    for name, values in (("P SNR (dB)", p_snr_db(good)), ("S - P (s)", s_minus_p_s(good))):
        for q, value in zip(PERCENTILES, np.nanpercentile(values, PERCENTILES), strict=True):
            out[f"{name}, {q} %"] = float(value)
    for component, value in zip("ZNE", np.nanmedian(log_s_over_p(good), axis=0), strict=True):
        out[f"log10 S/P, {component}"] = float(value)
    time, level = horizontal_envelope(good)
    for at_s in (-1.0, 10.0):
        out[f"log10 envelope at S {at_s:+.0f} s"] = float(np.interp(at_s, time, level))
    return out


def table(sets: Mapping[str, Records]) -> pd.DataFrame:
    """`summary` of several sets side by side, one column a set."""
    return pd.DataFrame({name: summary(records) for name, records in sets.items()})


def myst_table(sets: Mapping[str, Records], name: str, caption: str) -> str:
    """`table` as a numbered table of the book; whole numbers without decimals."""
    frame = table(sets)
    text = frame.map(lambda value: f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}")
    body = text.rename_axis("quantity").reset_index().to_markdown(index=False, disable_numparse=True)
    return f"```{{table}} {caption}\n:name: {name}\n\n{body}\n```"


def typical(records: Records, snr_db: float = 20.0, sp_s: tuple[float, float] = (1.5, 6.0)) -> int:
    """Position of the comparable record with S - P in that range whose P signal-to-noise ratio is nearest `snr_db`."""
    live = (records.waveforms.amax(-1) > records.waveforms.amin(-1)).all(1).cpu().numpy()
    delay = s_minus_p_s(records)
    fits = live & (delay >= sp_s[0]) & (delay <= sp_s[1])
    distance = np.where(fits, np.abs(p_snr_db(records) - snr_db), np.inf)
    return int(np.argmin(np.where(np.isfinite(distance), distance, np.inf)))


def shared_record(sets: Mapping[str, Records], first: str, **choice: float) -> dict[str, tuple[Records, int]]:
    """A typical record of the set `first`, and the record of that name in the others (same seed, other preset)."""
    wanted = sets[first].metadata["trace_name"].iloc[typical(sets[first], **choice)]
    rows = {name: np.flatnonzero(records.metadata["trace_name"] == wanted) for name, records in sets.items()}
    return {name: (sets[name], int(found[0])) for name, found in rows.items() if len(found)}


def _sample(records: Records, phase: str) -> torch.Tensor:
    return _tensor(onsets_s(records, phase) * records.sampling_rate_hz, records).round().long()


def _tensor(values: Array, records: Records) -> torch.Tensor:
    return torch.as_tensor(np.nan_to_num(values), dtype=torch.float32, device=records.waveforms.device)


def _cut(waveforms: torch.Tensor, start: torch.Tensor, length: int) -> torch.Tensor:
    last = waveforms.shape[-1] - length
    position = start.clamp(0, last)[:, None] + torch.arange(length, device=waveforms.device)
    return waveforms.gather(2, position[:, None].expand(-1, waveforms.shape[1], -1))
