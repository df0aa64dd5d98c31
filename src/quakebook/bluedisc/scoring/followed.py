"""Predictions of a few dev windows through training, kept on the device and written once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quakebook.bluedisc.data.windows import Samples, Windows

if TYPE_CHECKING:
    from quakebook.training.runs import Run

#: A track window holds exactly one P and one S, both at least this far from its edges (our rule).
EDGE_SAMPLES = 100


def choose_track(samples: Samples, count: int) -> tuple[Tensor, Windows]:
    """The first `count` evaluation windows that hold one P and one S, 1 s or more inside.

    Returns
    -------
    record : Tensor, shape (count,), int64
        Their numbers among the records.
    windows : Windows
    """
    starts = samples.fixed_starts()
    whole = torch.ones(len(samples), dtype=torch.bool, device=starts.device)
    length = samples.cut(starts.new_zeros(0), starts.new_zeros(0)).x.shape[-1]
    for picks in samples.picks.values():
        at = picks - starts[:, None]
        inside = (at > EDGE_SAMPLES) & (at < length - EDGE_SAMPLES)
        whole &= (inside.sum(1) == 1) & (((at > 0) & (at < length - 1)).sum(1) == 1)
    record = torch.nonzero(whole)[:count, 0]
    if len(record) < count:
        raise ValueError(f"{samples.records.source}: {count} windows with one P and one S were asked for "
                         f"(evaluation.followed); {len(record)} exist")
    return record, samples.cut(record, starts[record])


def kept_steps(steps: int, every: int) -> list[int]:
    """Numbers of done updates after which predictions are kept: the first, each `every`th, the last."""
    if every < 1:
        return []
    return sorted({1, *range(every, steps + 1, every), steps})


@dataclass(frozen=True)
class Track:
    """Tracked windows of one run.

    Attributes
    ----------
    step : ndarray, shape (k,)
        Updates done when the prediction was made.
    prediction : ndarray, shape (k, samples, 3, 3001), float32
        P, S, label channel after the sigmoid.
    waveform, label : ndarray, shape (samples, 3, 3001)
    head_weight, head_bias : ndarray, shapes (k, 3, 8) and (k, 3)
        The last layer of the generator.
    names : list of str
        Trace names.
    """

    step: NDArray[np.int64]
    prediction: NDArray[np.float32]
    waveform: NDArray[np.float32]
    label: NDArray[np.float32]
    head_weight: NDArray[np.float32]
    head_bias: NDArray[np.float32]
    names: list[str]

    def at(self, step: int) -> NDArray[np.float32]:
        """Predictions (samples, 3, 3001) at a kept step."""
        where = np.flatnonzero(self.step == step)
        if not len(where):
            raise ValueError(f"step {step} was not kept; kept steps: {_listed(self.step)}")
        return self.prediction[where[0]]

    def nearest(self, step: int) -> int:
        """The kept step nearest to `step`."""
        return int(self.step[np.abs(self.step - step).argmin()])

    def spaced(self, count: int, first: int = 0) -> list[int]:
        """About `count` kept steps from `first` on, close together at first; both ends are among them."""
        begin = self.nearest(max(first, int(self.step[0])))
        wanted = np.linspace(0, 1, count) ** 2 * (self.step[-1] - begin) + begin
        return sorted({self.nearest(int(step)) for step in wanted})

    def between(self, first: int, last: int) -> Track:
        """Only the kept steps from `first` to `last`."""
        chosen = (self.step >= first) & (self.step <= last)
        if not chosen.any():
            raise ValueError(f"no step from {first} to {last} was kept; kept steps: {_listed(self.step)}")
        return replace(self, step=self.step[chosen], prediction=self.prediction[chosen],
                       head_weight=self.head_weight[chosen], head_bias=self.head_bias[chosen])

    def arrays(self) -> dict[str, NDArray]:
        """The fields for a file; names as bytes."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "names"} | {
            "names": np.array(self.names, dtype=str)}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray]) -> Track:
        """Inverse of `arrays`."""
        names = [n.decode() if isinstance(n, bytes) else str(n) for n in arrays["names"]]
        return cls(**{f.name: np.asarray(arrays[f.name]) for f in fields(cls) if f.name != "names"}, names=names)


def followed(run: Run) -> Track:
    """The tracked windows of a run.

    Raises
    ------
    ValueError
        The run followed none.
    """
    track = Track.from_arrays(run.read_arrays("track"))
    if not track.names:
        raise ValueError(f"run {run.id} followed no window (evaluation.followed 0), so there is nothing to draw")
    return track


class Recorder:
    """Collects a `Track` during training without a host read: `keep` writes into tensors on the device."""

    def __init__(self, samples: Samples, count: int, steps: int, every: int) -> None:
        self.steps = kept_steps(steps, every)
        record, self.windows = choose_track(samples, count)
        self.names = [samples.names()[i] for i in record.tolist()]
        shape = (len(self.steps), *self.windows.y.shape)
        self.prediction = torch.zeros(shape, device=self.windows.x.device)
        self.head_weight = torch.zeros(len(self.steps), 3, 8, device=self.windows.x.device)
        self.head_bias = torch.zeros(len(self.steps), 3, device=self.windows.x.device)

    def keep(self, step: int, probability: Tensor, head: nn.Conv1d) -> None:
        """Write the predictions (samples, 3, 3001) and the head after `step` updates."""
        k = self.steps.index(step)
        self.prediction[k] = probability
        self.head_weight[k], self.head_bias[k] = head.weight.detach()[:, :, 0], head.bias.detach()

    def track(self) -> Track:
        """What was kept, on the host."""
        host = {name: getattr(self, name).cpu().numpy() for name in ("prediction", "head_weight", "head_bias")}
        return Track(step=np.array(self.steps), waveform=self.windows.x.cpu().numpy(),
                     label=self.windows.y.cpu().numpy(), names=self.names, **host)

    def state_dict(self) -> dict[str, Tensor]:
        """For checkpoints."""
        return {name: getattr(self, name) for name in ("prediction", "head_weight", "head_bias")}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Continue where a checkpoint stopped."""
        for name, value in state.items():
            getattr(self, name).copy_(value)


def _listed(steps: NDArray[np.int64]) -> str:
    shown = [str(s) for s in steps]
    return ", ".join(shown if len(shown) <= 12 else [*shown[:6], "…", *shown[-5:]])
