"""Ways to run the same training step, measured beside the ceilings of the device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from gpu_measure import milliseconds, train, wait

Note = Callable[..., None]
CAPTURED = {"captured": {"capture": True}, "captured_bf16": {"capture": True, "precision": "bf16-mixed"}}


def copy_bandwidth(device: str, tiny: bool = False) -> float:
    """Bytes read and written per second of a large copy."""
    source = torch.randn(1 << (16 if tiny or device == "cpu" else 29), device=device)
    target = torch.empty_like(source)
    return 2 * source.nbytes / (1e-3 * milliseconds(lambda: target.copy_(source), device, 10))


def matrix_rate(device: str, tiny: bool, dtype: torch.dtype, precision: str = "highest") -> float:
    """Operations per second of a large matrix product."""
    n = 64 if tiny or device == "cpu" else 8192
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(precision)
    a, b = (torch.randn(n, n, device=device, dtype=dtype) for _ in range(2))
    found = milliseconds(lambda: a @ b, device, 8)
    torch.set_float32_matmul_precision(before)
    return 2 * n**3 / (1e-3 * found)


def told(note: Note, name: str, numbers: dict[str, Any], work: dict[str, float] | None = None,
         bandwidth: float = 1.0, rate: float = 1.0) -> None:
    """Note the numbers of a variant, with the shares of copy bandwidth and matrix rate that its work means."""
    if work:
        seconds = 1e-3 * numbers["ms"]
        numbers = numbers | {"share_of_copy": 1e9 * work["gigabytes"] / seconds / bandwidth,
                             "share_of_matrix_rate": 1e9 * work["gflop"] / seconds / rate,
                             "tflop_s": 1e-3 * work["gflop"] / seconds}
    note(**{f"{name}.{key}": value for key, value in numbers.items()})


def variants(note: Note, name: str, make: Callable[[], Any], settings: Any, device: str, tiny: bool,
             chosen: dict[str, dict[str, Any]], **how: Any) -> None:
    """Measure an eager step with its work, then other ways to run the same step; one that fails is told."""
    bandwidth = copy_bandwidth(device, tiny)
    rates = {"32-true": matrix_rate(device, tiny, torch.float32),
             "bf16-mixed": matrix_rate(device, tiny, torch.bfloat16)}
    eager = train(make(), settings, device, tiny, counted=True, **how)
    work = {key: eager.pop(key) for key in ("gigabytes", "gflop")}
    told(note, f"{name}.eager", eager, work, bandwidth, rates["32-true"])
    note(**{f"{name}.{key}_a_step": value for key, value in work.items()})
    for variant, training in chosen.items():
        try:
            told(note, f"{name}.{variant}", train(make(), settings, device, tiny, **how, **training), work, bandwidth,
                 rates[training.get("precision", "32-true")])
        except Exception as error:
            import traceback

            traceback.print_exc()
            note(**{f"{name}.{variant}": f"failed: {type(error).__name__}: {str(error).splitlines()[0][:160]}"})
            wait(device)


def chosen_for(tiny: bool) -> dict[str, dict[str, Any]]:
    """The variants beside eager; one of them is enough to try the program."""
    return {"captured": CAPTURED["captured"]} if tiny else CAPTURED
