"""The picture on the first page: a synthetic record, and what two losses make of its S arrival.

    python -m quakebook.bluedisc.figures.cover

writes ``book/_assets/cover.svg``. The curves are computed, not drawn: the optimisation without a model, after its last
step, for targets that scatter as analysts' S picks do.
"""

from __future__ import annotations

import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.project import find_project

SEED, N_RECORDS, SNR_DB = 3, 60, (12.0, 22.0)
BEFORE_P_S, WINDOW_S = 3.0, 20.0
SCATTER_S = 0.3
THRESHOLD = 0.7


def cover() -> Figure:
    """Three components with P and S above, the two predictions of S below."""
    from quakebook.bluedisc import optimise_without_model

    waveforms, p_s, s_s, rate_hz = _record()
    time_s = np.arange(waveforms.shape[1]) / rate_hz
    simulation = optimise_without_model(SCATTER_S, 0.0)
    height, position_s = simulation.gaussian_height[-1], simulation.gaussian_position_s[-1]
    bell = height * np.exp(-((time_s - s_s - position_s) ** 2) / (2 * 0.2**2))
    with plots.book_style():
        fig, (top, bottom) = plt.subplots(2, 1, figsize=(9, 4.4), height_ratios=(3, 2), sharex=True)
        for row, (name, wave) in enumerate(zip("ZNE", waveforms, strict=True)):
            top.plot(time_s, wave / np.abs(waveforms).max() * 0.9 - row, color="black", lw=0.6)
            top.text(-0.1, -row, name, ha="right", va="center")
        for phase, at_s in (("P", p_s), ("S", s_s)):
            top.axvline(at_s, color=plots.PHASE_COLOURS[phase], lw=1.4)
            top.text(at_s, 0.75, f" {phase}", color=plots.PHASE_COLOURS[phase], fontsize=12, va="top")
        bottom.plot(s_s + simulation.pointwise_time_s, simulation.pointwise[-1], color=plots.PALETTE[5], lw=1.8,
                    label="judged point by point")
        bottom.plot(time_s, bell, color=plots.PHASE_COLOURS["S"], lw=1.8, label="judged as a shape")
        bottom.axhline(THRESHOLD, color="grey", lw=0.8, ls="--")
        bottom.text(0.1, THRESHOLD + 0.02, "a threshold", color="grey", va="bottom")
        top.set(yticks=[], xlim=(0, WINDOW_S))
        top.tick_params(bottom=False)
        top.spines[["left", "bottom"]].set_visible(False)
        bottom.set(ylim=(0, 1.05), ylabel="S probability", xlabel="Time (s)")
        bottom.legend(loc="center left")
    return fig


def _record() -> tuple[np.ndarray, float, float, float]:
    """One synthetic record with a fair S wave, cut to the window: (3, samples), P and S in seconds, sampling rate."""
    from quakebook.data import synthetic

    records = synthetic.make("picker", N_RECORDS, SEED)
    picks_p, picks_s = records.picks("P")[:, 0].numpy(), records.picks("S")[:, 0].numpy()
    rate = records.sampling_rate_hz
    snr = records.metadata["trace_snr_db"].to_numpy(dtype=float)
    gap_s = (picks_s - picks_p) / rate
    good = (snr > SNR_DB[0]) & (snr < SNR_DB[1]) & (gap_s > 3) & (gap_s < 9)
    index = int(np.flatnonzero(good)[0])
    start = int(picks_p[index] - BEFORE_P_S * rate)
    cut = records.waveforms[index, :, start:start + int(WINDOW_S * rate)].numpy().astype(float)
    cut -= cut.mean(axis=1, keepdims=True)
    return cut, (picks_p[index] - start) / rate, (picks_s[index] - start) / rate, rate


def main() -> int:
    """Write the picture and print where."""
    path = find_project().book / "_assets/cover.svg"
    with mpl.rc_context({"svg.hashsalt": "quakebook", "path.simplify_threshold": 0.5}):
        print(plots.save(cover(), path, seed=SEED))
    return 0


if __name__ == "__main__":
    sys.exit(main())
