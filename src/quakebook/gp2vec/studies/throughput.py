"""Windows a second of pre-training steps, measured here, by batch and precision."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Sequence

import torch

from quakebook.training.devices import compiled

from ..objective.pretraining import GP2Vec
from ..objective.step import draw, pretraining_step

SAMPLES = 3000
PRECISIONS = {"32-true": torch.float32, "bf16-mixed": torch.bfloat16}


def first_loss(model: GP2Vec, waveforms: torch.Tensor, precision: str) -> float:
    """Contrastive loss of an untrained network with one fixed mask, in a precision."""
    generator = torch.Generator(waveforms.device).manual_seed(0)
    batch = draw(model.objective, len(waveforms), model.frames(SAMPLES), generator, waveforms.device)
    with torch.no_grad(), _precision(waveforms.device, precision):
        return float(model.eval()(waveforms, **batch).contrastive_loss)


def windows_per_second(model: GP2Vec, waveforms: torch.Tensor, precision: str, steps: int = 3) -> float:
    """Of whole steps: mask, distractors, forward, backward, update; the median of `steps` after one to warm up."""
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    device, frames, seconds = waveforms.device, model.frames(SAMPLES), []
    for _ in range(steps + 1):
        began = time.perf_counter()
        with _precision(device, precision):
            batch = {"waveforms": waveforms, **draw(model.objective, len(waveforms), frames, None, device)}
            pretraining_step(model, optimiser, lambda loss: loss.backward(), lambda: None, batch)
        if device.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - began)
    return len(waveforms) / statistics.median(seconds[1:])


def measured(size: str = "tiny", batches: Sequence[int] = (1, 4, 16), device: str = "cpu",
             steps: int = 3) -> list[dict[str, float | str]]:
    """One row a precision and batch: windows a second, and the loss of the first batch."""
    rows: list[dict[str, float | str]] = []
    with torch.random.fork_rng():
        for precision in PRECISIONS:
            for batch in batches:
                torch.manual_seed(0)
                model = GP2Vec(size=size, fusion="none", norm="group").to(device)
                waveforms = torch.randn(batch, 3, SAMPLES).to(device)
                rows.append({"precision": precision, "batch": batch, "loss": first_loss(model, waveforms, precision),
                             "windows a second": windows_per_second(model, waveforms, precision, steps)})
    return rows


def can_compile(device: str = "cpu") -> bool:
    """Whether `torch.compile` finds what it needs: a C++ compiler for the CPU, Triton for a GPU."""
    if device != "cpu":
        from importlib.util import find_spec

        return find_spec("triton") is not None
    return any(shutil.which(name) for name in (os.environ.get("CXX"), "g++", "clang++", "c++") if name)


def measured_compiled(size: str = "tiny", batch: int = 16, device: str = "cpu",
                      steps: int = 3) -> dict[str, float | str] | None:
    """A row like those of `measured` for the compiled network in single precision; None where none can be compiled.

    The time of the compilation, a minute or more, is not counted.
    """
    if not can_compile(device):
        return None
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = GP2Vec(size=size, fusion="none", norm="group").to(device)
        waveforms = torch.randn(batch, 3, SAMPLES).to(device)
        fast = compiled(model)
        return {"precision": "32-true, compiled", "batch": batch, "loss": first_loss(fast, waveforms, "32-true"),
                "windows a second": windows_per_second(fast, waveforms, "32-true", steps)}


def seconds_a_window(rates: Sequence[str], size: str = "tiny", batch: int = 2, steps: int = 3) -> dict[str, float]:
    """Seconds of a pre-training step by frame rate, divided by its windows, in single precision on this machine."""
    out = {}
    with torch.random.fork_rng():
        for rate in rates:
            torch.manual_seed(0)
            model = GP2Vec(size=size, rate=rate, fusion="none", norm="group", quantiser="ema")
            out[rate] = 1 / windows_per_second(model, torch.randn(batch, 3, SAMPLES), "32-true", steps)
    return out


def _precision(device: torch.device, precision: str) -> torch.autocast:
    return torch.autocast(device.type, PRECISIONS[precision], enabled=precision != "32-true")
