"""How many synthetic records a second: on one CPU thread in processor time, and on a GPU where there is one.

    python benchmarks/synthetic.py [--records 2000] [--preset picker] [--gpu-records 160000]

Each figure covers the whole of `make`: parameters, waveforms, Wood-Anderson magnitudes, picks, metadata. Variants run
in the same process; the last column is their speed relative to the first row.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch

from quakebook.data import synthetic
from quakebook.data.synthetic import synthesise

TARGET_CPU, TARGET_GPU = 800, 80_000


def rate(records: int, clock: Callable[[], float], repeats: int, **options) -> float:
    """Best of some repeats, records per second of `clock`."""
    best = 0.0
    for seed in range(repeats):
        start = clock()
        synthetic.make(n=records, seed=seed, **options)
        if options.get("device") == "cuda":
            torch.cuda.synchronize()
        best = max(best, records / (clock() - start))
    return best


def on_cpu(preset: str, records: int, repeats: int) -> float:
    """Print the speed of one thread in processor time, for several variants; returns that of the first."""
    torch.set_num_threads(1)
    synthetic.make(preset, 300, 0)
    variants = {preset: {}, "second event in every record": {"second_event": 1.0}, "no noise records": {
        "noise_fraction": 0.0}}
    base = None
    for name, options in variants.items():
        found = rate(records, time.process_time, repeats, preset=preset, device="cpu", **options)
        base = base or found
        print(f"CPU, one thread  {name:<32}{found:>9.0f} records/CPU-s{found / base:>8.2f}")
    usual = synthesise.CPU_ROWS
    for rows in (4, 64, 256):
        synthesise.CPU_ROWS = rows
        found = rate(records, time.process_time, 1, preset=preset, device="cpu")
        name = f"{rows} rows at a time, not {usual}"
        print(f"CPU, one thread  {name:<32}{found:>9.0f} records/CPU-s{found / base:>8.2f}")
    synthesise.CPU_ROWS = usual
    print(f"                 target{TARGET_CPU:>35}                {'met' if base >= TARGET_CPU else 'MISSED'}")
    return base


def on_gpu(preset: str, records: int, repeats: int) -> float:
    """Print the speed on the GPU in wall-clock time."""
    synthetic.make(preset, 5000, 0, device="cuda")
    found = rate(records, time.perf_counter, repeats, preset=preset, device="cuda")
    print(f"{torch.cuda.get_device_name()}  {preset}, {records} records: {found:.0f} records/s, target {TARGET_GPU}, "
          f"{'met' if found >= TARGET_GPU else 'MISSED'}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--preset", default="picker")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--gpu-records", type=int, default=160_000)
    arguments = parser.parse_args()
    on_cpu(arguments.preset, arguments.records, arguments.repeats)
    if torch.cuda.is_available():
        on_gpu(arguments.preset, arguments.gpu_records, arguments.repeats)
    else:
        print("no CUDA device here: the GPU figure was not measured")


if __name__ == "__main__":
    main()
