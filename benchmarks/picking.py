"""Windows, labels, normalisation, peaks and matching of a batch: ours beside SeisBench and SciPy, in one run.

    python benchmarks/picking.py [--device cuda] [--batch 100] [--repeat 20]

Prints microseconds per window and the ratio to the peer. On a shared machine trust the ratios.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
from scipy.signal import find_peaks
from seisbench.generate import Normalize, OneOf, ProbabilisticLabeller, RandomWindow, WindowAroundSample
from torch.nn.functional import avg_pool1d

from quakebook.picking import labels, match_picks, matching, normalise, peaks, windows

KEYS = ("trace_P_arrival_sample", "trace_S_arrival_sample")
N_RECORDS, N_SAMPLES = 500, 6000


def ours(waveforms: torch.Tensor, p: torch.Tensor, s: torch.Tensor, batch: int,
         generator: torch.Generator) -> Callable[[], None]:
    """One training batch as tensor operations on the device."""
    def run() -> None:
        record = torch.randint(len(waveforms), (batch,), generator=generator, device=waveforms.device)
        start = windows.draw_training(p, s, N_SAMPLES, record, generator)
        normalise.per_component_peak(windows.cut(waveforms, record, start))
        labels.phase_labels(windows.relative(p, record, start), windows.relative(s, record, start), windows.LENGTH)
    return run


def seisbench(waveforms: np.ndarray, p: np.ndarray, s: np.ndarray, batch: int) -> Callable[[], None]:
    """The same chain in SeisBench, record by record, without a data loader."""
    around = WindowAroundSample(list(KEYS), samples_before=3000, windowlen=6000, selection="random",
                                strategy="variable")
    chain = [OneOf([around, lambda state: None], probabilities=[2, 1]),
             RandomWindow(windowlen=windows.LENGTH, strategy="pad"),
             ProbabilisticLabeller(label_columns=dict(zip(KEYS, "PS", strict=True)), model_labels="PSN", sigma=20,
                                   dim=0),
             Normalize(demean_axis=-1, amp_norm_axis=-1, amp_norm_type="peak")]

    def run() -> None:
        for i in np.random.randint(len(waveforms), size=batch):
            state = {"X": (waveforms[i].copy(), dict(zip(KEYS, (float(p[i, 0]), float(s[i, 0])), strict=True)))}
            for step in chain:
                step(state)
    return run


def evaluate_ours(curves: torch.Tensor, labelled: torch.Tensor) -> Callable[[], None]:
    """Peaks and matches of a batch on the device."""
    def run() -> None:
        positions, _ = peaks.find_picks_batch(curves)
        matching.match_batch(positions, labelled)
    return run


def evaluate_scipy(curves: np.ndarray, labelled: np.ndarray) -> Callable[[], None]:
    """Peaks by SciPy and matches by the one-window function, row by row."""
    def run() -> None:
        for curve, label in zip(curves, labelled, strict=True):
            match_picks(find_peaks(curve, height=0.1, distance=100)[0], label)
    return run


def microseconds(run: Callable[[], None], windows_per_run: int, repeat: int, device: torch.device) -> float:
    """Best time of one run per window."""
    best = float("inf")
    for _ in range(repeat + 1):
        begin = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - begin)
    return 1e6 * best / windows_per_run


def main() -> None:
    """Make random records, time both sides and print one line for each task."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=20)
    args = parser.parse_args()
    device = torch.device(args.device)
    cpu = torch.Generator().manual_seed(0)
    waves = torch.randn(N_RECORDS, 3, N_SAMPLES, generator=cpu)
    p = 500 + 2000 * torch.rand(N_RECORDS, 1, generator=cpu)
    s = p + 200 + 1000 * torch.rand(N_RECORDS, 1, generator=cpu)
    curves = labels.phase_labels(p[:args.batch], s[:args.batch], windows.LENGTH)[:, 1] * 0.8
    wander = 0.2 * torch.rand(curves.shape, generator=cpu)[:, None]
    for _ in range(3):  # smooth, as a network's output is
        wander = avg_pool1d(wander, 31, stride=1, padding=15)
    curves = (curves + wander[:, 0]).clamp(max=1.0)
    on_device = [x.to(device) for x in (waves, p, s, curves)]
    tasks = {"window + label + normalise": (
                 ours(*on_device[:3], args.batch, torch.Generator(device).manual_seed(0)),
                 seisbench(waves.numpy(), p.numpy(), s.numpy(), args.batch)),
             "peaks + matching": (evaluate_ours(on_device[3], on_device[2][:args.batch]),
                                  evaluate_scipy(curves.numpy(), s[:args.batch].numpy()))}
    print(f"batch {args.batch}, {device}, {torch.get_num_threads()} threads; microseconds per window")
    for name, (mine, peer) in tasks.items():
        a = microseconds(mine, args.batch, args.repeat, device)
        b = microseconds(peer, args.batch, args.repeat, torch.device("cpu"))
        print(f"{name:28s} ours {a:8.1f}   SeisBench/SciPy on the CPU {b:8.1f}   ratio {b / a:6.2f}")


if __name__ == "__main__":
    main()
