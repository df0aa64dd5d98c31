"""From raw windows to curves on the device: normalise, forward, reorder; as a CUDA graph where there is a GPU."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor

from quakebook.picking.continuous.rules import Rules


class Forward:
    """The model as a function of raw windows (b, component, samples) to curves (b, label, samples), float32.

    On a GPU the whole chain is recorded once for the full batch size and replayed: some hundred small launches become
    one. A smaller batch is filled up. On the CPU, and where a model cannot be recorded (a warning says so), it is
    called directly.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
        In eval mode, on `device`.
    """

    def __init__(self, model: Any, rules: Rules, device: torch.device) -> None:
        self.model, self.rules, self.device = model, rules, device
        self.wishes = {**model.default_args, "blinding": (0, 0), "sampling_rate": model.sampling_rate}
        self.graph: torch.cuda.CUDAGraph | None = None
        self.input = self.output = torch.empty(0)
        self.tried = device.type != "cuda"

    def __call__(self, windows: Tensor) -> Tensor:
        """Curves of windows; the result is overwritten by the next call."""
        if not self.tried:
            self._record(windows)
        if self.graph is None:
            return self._work(windows)
        self.input[:len(windows)].copy_(windows)
        self.graph.replay()
        return self.output[:len(windows)]

    def _work(self, windows: Tensor) -> Tensor:
        half = self.rules.precision == "bf16"
        prepared = self.model.annotate_batch_pre(windows, argdict=self.wishes)
        prepared, aside = prepared if isinstance(prepared, tuple) else (prepared, None)
        with torch.autocast(self.device.type, torch.bfloat16) if half else nullcontext():
            curves = self.model(prepared)
        curves = self.model.annotate_batch_post(curves, piggyback=aside, argdict=self.wishes)
        if curves.ndim == 2:
            curves = curves[..., None]
        return curves.transpose(1, 2).float()  # (b, label, samples)

    def _record(self, windows: Tensor) -> None:
        self.tried = True
        static = torch.zeros((self.rules.batch_size, *windows.shape[1:]), device=self.device)
        search, torch.backends.cudnn.benchmark = torch.backends.cudnn.benchmark, True
        try:
            side = torch.cuda.Stream()
            side.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(side):
                for _ in range(3):  # chooses kernels and allocates before anything is recorded
                    self._work(static)
            torch.cuda.current_stream().wait_stream(side)
            graph = torch.cuda.CUDAGraph()
            # the reading thread may lock memory meanwhile, which a recording in "global" mode forbids
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                output = self._work(static)
        except RuntimeError as error:
            warnings.warn(f"{type(self.model).__name__} runs without a CUDA graph: {error}", stacklevel=3)
            return
        finally:
            torch.backends.cudnn.benchmark = search
        self.graph, self.input, self.output = graph, static, output
