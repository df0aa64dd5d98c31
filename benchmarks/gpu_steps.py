"""Step times of the chapters beside the ceilings of the device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any

import torch
from gpu_measure import milliseconds, profiled, train, wait
from gpu_results import NotBuilt
from gpu_variants import Note, chosen_for, copy_bandwidth, matrix_rate, told, variants


def needs(module: str) -> None:
    """Raise NotBuilt unless the module is there."""
    parent = module.rpartition(".")[0]
    if (parent.count(".") and find_spec(parent.rpartition(".")[0]) is None) or find_spec(parent) is None \
            or find_spec(module) is None:
        raise NotBuilt(f"there is no {module}")


def ceilings(device: str, tiny: bool, note: Note) -> None:
    """Copy bandwidth, and matrix rate in bf16, tf32 and float32."""
    note(copy_tb_s=copy_bandwidth(device, tiny) / 1e12)
    for name, dtype, precision in (("bf16", torch.bfloat16, "highest"), ("tf32", torch.float32, "high"),
                                   ("float32", torch.float32, "highest")):
        note(**{f"{name}_tflop_s": matrix_rate(device, tiny, dtype, precision) / 1e12})


def bluedisc(device: str, tiny: bool, note: Note) -> None:
    """Steps of 100 windows, cut and labelled on the device; published 39.8 ms, goal 5 ms."""
    for mode, make, settings in pickers(device, tiny):
        variants(note, mode, make, settings, device, tiny, chosen_for(tiny))
    if device == "cuda":
        told(note, "bce.captured_tuned", train(Tuned(make()).inner, settings, device, tiny, capture=True))


def bluedisc_compiled(device: str, tiny: bool, note: Note) -> None:
    """The same with compiled networks, the whole step captured; not tried small, for compiling takes a minute."""
    for mode, make, settings in pickers(device, tiny):
        more = {"compile": True} if device == "cuda" else {}
        told(note, mode, train(make(), settings, device, tiny, lengths=(10, 120, 5), capture=True, **more))


def pickers(device: str, tiny: bool) -> Iterator[tuple[str, Callable[[], Any], Any]]:
    """Name of the mode, a function that makes its experiment, and settings of the training."""
    from quakebook.bluedisc.data.splits import load
    from quakebook.bluedisc.experiment import PickerExperiment
    from quakebook.bluedisc.settings import config

    more = [] if tiny else ["data.records=8000", "data.dev_records=200", "evaluation.follow_every=1000000"]
    records: dict[str, Any] = {}
    for mode in ("hybrid", "bce"):
        settings = config(f"objective.mode={mode}", *more, preset="smoke" if tiny else "paper")
        records = records or {split: load(settings.data, split, device) for split in ("train", "dev")}
        yield mode, partial(PickerExperiment, settings, records["train"], records["dev"]), settings.training


class Tuned:
    """Lets cuDNN try its algorithms: what that would gain, though results then depend on the trial."""

    def __init__(self, inner: Any) -> None:
        self.inner, prepare = inner, inner.prepare

        def tuned(device: Any) -> None:
            torch.backends.cudnn.benchmark = True
            prepare(device)

        inner.prepare = tuned


def bugfinv(device: str, tiny: bool, note: Note) -> None:
    """`BUGFInv.backward`; published form 28.7 ms and 2.6 GB, goal 1.5 ms and 100 MB."""
    from bugfinv import TASKS, D, backward_of

    from quakebook.bugfinv.studies.cost import Batch

    rows = 200 if tiny else 10_000
    bandwidth = copy_bandwidth(device, tiny)
    for name, checked in (("checked", True), ("unchecked", False)):
        work = backward_of(Batch.random(rows, device=device), checked)
        work()
        wait(device)
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
            before = torch.cuda.memory_allocated()
            work()
            wait(device)
            note(**{f"{name}.extra_mb": (torch.cuda.max_memory_allocated() - before) / 1e6})
        found = milliseconds(work, device, 3 if tiny else 50)
        least = 4 * rows * (2 * D + TASKS)  # features in, gradient out, labels in
        note(**{f"{name}.ms": found, f"{name}.share_of_copy": least / (1e-3 * found) / bandwidth})
        told(note, name, profiled(work, device))


def synthetic(device: str, tiny: bool, note: Note) -> None:
    """Whole records per second, metadata included; goal 80,000."""
    import time

    from synthetic import rate

    records = 40 if tiny else 80_000
    rate(40 if tiny else 4000, time.perf_counter, 1, preset="picker", device=device)
    note(records_per_s=rate(records, time.perf_counter, 1 if tiny else 2, preset="picker", device=device))
    if device == "cuda":
        note(peak_mb=torch.cuda.max_memory_allocated() / 1e6)
    told(note, "call", profiled(lambda: rate(records // 10, time.perf_counter, 1, preset="picker", device=device),
                                device))


def gp2vec(device: str, tiny: bool, note: Note) -> None:
    """Pre-training steps at 142 and 739 latent frames (published 118 and 472 ms, goal a third)."""
    needs("quakebook.gp2vec.experiment")
    from quakebook.gp2vec.data.splits import load
    from quakebook.gp2vec.experiment import Pretrain
    from quakebook.gp2vec.settings import config

    small = ["data.records=2000", "data.dev_records=256", "evaluation.windows=64", "evaluation.probe=false",
             "network.padding=valid"]
    for rate in ("hz5", "hz25"):
        settings = config(*(["evaluation.probe=false"] if tiny else [*small, f"network.rate={rate}"]),
                          preset="smoke" if tiny else "paper")
        pools = {split: load(settings.data, split, device=device) for split in ("train", "dev")}

        def make(settings: Any = settings, pools: Any = pools) -> Any:
            return Pretrain(settings, pools["train"], pools["dev"])

        variants(note, rate, make, settings.training, device, tiny, chosen_for(tiny), lengths=(10, 40, 3))


def uvcgan_s(device: str, tiny: bool, note: Note) -> None:
    """Training step at batch 4 with the published networks on calorimeter images (published 835 ms, goal 60)."""
    needs("quakebook.uvcgan_s.experiment")
    from quakebook.uvcgan_s.data.load import load
    from quakebook.uvcgan_s.experiment import DecompositionExperiment
    from quakebook.uvcgan_s.settings import config

    settings = config(*([] if tiny else ["data.records=256", "data.dev_records=64"]),
                      preset="smoke" if tiny else "paper")
    domains = {split: load(settings.data, split, device) for split in ("train", "dev")}
    variants(note, "batch4", lambda: DecompositionExperiment(settings, domains["train"], domains["dev"]),
             settings.training, device, tiny, chosen_for(tiny), lengths=(5, 20, 1))


def annotation(device: str, tiny: bool, note: Note) -> None:
    """Station-days per second, picks included; published 1.27, goal 20. SeisBench's own beside it on the same data."""
    needs("quakebook.picking.continuous")
    try:
        from annotation import compare
    except ImportError as error:
        raise NotBuilt(f"benchmarks/annotation.py does not offer `compare` ({error})") from error
    size = {"hours": 0.05, "stations": 1, "repeats": 1} if tiny else {"hours": 24, "stations": 2, "repeats": 2}
    note(**compare(**size, device=device, theirs=True))
    if device == "cuda":
        note(**{f"bf16.{key}": value for key, value in
                compare(**size, device=device, precision="bf16", theirs=False).items()})
