"""Clocks and counters for a device: time, launches, waits, memory, and the bytes and operations of a step."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

#: Operators that read only as much of their first argument as they return.
PICKING = ("take", "index", "index_select", "gather", "embedding")
#: Calls of the CUDA runtime and driver that start work, and those that make the host wait.
LAUNCHES = ("cudaLaunchKernel", "cudaLaunchKernelExC", "cuLaunchKernel", "cuLaunchKernelEx", "cudaMemcpyAsync",
            "cudaMemsetAsync", "cudaGraphLaunch")
WAITS = ("cudaStreamSynchronize", "cudaEventSynchronize")
#: How many of the longest kernels are told.
LONGEST = 15


def wait(device: str) -> None:
    """Let the device finish."""
    if device == "cuda":
        torch.cuda.synchronize()


def milliseconds(work: Callable[[], Any], device: str, repeats: int = 20, warm_up: int = 3) -> float:
    """Median of several calls; on a GPU between two events."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(repeats):
        if device == "cuda":
            before, after = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            before.record()
            work()
            after.record()
            after.synchronize()
            times.append(before.elapsed_time(after))
        else:
            began = time.perf_counter()
            work()
            times.append(1e3 * (time.perf_counter() - began))
    return statistics.median(times)


class Traffic(TorchDispatchMode):
    """Bytes that the operators of a piece of code read and write, each counted for itself, and their operations.

    Torch's own `FlopCounterMode` follows modules by hooks, which a gradient of a gradient does not take.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bytes = self.operations = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = function(*args, **(kwargs or {}))
        if not getattr(function, "is_view", False):
            picked = function.overloadpacket.__name__ in PICKING
            read = tree_leaves((args[1:] if picked else args, kwargs or {}))
            if (count := flop_registry.get(function.overloadpacket)) is not None:
                self.operations += count(*args, **(kwargs or {}), out_val=out)
            self.bytes += _size(read) + _size(tree_leaves(out)) * (1 + picked)
        return out


def _size(values: list[Any]) -> int:
    return sum(value.numel() * value.element_size() for value in values if isinstance(value, torch.Tensor))


def work_of(step: Callable[[], Any]) -> dict[str, float]:
    """Gigabytes and GFLOP of one call, operator by operator."""
    traffic = Traffic()
    with traffic:
        step()
    return {"gigabytes": traffic.bytes / 1e9, "gflop": traffic.operations / 1e9}


class Profile:
    """Counts launches, kernels and waits between `start` and `stop`."""

    def __init__(self, device: str) -> None:
        from torch.profiler import ProfilerActivity, profile

        kinds = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if device == "cuda" else [])
        self.device, self._profile = device, profile(activities=kinds, acc_events=True)

    def start(self) -> None:
        """Begin, nothing being under way."""
        wait(self.device)
        self._profile.start()

    def stop(self, steps: int) -> dict[str, Any]:
        """Numbers per step; `longest` lists the kernels (on a CPU the operators) that take most: name, ms, calls."""
        wait(self.device)
        self._profile.stop()
        calls: Counter[str] = Counter()
        busy_us: Counter[str] = Counter()
        kernels = 0
        for event in self._profile.events():
            calls[event.name] += 1
            if self.device == "cpu" and event.name.startswith("aten::"):
                busy_us[event.name] += event.self_cpu_time_total
            elif str(event.device_type).endswith("CUDA"):
                kernels += 1
                busy_us[event.name] += event.time_range.elapsed_us()
        launches = LAUNCHES if self.device == "cuda" else [name for name in calls if name.startswith("aten::")]
        longest = [[name[:120], us / 1e3 / steps, calls[name] / steps] for name, us in busy_us.most_common(LONGEST)]
        return {"launches": sum(calls[name] for name in launches) / steps,
                "waits": sum(calls[name] for name in WAITS) / steps, "kernels": kernels / steps,
                "busy_ms": sum(busy_us.values()) / 1e3 / steps, "longest": longest}


def profiled(work: Callable[[], Any], device: str) -> dict[str, Any]:
    """Launches, waits and longest kernels of one call."""
    profile = Profile(device)
    profile.start()
    work()
    return profile.stop(1)


class Watch:
    """Times the steps of a training from inside the loop: some to settle, some timed, some profiled.

    Parameters
    ----------
    experiment : Experiment
        Its `observe` is called through this.
    device : str
    settle, timed, profiled : int
        Numbers of steps.
    counted : bool
        Also count the bytes and operations of one more step; not for a recorded step.
    """

    def __init__(self, experiment: Any, device: str, settle: int, timed: int, profiled: int, counted: bool) -> None:
        self.experiment, self.device, self.counted = experiment, device, counted
        self.settle, self.timed, self.profiled = settle, timed, profiled
        self.numbers: dict[str, Any] = {}
        self._observe, experiment.observe = experiment.observe, self.observe

    @property
    def steps(self) -> int:
        """Steps that the training must have."""
        return self.settle + self.timed + self.profiled

    def observe(self, step: int) -> None:
        """Stands in for the experiment's own."""
        self._observe(step)
        if step == self.settle:
            wait(self.device)
            if self.device == "cuda":
                torch.cuda.reset_peak_memory_stats()
                self._before = torch.cuda.memory_allocated()
            self._began = time.perf_counter()
        elif step == self.settle + self.timed:
            wait(self.device)
            self.numbers["ms"] = 1e3 * (time.perf_counter() - self._began) / self.timed
            if self.device == "cuda":
                self.numbers["peak_mb"] = torch.cuda.max_memory_allocated() / 1e6
            self._profile = Profile(self.device)
            self._profile.start()
        elif step == self.steps:
            self.numbers |= self._profile.stop(self.profiled)
            if self.counted:
                with torch.enable_grad():
                    self.numbers |= work_of(lambda: self.experiment.step(self.experiment.batch(step)))


def train(experiment: Any, settings: Any, device: str, tiny: bool, counted: bool = False,
          lengths: tuple[int, int, int] = (30, 120, 5), **training: Any) -> dict[str, Any]:
    """Numbers of a step, measured in the real loop; its settings of the training are changed as `training` says.

    `lengths` are steps to settle, timed and profiled.
    """
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    from quakebook.training.loop import fit
    from quakebook.training.run import Run

    watch = Watch(experiment, device, *((1, 1, 1) if tiny else lengths), counted)
    changed = replace(settings, steps=watch.steps, validate_every=0, checkpoint_every=0, device=device, progress=False,
                      **training)
    with tempfile.TemporaryDirectory() as folder:
        fit(experiment, changed, Run(Path(folder)))
    return watch.numbers
