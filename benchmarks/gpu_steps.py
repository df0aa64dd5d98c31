"""Step times of the chapters beside the ceilings of the device."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import torch
from gpu_measure import milliseconds, train, wait
from gpu_results import NotBuilt

Note = Callable[..., None]


def needs(module: str) -> None:
    """Raise NotBuilt unless the module is there."""
    parent = module.rpartition(".")[0]
    if (parent.count(".") and find_spec(parent.rpartition(".")[0]) is None) or find_spec(parent) is None \
            or find_spec(module) is None:
        raise NotBuilt(f"there is no {module}")


def copy_bandwidth(device: str, tiny: bool = False) -> float:
    """Bytes read and written per second of a large copy."""
    source = torch.randn(1 << (16 if tiny or device == "cpu" else 29), device=device)
    target = torch.empty_like(source)
    return 2 * source.nbytes / (1e-3 * milliseconds(lambda: target.copy_(source), device, 10))


def ceilings(device: str, tiny: bool, note: Note) -> None:
    """Copy bandwidth, and matrix rate in bf16, tf32 and float32."""
    note(copy_tb_s=copy_bandwidth(device, tiny) / 1e12)
    n = 64 if tiny or device == "cpu" else 8192
    for name, dtype, precision in (("bf16", torch.bfloat16, "highest"), ("tf32", torch.float32, "high"),
                                   ("float32", torch.float32, "highest")):
        torch.set_float32_matmul_precision(precision)
        a, b = (torch.randn(n, n, device=device, dtype=dtype) for _ in range(2))
        note(**{f"{name}_tflop_s": 2 * n**3 / (1e9 * milliseconds(lambda a=a, b=b: a @ b, device, 8))})
    torch.set_float32_matmul_precision("highest")


def told(note: Note, name: str, numbers: dict[str, float], work: dict[str, float], bandwidth: float) -> None:
    """Note the numbers of a variant, with the share of the copy bandwidth and the rate that its work means."""
    if work:
        seconds = 1e-3 * numbers["ms"]
        numbers = numbers | {"share_of_copy": 1e9 * work["gigabytes"] / seconds / bandwidth,
                             "tflop_s": 1e-3 * work["gflop"] / seconds}
    note(**{f"{name}.{key}": value for key, value in numbers.items()})


def variants(note: Note, name: str, make: Callable[[], Any], settings: Any, device: str, tiny: bool,
             chosen: dict[str, dict[str, Any]]) -> None:
    """Measure an eager step with its work, then other ways to run the same step; one that fails is told."""
    bandwidth = copy_bandwidth(device, tiny)
    eager = train(make(), settings, device, tiny, counted=True)
    work = {key: eager.pop(key) for key in ("gigabytes", "gflop")}
    told(note, f"{name}.eager", eager, work, bandwidth)
    note(**{f"{name}.{key}_a_step": value for key, value in work.items()})
    for variant, training in chosen.items():
        try:
            told(note, f"{name}.{variant}", train(make(), settings, device, tiny, **training), work, bandwidth)
        except Exception as error:
            import traceback

            traceback.print_exc()
            note(**{f"{name}.{variant}": f"failed: {type(error).__name__}: {str(error).splitlines()[0][:160]}"})
            wait(device)


CAPTURED = {"captured": {"capture": True}, "captured_bf16": {"capture": True, "precision": "bf16-mixed"}}


def bluedisc(device: str, tiny: bool, note: Note) -> None:
    """Steps of 100 windows, cut and labelled on the device; published 39.8 ms, goal 5 ms."""
    from quakebook.bluedisc.data.splits import load
    from quakebook.bluedisc.experiment import PickerExperiment
    from quakebook.bluedisc.settings import config

    more = [] if tiny else ["data.records=8000", "data.dev_records=200", "evaluation.follow_every=1000000"]
    records = None
    for mode in ("hybrid", "bce"):
        settings = config(f"objective.mode={mode}", *more, preset="smoke" if tiny else "paper")
        records = records or {split: load(settings.data, split, device) for split in ("train", "dev")}

        def make(settings: Any = settings, records: Any = records) -> Any:
            return PickerExperiment(settings, records["train"], records["dev"])

        chosen = CAPTURED if not tiny else {"captured": CAPTURED["captured"]}
        variants(note, mode, make, settings.training, device, tiny, chosen)
    if device == "cuda":
        told(note, "bce.captured_tuned", train(Tuned(make()).inner, settings.training, device, tiny, capture=True), {},
             1.0)


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


def synthetic(device: str, tiny: bool, note: Note) -> None:
    """Whole records per second, metadata included; goal 80,000."""
    import time

    from synthetic import rate

    records = 40 if tiny else 80_000
    rate(40 if tiny else 4000, time.perf_counter, 1, preset="picker", device=device)
    note(records_per_s=rate(records, time.perf_counter, 1 if tiny else 2, preset="picker", device=device))
    if device == "cuda":
        note(peak_mb=torch.cuda.max_memory_allocated() / 1e6)


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

        variants(note, rate, make, settings.training, device, tiny, CAPTURED)


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
             settings.training, device, tiny, CAPTURED)


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
