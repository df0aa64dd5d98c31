"""What a picker is worth: counts, precision, recall, residuals, and BlueDisc's shares of precise picks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .matching import TOLERANCE_SAMPLES, match_batch
from .peaks import DISTANCE, HEIGHT, find_picks_batch
from .windows import inside

#: BlueDisc, evaluation: a precise match is at most this far off and at least this high.
PRECISE_SAMPLES, CONFIDENCE = 10.0, 0.7


@dataclass(frozen=True)
class PhaseScores:
    """All peaks and matches of one phase over many windows, on the CPU.

    Attributes
    ----------
    error_samples, height : Tensor, shape (m,)
        Of the matched predictions: predicted minus labelled (positive = late), and peak value.
    predicted_height : Tensor, shape (p,)
        Of all predicted peaks, matched or not.
    n_labelled : int
        Labelled picks: 100 % of the shares.
    """

    error_samples: Tensor
    height: Tensor
    predicted_height: Tensor
    n_labelled: int

    def precise(self, samples: float = PRECISE_SAMPLES) -> Tensor:
        """Mask of the matches within `samples`, whatever their height."""
        return self.error_samples.abs() <= samples

    def true_positive_share(self, confidence: float = CONFIDENCE, samples: float = PRECISE_SAMPLES) -> float:
        """Precise matches at or over the threshold ("over & precise (TP)"), as a share of the labels."""
        return _ratio((self.precise(samples) & (self.height >= confidence)).sum(), self.n_labelled)

    def below_share(self, confidence: float = CONFIDENCE, samples: float = PRECISE_SAMPLES) -> float:
        """Precise matches under the threshold ("below & precise"), as a share of the labels."""
        return _ratio((self.precise(samples) & (self.height < confidence)).sum(), self.n_labelled)

    def precise_share(self, samples: float = PRECISE_SAMPLES) -> float:
        """Precise matches of any height, as a share of the labels."""
        return _ratio(self.precise(samples).sum(), self.n_labelled)

    def precision(self, confidence: float = CONFIDENCE, samples: float = PRECISE_SAMPLES) -> float:
        """Share of the predictions at or over the threshold that lie within `samples` of their label."""
        hits = (self.precise(samples) & (self.height >= confidence)).sum()
        return _ratio(hits, int((self.predicted_height >= confidence).sum()))

    def recall(self, confidence: float = CONFIDENCE, samples: float = PRECISE_SAMPLES) -> float:
        """Share of the labels that are found: `true_positive_share` by its usual name."""
        return self.true_positive_share(confidence, samples)

    def f1(self, confidence: float = CONFIDENCE, samples: float = PRECISE_SAMPLES) -> float:
        """Harmonic mean of precision and recall; 0 where both are 0, NaN where either is undefined."""
        precision, recall = self.precision(confidence, samples), self.recall(confidence, samples)
        return 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)

    def residuals(self, confidence: float = CONFIDENCE, samples: float = 100.0) -> dict[str, float]:
        """Mean, standard deviation, median and median absolute deviation in samples of matches within `samples`."""
        error = self.error_samples[self.precise(samples) & (self.height >= confidence)].double()
        if len(error) == 0:
            return dict.fromkeys(("mean", "std", "median", "mad"), float("nan")) | {"count": 0.0}
        median = error.quantile(0.5)
        return {"mean": float(error.mean()), "std": float(error.std(correction=0)), "median": float(median),
                "mad": float((error - median).abs().quantile(0.5)), "count": float(len(error))}


def score(curves: Tensor, picks: Tensor, height: float = HEIGHT, distance: float = DISTANCE,
          tolerance_samples: float = TOLERANCE_SAMPLES) -> PhaseScores:
    """Compare probability curves of one phase with labelled picks.

    Parameters
    ----------
    curves : Tensor, shape (b, T)
    picks : Tensor, shape (b, k)
        Samples after the window start; NaN = none. Picks on the edge of the window or outside do not count.
    height, distance : float
        As in `find_picks`.
    tolerance_samples : float
        Largest distance of a match.
    """
    if curves.ndim != 2 or len(curves) != len(picks):
        raise ValueError("`curves` must have shape (batch, samples) and `picks` (batch, k); "
                         f"found {tuple(curves.shape)} and {tuple(picks.shape)}")
    labelled = inside(picks, curves.shape[1])
    positions, heights = find_picks_batch(curves, height, distance)
    partner = match_batch(positions, labelled, tolerance_samples)
    row, label = torch.nonzero(partner >= 0, as_tuple=True)
    chosen = partner[row, label]
    return PhaseScores(error_samples=(positions[row, chosen] - labelled[row, label]).cpu(),
                       height=heights[row, chosen].cpu(), predicted_height=heights[~heights.isnan()].cpu(),
                       n_labelled=int((~labelled.isnan()).sum()))


def merge(parts: Sequence[PhaseScores]) -> PhaseScores:
    """Put the scores of several batches together."""
    if not parts:
        raise ValueError("`parts` must hold the scores of at least one batch")
    return PhaseScores(torch.cat([part.error_samples for part in parts]), torch.cat([part.height for part in parts]),
                       torch.cat([part.predicted_height for part in parts]), sum(part.n_labelled for part in parts))


def _ratio(count: Tensor, total: int) -> float:
    return int(count) / total if total else float("nan")
