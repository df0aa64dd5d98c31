"""Windows a second from miniSEED and from shards, beside ObsPy and SeisBench; memory of a training from disk.

    python benchmarks/archive.py [--preset test] [--seconds 5] [--workers 2] [--records 2000] [--steps 20]

All rows of the first table read the same synthetic archive and give windows of 30 s at 100 Hz, three components, each
divided by its standard deviation. "ObsPy + SeisBench" reads and filters a station-day with ObsPy and cuts it with
SeisBench's `SlidingWindow` and `Normalize`; "SeisBench generator" reads the same windows from a SeisBench data set.
The second table trains PhaseNet on the same batches, once from memory and once from the file in which `load_records`
keeps data sets that exceed its limit (here a quarter of the set); each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from quakebook.data import archive, store
from quakebook.data.archive import embedded
from quakebook.data.archive.bigsets import stored
from quakebook.data.records import Records

TARGET = 5.0


def rate(numbers: Iterator[int], seconds: float) -> tuple[float, float]:
    """Windows per second of processor time (children included) and of wall clock, for about `seconds`."""
    def processor() -> float:
        return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

    cpu, wall, count = processor(), time.perf_counter(), 0
    for number in numbers:
        count += number
        if time.perf_counter() - wall > seconds:
            break
    wall = time.perf_counter() - wall
    close = getattr(numbers, "close", None)
    if close:
        close()  # ends worker processes, so that their time counts
    return count / max(processor() - cpu, 1e-9), count / wall


def repeated(make) -> Iterator[int]:
    while True:
        yield from make()


def from_miniseed(days, maker) -> Iterator[int]:
    for day in days:
        windows = maker(day).waveforms
        windows /= windows.std(axis=2, keepdims=True) + 1e-20
        yield len(windows)


def from_shards(shards) -> Iterator[int]:
    stream = archive.WindowStream(shards, 32)
    for step in range(stream.shares.batches):
        yield len(stream.batch(step)["row"])


def from_loader(shards, workers: int) -> Iterator[int]:
    for batch in archive.StreamLoader(archive.WindowStream(shards, 32), workers=workers).endless():
        yield len(batch["row"])


def obspy_and_seisbench(days, folder: Path) -> Iterator[int]:
    """What a user of both would write, without any of the checks."""
    import obspy
    import seisbench.generate as sbg

    cut = sbg.SlidingWindow(timestep=1500, windowlen=3000)
    scale = sbg.Normalize(demean_axis=-1, amp_norm_axis=-1, amp_norm_type="std")
    for day in days:
        if len(day.rows) < 3:
            continue
        stream = obspy.Stream()
        for key in day.rows["key"]:
            stream += obspy.read(str(folder / key))
        stream.merge(fill_value=0)
        stream.detrend("linear").taper(0.05, max_length=10).filter("bandpass", freqmin=0.1, freqmax=min(
            20.0, 0.45 * stream[0].stats.sampling_rate), zerophase=True)
        if stream[0].stats.sampling_rate != 100:
            stream.resample(100.0)
        samples = min(trace.stats.npts for trace in stream)
        state = {"X": (np.stack([trace.data[:samples] for trace in stream]), {})}
        cut(state)
        scale(state)
        yield len(state["X"][0])


def seisbench_generator(shards, folder: Path) -> Iterator[int]:
    """The same windows, in a SeisBench data set."""
    import seisbench.data as sbd
    import seisbench.generate as sbg

    if not folder.is_dir():
        waveforms = torch.from_numpy(np.stack([shards.waveform(row) for row in range(len(shards))]))
        table = pd.DataFrame({"trace_name": [f"w{k}" for k in range(len(shards))], "trace_sampling_rate_hz": 100.0,
                              "trace_npts": 3000, "trace_component_order": "ZNE", "split": "train"})
        store.write(Records(waveforms, table, 100.0, "windows", "x"), folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # SeisBench 0.12 with pandas 3
        data = sbd.WaveformDataset(folder, sampling_rate=100, component_order="ZNE")
    generator = sbg.GenericGenerator(data)
    generator.add_augmentations([sbg.Normalize(demean_axis=-1, amp_norm_axis=-1, amp_norm_type="std"),
                                 sbg.ChangeDtype(np.float32)])
    for row in np.random.default_rng(0).permutation(len(generator)):
        generator[int(row)]
        yield 1


def windows_a_second(preset: str, seconds: float, workers: int) -> None:
    """Print the first table."""
    with tempfile.TemporaryDirectory() as place:
        place = Path(place)
        folder = embedded.make(place / "archive", preset)
        source = archive.open_store(folder)
        archive.build_manifest(source, place / "manifest.parquet")
        days = [day for day in archive.station_days(archive.read_manifest(place / "manifest.parquet")) if
                day.network != "HV"]
        maker = archive.WindowMaker(source, archive.Processing())
        shards = archive.build_shards(days, maker, place / "shards")
        print(f"{len(days)} station-days, {len(shards)} windows, torch threads {torch.get_num_threads()}")
        rows = {
            "miniSEED, ours (all checks)": lambda: from_miniseed(days, maker),
            "ObsPy + SeisBench (no checks)": lambda: obspy_and_seisbench(days, folder),
            "SeisBench generator (HDF5)": lambda: seisbench_generator(shards, place / "seisbench"),
            "shards, ours (checksums)": lambda: from_shards(shards),
            f"shards, ours, {workers} workers": lambda: from_loader(shards, workers)}
        base = None
        print(f"{'':<34}{'windows/CPU-s':>14}{'windows/s':>12}{'ratio':>8}")
        for name, make in rows.items():
            for _ in zip(range(3), make(), strict=False):  # first use: imports, page cache
                pass
            cpu, wall = rate(repeated(make) if "workers" not in name else make(), seconds)
            base = base or cpu
            print(f"{name:<34}{cpu:>14.0f}{wall:>12.0f}{cpu / base:>8.1f}", flush=True)
            if name.startswith("shards, ours (c"):
                print(f"{'':<34}target {TARGET:g} times miniSEED: {'met' if cpu / base >= TARGET else 'MISSED'}")


def train(path: str, kind: str, steps: int) -> None:
    """Train PhaseNet for some steps and print peak memory, time a step and a sum over all batches, as JSON."""
    from seisbench.models import PhaseNet

    from quakebook.picking import windows

    torch.set_num_threads(1)
    torch.manual_seed(0)
    paged = stored("x", iter([]), path)
    network = PhaseNet(phases="PSN", norm="peak")
    optimiser = torch.optim.Adam(network.parameters())

    def step(waveforms, generator: torch.Generator) -> float:
        record = torch.randint(len(waveforms), (32,), generator=generator)
        x = windows.cut(waveforms, record, torch.randint(3000, (32,), generator=generator))
        x = x / x.std(dim=2, keepdim=True)
        optimiser.zero_grad()
        network(x, logits=True).square().mean().backward()
        optimiser.step()
        return float(x.double().sum())

    for seed in range(8):  # buffers of the network
        step(torch.randn(64, 3, 6000), torch.Generator().manual_seed(seed))
    before = peak_kb()
    waveforms = paged if kind == "disk" else torch.from_numpy(np.fromfile(paged.path, np.float32).reshape(
        *paged.shape))
    begin, generator = time.process_time(), torch.Generator().manual_seed(2)
    total = sum(step(waveforms, generator) for _ in range(steps))
    seconds = (time.process_time() - begin) / steps
    cutting = time.process_time()
    for _ in range(20):
        windows.cut(waveforms, torch.randint(len(waveforms), (32,)), torch.randint(3000, (32,)))
    cutting = (time.process_time() - cutting) / 20
    print(json.dumps({"growth_mb": (peak_kb() - before) / 1024, "step_ms": 1e3 * seconds, "cut_ms": 1e3 * cutting,
                      "sum": total}))


def peak_kb() -> int:
    """Largest resident memory of this program so far (not of the process that started it, as getrusage has it)."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])


