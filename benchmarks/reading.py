"""Windows for a training from the float32 copy of a data set, beside other ways to read them, in one run.

    python benchmarks/reading.py [--records 400] [--repeat 8]

Milliseconds of processor time for 100 random windows of 3001 samples, one thread, the files in the system's cache, and
the ratio to windows from memory. Then the whole set: as SeisBench reads it from compressed HDF5, and from the copy.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import torch

from quakebook.data import load_records, loading, store, synthetic
from quakebook.picking import windows

BATCH = 100


def cpu_ms(work: Callable[[], object], repeat: int) -> float:
    """Median processor time of one call, after a first one."""
    work()
    times = []
    for _ in range(repeat):
        begin = time.process_time()
        work()
        times.append(1e3 * (time.process_time() - begin))
    return float(np.median(times))


def ways(folder: Path, repeat: int) -> dict[str, float]:
    """Milliseconds for a batch, by the way it is read."""
    import seisbench.data as sbd

    memory, disk = load_records(folder), load_records(folder, memory_bytes=0)
    table, n = memory.metadata, len(memory)
    dice = np.random.default_rng(0)

    def draw() -> tuple[torch.Tensor, torch.Tensor]:
        return torch.from_numpy(dice.integers(0, n, BATCH)), torch.from_numpy(dice.integers(0, 6000 - 3001, BATCH))

    numbered = memory.waveforms.clone().requires_grad_()  # waveforms with a gradient are cut by sample numbers
    dataset = sbd.WaveformDataset(folder, sampling_rate=100, component_order="ZNE")
    with h5py.File(folder / "waveforms.hdf5") as file:
        places = [(name.split("$")[0], int(name.split("$")[1].split(",")[0])) for name in table["trace_name"]]

        def from_hdf5() -> np.ndarray:
            out = np.empty((BATCH, 3, windows.LENGTH), np.float32)
            for window, row, start in zip(out, *(values.tolist() for values in draw()), strict=True):
                block, position = places[row]
                window[:] = file[f"data/{block}"][position, :, start : start + windows.LENGTH]
            return out

        with torch.no_grad():
            return {"memory (slices)": cpu_ms(lambda: windows.cut(memory.waveforms, *draw()), repeat),
                    "memory (sample numbers)": cpu_ms(lambda: windows.cut(numbered, *draw()), repeat),
                    "file of the cache": cpu_ms(lambda: windows.cut(disk.waveforms, *draw()), repeat),
                    "h5py": cpu_ms(from_hdf5, repeat),
                    "SeisBench": cpu_ms(lambda: [dataset.get_waveforms(int(row)) for row in draw()[0]], repeat)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=8)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", DeprecationWarning)  # SeisBench 0.12 with pandas 3
    with tempfile.TemporaryDirectory() as place:
        os.environ["QUAKEBOOK_CACHE"] = place
        folder = store.write(synthetic.make("picker", arguments.records, 1), Path(place) / "set")
        loading.COPIED_BYTES = float("inf")
        from_seisbench = cpu_ms(lambda: load_records(folder), 1)
        loading.COPIED_BYTES = 0
        load_records(folder)
        from_copy = cpu_ms(lambda: load_records(folder), 3)
        found = ways(folder, arguments.repeat)
    base = found["memory (slices)"]
    print(f"{'100 windows of 3001 samples':<30}{'CPU ms':>10}{'ratio':>8}")
    for name, milliseconds in found.items():
        print(f"{name:<30}{milliseconds:>10.2f}{milliseconds / base:>8.1f}")
    print(f"\nall {arguments.records} records: SeisBench {from_seisbench:.0f} ms, copy {from_copy:.0f} ms, ratio "
          f"{from_seisbench / from_copy:.1f}")


if __name__ == "__main__":
    main()
