"""Numbers, tables and sentences of the page about the model and its objective."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import torch

from quakebook.numerals import numeral

from ..data.masking import SpanMask, draw_mask
from ..data.metadata import response_curve
from ..data.splits import EVENT, load
from ..data.windows import Pool
from ..networks.architecture import of_size
from ..networks.encoder import lengths
from ..objective.contrastive import contrast
from ..objective.diversity import diversity_loss, perplexity
from ..objective.pretraining import GP2Vec
from ..settings import config
from ..studies.cost import rate_rows, size_rows

#: Poles in rad/s of a broadband and a 1 Hz sensor, two zeros at 0 each, and their gain in V/(m/s).
SENSORS = {"broadband, 120 s": ((-0.037 + 0.037j, -0.037 - 0.037j, -502.65, -1005.0, -371.2 + 462.8j, -371.2 - 462.8j),
                                1500.0),
           "short period, 1 s": ((-4.443 + 4.443j, -4.443 - 4.443j), 88.0)}


def example_pool(records: int = 96) -> Pool:
    """Some filtered records of the three kinds."""
    return load(config(preset="smoke").data, "train", "cpu", records)


def example_window(pool: Pool, samples: int = 3000) -> torch.Tensor:
    """One window (3, samples) with an event."""
    event = int((pool.kind == EVENT).nonzero()[0])
    start = int(pool.fixed_starts(samples)[event])
    return pool.waveforms[event, :, start : start + samples]


def rates_table() -> pd.DataFrame:
    """One row per frame-rate preset."""
    frame = pd.DataFrame(rate_rows())
    frame["frames per second"] = frame["frames per second"].map("{:g}".format)
    frame["receptive field (s)"] = frame["receptive field (s)"].map("{:g}".format)
    return frame.astype(str)


def sizes_table(preset: str = "quick") -> pd.DataFrame:
    """One row per size; the two large ones are left out of the smoke preset."""
    sizes = ("tiny", "small") if preset == "smoke" else ("tiny", "small", "base", "large")
    frame = pd.DataFrame(size_rows(sizes))
    frame["parameters"] = frame["parameters"].map("{:,}".format)
    for column in ("GFLOP per window and step, 5 Hz", "25 Hz"):
        frame[column] = frame[column].map(lambda value: numeral(value, 3))
    return frame.astype(str)


def hidden_share(rule: SpanMask | None = None, frames: int = 150, windows: int = 2000) -> tuple[float, float]:
    """Mean share of hidden frames, and mean length of a run of hidden frames."""
    mask = draw_mask(rule or SpanMask(), windows, frames, torch.Generator().manual_seed(0))
    padded = torch.nn.functional.pad(mask.int(), (1, 1))
    runs = int((padded.diff(dim=1) == 1).sum())
    return float(mask.float().mean()), float(mask.sum()) / runs


def limits() -> dict[str, float]:
    """What the objective gives where the answer is known without a network."""
    codes, kept = 320, 60
    uniform, single = torch.full((2, codes), 1 / codes), torch.zeros(2, codes)
    single[:, 0] = 1
    contexts = torch.randn(4, kept, 8, generator=torch.Generator().manual_seed(0))
    equal = torch.ones_like(contexts)
    valid = torch.ones(4, kept, dtype=torch.bool)
    result = contrast(contexts, equal, None, valid, None)
    collapsed = contrast(contexts, contexts, torch.zeros(4, kept, 2, dtype=torch.int64), valid, None)
    return {"perplexity_uniform": float(perplexity(uniform)), "perplexity_single": float(perplexity(single)),
            "diversity_uniform": float(diversity_loss(uniform)), "diversity_single": float(diversity_loss(single)),
            "gap_equal_targets": float((result.chance - result.loss) / result.count),
            "loss_collapsed": float(collapsed.loss / collapsed.count),
            "gap_collapsed": float((collapsed.chance - collapsed.loss) / collapsed.count)}


def metrics(preset: str = "quick") -> dict[str, float]:
    """Numbers that the claims ask for."""
    share, run = hidden_share()
    out = {"model.hidden_share": share, "model.hidden_run": run}
    out |= {f"model.{name}": value for name, value in limits().items()}
    for rate in ("hz5", "hz25"):
        plan = of_size("small", rate)
        out[f"model.frames.{rate}"] = float(lengths(plan.convolutions, 3000, "same")[-1])
    if preset != "smoke":
        plan = of_size("base", norm="layer", fusion="none")
        out["model.parameters.base"] = float(sum(p.numel() for p in GP2Vec(plan).parameters()))
    torch.manual_seed(0)
    with torch.no_grad():
        first = GP2Vec(size="tiny", fusion="none").eval()(torch.randn(16, 3, 3000))
    out["model.start_gap"] = float(first.gap)
    return out


def limits_sentence(values: dict[str, float]) -> str:
    """The raw loss of a collapsed book beside its gap."""
    return (f"A codebook of which only one code is used has a loss of {values['loss_collapsed']:.1f} nats, which looks "
            f"perfect, and a gap of {values['gap_collapsed']:.1f}: every distractor equals the target and is left out. "
            f"The evenly used codebook has a perplexity of {values['perplexity_uniform']:.0f}, the collapsed one "
            f"{values['perplexity_single']:.0f}.")


def chance_sentence(distractors: int = 100) -> str:
    """Loss of a network that knows nothing."""
    return (f"With {distractors} distractors a network that knows nothing loses ln({distractors + 1}) = "
            f"{math.log(distractors + 1):.3f} nats a frame.")


def responses() -> dict[str, np.ndarray]:
    """Encoded response curves of the two example sensors."""
    from obspy.core.inventory.response import Response

    out = {}
    for name, (poles, gain) in SENSORS.items():
        s = 2j * math.pi  # 1 Hz
        factor = 1 / abs(s**2 / np.prod([s - pole for pole in poles]))
        out[name] = response_curve(Response.from_paz(
            [0j, 0j], list(poles), stage_gain=gain, stage_gain_frequency=1.0, input_units="M/S", output_units="V",
            normalization_frequency=1.0, normalization_factor=factor))
    return out