def _bytes(path: str) -> int:
    return next(Path(path).glob("*/waveforms.f32")).stat().st_size


def memory(records: int, steps: int) -> None:
    """Print the second table."""
    with tempfile.TemporaryDirectory() as place:
        rng = np.random.default_rng(0)
        blocks = (rng.standard_normal((100, 3, 6000), dtype=np.float32) for _ in range(max(records // 100, 1)))
        paged = stored("x", blocks, place)
        size = _bytes(place) / 2**20
        print(f"\n{len(paged)} records, {size:.0f} MiB, four times a limit of {size / 4:.0f} MiB; batches of 32")
        print(f"{'':<14}{'growth of peak (MiB)':>22}{'CPU ms a step':>16}{'of it cutting':>16}")
        sums = {}
        for kind in ("memory", "disk"):
            line = subprocess.run([sys.executable, __file__, "--train", place, kind, "--steps", str(steps)], check=True,
                                  capture_output=True, text=True).stdout
            facts = json.loads(line)
            sums[kind] = facts["sum"]
            print(f"{kind:<14}{facts['growth_mb']:>22.0f}{facts['step_ms']:>16.1f}{facts['cut_ms']:>16.2f}")
        print(f"same batches: {sums['memory'] == sums['disk']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="test", choices=sorted(embedded.PRESETS))
    parser.add_argument("--seconds", type=float, default=5.0, help="for each row")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--train", nargs=2, metavar=("FOLDER", "KIND"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.train:
        train(*arguments.train, arguments.steps)
        return
    torch.set_num_threads(1)
    windows_a_second(arguments.preset, arguments.seconds, arguments.workers)
    memory(arguments.records, arguments.steps)


if __name__ == "__main__":
    main()
