"""Continuous annotation: ours beside SeisBench's `annotate`, in one run, printed as a ratio.

    python benchmarks/annotation.py [--hours 2] [--stations 1] [--threads 2] [--device cpu] [--memory-hours 24]

Both get the same streams in memory and give picks; SeisBench is timed with the batch size that suits it best (256 on a
processor, 4096 on a GPU). Curves are compared before anything is timed. Peak memory is that of a process of its own
that annotates one station for `--memory-hours`.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from obspy import Stream, Trace, UTCDateTime
from seisbench.models import PhaseNet

from quakebook.picking import annotate
from quakebook.picking.continuous.annotation import Annotator

DAY_S = 86_400
BATCH = {"cpu": 256, "cuda": 4096}


def station(hours: float, number: int = 0, rate_hz: float = 100.0) -> Stream:
    """Counts of one station from midnight on: noise with a burst a minute."""
    rng, n = np.random.default_rng(number), int(hours * 3600 * rate_hz)
    phase = np.arange(n) / rate_hz % 60
    burst = 5000 * np.exp(-phase / 3) * np.sin(2 * np.pi * 6 * phase)
    return Stream([Trace((burst + rng.normal(0, 300, n)).astype(np.int32),
                         {"network": "XX", "station": f"S{number:03d}", "channel": f"HH{c}", "sampling_rate": rate_hz,
                          "starttime": UTCDateTime("2024-01-01")}) for c in "ZNE"])


def picker(seed: int = 1) -> PhaseNet:
    """PhaseNet with random weights whose curves cross the thresholds now and then."""
    torch.manual_seed(seed)
    model = PhaseNet(phases="PSN", norm="peak").eval()
    with torch.no_grad():
        model.out.weight.mul_(30)
    return model


def clock(work: Callable[[], Any], device: str) -> float:
    """Seconds of one call, from the host's first to the device's last instruction."""
    began = time.perf_counter()
    work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began


def largest_difference(model: PhaseNet, stream: Stream) -> float:
    """Largest difference of the curves of both, on one stream."""
    pairs = zip(annotate(model, stream, resample="seisbench"), model.annotate(stream), strict=True)
    return max(float(np.abs(a.data - b.data).max()) for a, b in pairs)


def compare(hours: float = 2.0, stations: int = 1, device: str = "cpu", precision: str = "float32",
            repeats: int = 2, theirs: bool = True) -> dict[str, float]:
    """Time picks of some stations, ours and SeisBench's by turns, the best of `repeats`.

    Returns
    -------
    dict
        hours, stations, difference (of curves), ours_s, theirs_s, ratio, ours_station_days_per_s,
        theirs_station_days_per_s; the peak of the device's memory in GB on a GPU.
    """
    model, streams = picker().to(device), [station(hours, k) for k in range(stations)]
    short = streams[0].slice(streams[0][0].stats.starttime, streams[0][0].stats.starttime + 600)
    annotator = Annotator(model, device=device, probabilities=False, precision=precision)
    facts = {"hours": hours, "stations": float(stations), "difference": largest_difference(model, short)}

    def ours() -> None:
        for _ in picks_of(annotator, streams):
            pass

    everything = Stream([trace for stream in streams for trace in stream])
    work = {"ours": ours} | ({"theirs": lambda: model.classify(everything, batch_size=BATCH[device])} if theirs else {})
    annotator.run(annotator.prepare(short))  # the first call records graphs and chooses kernels
    times = {name: min(clock(call, device) for _ in range(repeats)) for name, call in work.items()}
    for name, seconds in times.items():
        facts |= {f"{name}_s": seconds, f"{name}_station_days_per_s": stations * hours / 24 / seconds}
    if theirs:
        facts["ratio"] = times["theirs"] / times["ours"]
    if device == "cuda":
        facts["device_memory_gb"] = torch.cuda.max_memory_allocated() / 1e9
    return facts


def picks_of(annotator: Annotator, streams: list[Stream]) -> Any:
    """Picks of one stream after the other, the next being prepared in a thread."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(annotator.prepare, streams[0])
        for k in range(len(streams)):
            ready = waiting.result()
            if k + 1 < len(streams):
                waiting = pool.submit(annotator.prepare, streams[k + 1])
            yield annotator.run(ready).picks


def forward_only(hours: float = 24.0, device: str = "cuda", precision: str = "float32") -> float:
    """Station-days per second of the bare forward over the windows of one station: the bound of any annotation."""
    model = picker().to(device)
    count, batch = int(hours * 3600 * 100 / 1501), 2048 if device == "cuda" else 32
    windows = torch.randn(batch, 3, 3001, device=device)
    half = torch.autocast(device, torch.bfloat16, enabled=precision == "bf16")

    def work() -> None:
        with torch.inference_mode(), half:
            for _ in range(-(-count // batch)):
                model(windows)

    work()
    return hours / 24 / clock(work, device)


def gpu(stations: int = 10, hours: float = 24.0) -> dict[str, dict[str, float]]:
    """What a GPU run records: float32 and bf16, SeisBench once, and the bare forward."""
    facts = {precision: compare(hours, stations, "cuda", precision, theirs=precision == "float32")
             for precision in ("float32", "bf16")}
    for precision, entry in facts.items():
        entry["forward_station_days_per_s"] = forward_only(hours, "cuda", precision)
    return facts


def memory(hours: float) -> None:
    """Print this process's memory in MB with one station in it, and its peak while it is annotated (Linux)."""
    model, stream = picker(), station(hours)
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far was that of making the data
    before = status_mb("VmRSS")
    annotate(model, stream, probabilities=False)
    print(before, status_mb("VmHWM"))


def status_mb(name: str) -> float:
    """A line of /proc/self/status; the C library's ru_maxrss keeps the peak of the parent process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--stations", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--memory-hours", type=float, default=24.0)
    parser.add_argument("--only-memory", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    logging.getLogger("seisbench").setLevel(logging.ERROR)
    torch.set_num_threads(args.threads)
    if args.only_memory:
        memory(args.memory_hours)
        return
    for precision in ("float32", "bf16") if args.device == "cuda" else ("float32",):
        facts = compare(args.hours, args.stations, args.device, precision)
        print(f"{args.stations} station(s) x {args.hours:g} h at 100 Hz, {args.device}, {precision}, "
              f"{args.threads} thread(s)")
        print(f"SeisBench annotate:  {facts['theirs_s']:7.2f} s   {facts['theirs_station_days_per_s']:8.4f} "
              "station-days/s")
        print(f"quakebook annotate:  {facts['ours_s']:7.2f} s   {facts['ours_station_days_per_s']:8.4f} "
              f"station-days/s   ratio {facts['ratio']:.2f}")
        print(f"largest difference of the curves: {facts['difference']:.1e}")
    command = [sys.executable, __file__, "--only-memory", "--memory-hours", str(args.memory_hours), "--threads",
               str(args.threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, after = map(float, done.stdout.split()[-2:])
    print(f"peak memory of one station x {args.memory_hours:g} h on the processor: {after:.0f} MB, of which "
          f"{before:.0f} MB are the program and the counts")


if __name__ == "__main__":
    main()
