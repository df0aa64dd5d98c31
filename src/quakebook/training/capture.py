"""CUDA graphs: a whole training step is recorded once and replayed, with one launch in place of hundreds.

Before recording, a few steps run to settle the libraries and to create gradients and optimiser state; then weights,
buffers, optimiser state and the experiment's own state are put back, in place, so that training starts from where it
would have started. On the CPU the step is called directly; tests use that, and the result equals the eager one bit by
bit.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_flatten, tree_unflatten

from .config import ConfigError
from .experiment import Experiment
from .seeding import Seeder

WARM_UP = 3
# Optimisers whose state before the first step is all zeros, so that a warm-up can be undone in place.
ZERO_START = ("Adam", "AdamW", "RAdam", "RMSprop", "SGD", "Adamax", "Adadelta")


class Captured:
    """Callable with the signature of `experiment.step`; the first call warms up and records.

    A recorded step runs no Python: side effects of `step` other than on tensors happen once. Random numbers are those
    of the eager step: generators stand after recording where they stood before it.
    """

    def __init__(self, experiment: Experiment, seed: Seeder, warm_up: int = WARM_UP) -> None:
        self.experiment, self._seed, self._warm_up = experiment, seed, warm_up
        self._replay: Any = None
        self._inputs: list[Any] = []
        self._spec: Any = None
        for name, optimiser in experiment.optimisers.items():
            _check(name, optimiser)
            if experiment.device.type == "cuda":
                _make_capturable(optimiser, experiment.device)

    def __call__(self, batch: Any, step: int) -> dict[str, Tensor]:
        leaves, spec = tree_flatten(batch)
        if self._replay is None:
            self._record(leaves, spec)
        elif spec != self._spec:
            raise ConfigError("training.capture needs batches of one structure; use training.capture=false")
        for buffer, leaf in zip(self._inputs, leaves, strict=True):
            if isinstance(leaf, Tensor):
                _refill(buffer, leaf)
            elif leaf != buffer:
                raise ConfigError(f"training.capture keeps what is no tensor in a batch as it was first, {buffer!r}; "
                                  f"this batch has {leaf!r}; hand over a tensor, or use training.capture=false")
        return self._replay()

    def _record(self, leaves: list[Any], spec: Any) -> None:
        self._spec, drawn = spec, self._seed.state()
        self._inputs = [leaf.clone() if isinstance(leaf, Tensor) else leaf for leaf in leaves]
        batch = tree_unflatten(self._inputs, spec)
        before = State(self.experiment)
        if self.experiment.device.type == "cuda":
            self._replay = self._record_cuda(batch, before)
        else:
            for _ in range(self._warm_up):
                self.experiment.step(batch)
            before.restore()
            self._replay = lambda: self.experiment.step(batch)
        self._seed.restore(drawn)

    def _record_cuda(self, batch: Any, before: State) -> Any:
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(self._warm_up):
                self.experiment.step(batch)
        torch.cuda.current_stream().wait_stream(side)
        for optimiser in self.experiment.optimisers.values():
            optimiser.zero_grad(set_to_none=True)
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self.experiment.generator)
        with torch.cuda.graph(graph):
            losses = self.experiment.step(batch)
        before.restore()
        torch.cuda.synchronize()

        def replay() -> dict[str, Tensor]:
            graph.replay()
            return losses

        return replay


class State:
    """A copy of everything that a step changes, and the way back without moving any tensor."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self._tensors = [t for network in experiment.networks.values()
                         for t in (*network.parameters(), *network.buffers())]
        self._values = [t.detach().clone() for t in self._tensors]
        self._optimisers = {name: {p: deepcopy(state) for p, state in _state(optimiser).items()}
                            for name, optimiser in experiment.optimisers.items()}
        self._own = deepcopy(experiment.state_dict())

    @torch.no_grad()
    def restore(self) -> None:
        for tensor, value in zip(self._tensors, self._values, strict=True):
            tensor.copy_(value)
        for name, optimiser in self.experiment.optimisers.items():
            saved, captured = self._optimisers[name], self.experiment.device.type == "cuda"
            if not saved and not captured:
                _state(optimiser).clear()
            for parameter, state in _state(optimiser).items():
                for key, value in state.items():
                    if isinstance(value, Tensor):
                        value.copy_(saved[parameter][key]) if parameter in saved else value.zero_()
                    elif parameter in saved:
                        state[key] = saved[parameter][key]
        if self._own:
            self.experiment.load_state_dict(self._own)


def _state(optimiser: Any) -> Any:
    return getattr(optimiser, "optimizer", optimiser).state


def _check(name: str, optimiser: Any) -> None:
    bare = getattr(optimiser, "optimizer", optimiser)
    kind = type(bare).__name__.removeprefix("Fabric")
    damped = any(group.get("dampening") for group in bare.param_groups)
    if kind not in ZERO_START or damped:
        raise ConfigError(f"training.capture cannot undo the warm-up of optimiser {name!r} ({kind}"
                          f"{' with dampening' if damped else ''}); use one of {', '.join(ZERO_START)}, or "
                          "training.capture=false")


def _make_capturable(optimiser: Any, device: torch.device) -> None:
    """Step counters and learning rates live on the device, so that schedules reach a recorded step.

    SGD has no such form but the fused one: its other forms read a rate that is a tensor back to the host.
    """
    for group in optimiser.param_groups:
        if "capturable" in group:
            group["capturable"] = True
        else:
            group["fused"], group["foreach"] = True, False
        group["lr"] = torch.as_tensor(group["lr"], dtype=torch.float32, device=device)


def _refill(buffer: Tensor, leaf: Tensor) -> None:
    if buffer.shape != leaf.shape or buffer.dtype != leaf.dtype:
        raise ConfigError(f"training.capture needs batches of one shape; the first had {tuple(buffer.shape)} "
                          f"{buffer.dtype}, this one {tuple(leaf.shape)} {leaf.dtype}; use training.capture=false")
    buffer.copy_(leaf)
