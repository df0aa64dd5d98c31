"""One backward of BUGFInv: closed form against our full-covariance form; memory, slope, and the GPU if there is one.

    python benchmarks/bugfinv.py [--rows 10000] [--largest 1000000] [--full-rows 300] [--device cuda]

Measured is the whole call `BUGFInv.backward` (posterior, moments, fusion, head gradients, checks) on leaf features, so
no network is included; CPU figures are processor time of one thread. Targets at 10 000 rows x 64 x 3: 50 ms on one CPU
core, 1.5 ms and 100 MB on an H200. Exit status 1 when one is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys

import torch

from quakebook.bugfinv import BUGFInv
from quakebook.bugfinv.studies.cost import Batch, closed_form, full_covariance, milliseconds

D, TASKS = 64, 3
TARGET_MS = {"cpu": 50.0, "cuda": 1.5}
TARGET_MB = 100.0


def backward_of(batch: Batch, check_finite: bool = True):
    """A call of `backward` with kept full data, as a function without arguments."""
    aggregator = BUGFInv(check_finite=check_finite)
    device = batch.features.device
    features = batch.features.clone().requires_grad_()
    heads = torch.nn.Linear(D, TASKS, device=device)
    labels = list(batch.labels.unbind(1))
    full = Batch.random(8192, seed=1, device=str(device))
    aggregator.set_full_data(full.features, list(full.labels.unbind(1)))

    def run() -> torch.Tensor:
        features.grad = None
        losses = ((heads(features) - batch.labels) ** 2).mean(0)
        aggregator.backward(losses, list(heads.parameters()), features, labels)
        return features.grad

    return run


def time_backward(rows: int, device: str, repeats: int) -> float:
    """Print time and extra memory of one backward; returns milliseconds."""
    run = backward_of(Batch.random(rows, device=device))
    if device == "cuda":
        run()
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        run()
        torch.cuda.synchronize()
        extra = (torch.cuda.max_memory_allocated() - before) / 2**20
    else:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        run()
        extra = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    found = milliseconds(run, repeats, device)
    print(f"{device:<5} backward {rows:>9,} rows x {D} x {TASKS}: {found:>9.2f} ms, extra memory {extra:>7.1f} MB")
    return found


def agreement() -> float:
    """Relative difference of both forms in float64."""
    batch = Batch.random(50, d=24, dtype=torch.float64, full_rows=100)
    fast, slow = closed_form(batch), full_covariance(batch)
    return float((fast - slow).norm() / slow.norm())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--full-rows", type=int, default=300, help="rows of the full-covariance form")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    torch.set_num_threads(1)
    error = agreement()
    print(f"both forms agree to {error:.1e} (float64)")
    missed = error > 1e-9
    for device in dict.fromkeys(("cpu", options.device)):
        base = time_backward(options.rows, device, 20)
        target = TARGET_MS[device]
        print(f"      target {target} ms: {'met' if base <= target else 'MISSED'}")
        missed |= base > target
        sizes = [n for n in (1_000, 100_000, options.largest) if n <= options.largest]
        times = {n: time_backward(n, device, 2) for n in sizes}
        largest = max(times)
        print(f"      cost per row at {largest:,} rows over that at {options.rows:,}: "
              f"{times[largest] / largest / (base / options.rows):.2f}")
        batch = Batch.random(options.full_rows, device=device)
        slow = milliseconds(lambda b=batch: full_covariance(b), 2, device)
        fast = milliseconds(lambda b=batch: closed_form(b), 5, device)
        scaled = slow / options.full_rows * options.rows
        print(f"      full covariance {options.full_rows} rows: {slow:.1f} ms, closed form {fast:.2f} ms "
              f"({slow / fast:.0f} times); at {options.rows:,} rows it would take {scaled / base:.0f} times as long")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
