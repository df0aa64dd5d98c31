"""Run a generator over fixed windows and keep what the figures need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from quakebook.bluedisc.data.windows import Samples, Windows
from quakebook.bluedisc.networks.generator import Generator
from quakebook.bluedisc.settings import EvaluationConfig

from .peaks import PHASES, Peaks, find_peaks, join, statistics
from .reliability import Reliability, add, reliability


@dataclass(frozen=True)
class Evaluation:
    """Peaks, reliability and statistics by phase ("P", "S")."""

    peaks: dict[str, Peaks]
    reliability: dict[str, Reliability]
    statistics: dict[str, dict[str, float]]

    def metrics(self) -> dict[str, float]:
        """Flat numbers: ``S.tp`` and so on."""
        return {f"{phase}.{name}": value for phase, table in self.statistics.items() for name, value in table.items()}


@torch.no_grad()
def logits(generator: Generator, x: Tensor) -> Tensor:
    """Outputs before the sigmoid (b, 3, 3001) in eval mode; the training mode of the network is restored."""
    training = generator.training
    generator.eval()
    found = generator(x, logits=True).float()
    generator.train(training)
    return found


def predict(generator: Generator, x: Tensor) -> Tensor:
    """Probabilities (b, 3, 3001), as `logits`."""
    return torch.sigmoid(logits(generator, x))


def fixed_windows(samples: Samples, batch_size: int, limit: int = 0) -> Iterator[tuple[int, Windows]]:
    """The evaluation windows in order, in batches, none dropped: (number of the first one, windows)."""
    starts = samples.fixed_starts()
    count = min(limit, len(samples)) if limit else len(samples)
    for first in range(0, count, batch_size):
        record = torch.arange(first, min(first + batch_size, count), device=starts.device)
        yield first, samples.cut(record, starts[record])


def evaluate_generator(generator: Generator, samples: Samples, settings: EvaluationConfig,
                       limit: int = 0) -> Evaluation:
    """Score a generator on the fixed windows of `samples` (the first `limit` ones, 0 = all).

    Windows are made from the records of the split that was asked for, one per record, set by the trace name.
    """
    peaks: dict[str, list[Peaks]] = {phase: [] for phase in PHASES}
    reliable: dict[str, list[Reliability]] = {phase: [] for phase in PHASES}
    for first, batch in fixed_windows(samples, settings.batch_size, limit):
        prediction = predict(generator, batch.x)
        for channel, phase in enumerate(PHASES):
            curve, label = prediction[:, channel], batch.y[:, channel]
            peaks[phase].append(find_peaks(curve, label, batch.picks[phase], settings, first))
            reliable[phase].append(reliability(curve, label))
    if not peaks["P"]:
        raise ValueError(f"{samples.records.source}: no records to evaluate")
    joined = {phase: join(parts) for phase, parts in peaks.items()}
    return Evaluation(joined, {phase: add(parts) for phase, parts in reliable.items()},
                      {phase: statistics(p, settings) for phase, p in joined.items()})
