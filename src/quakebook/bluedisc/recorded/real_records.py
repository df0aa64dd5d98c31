"""Pickers trained on synthetic records, applied to real ones: ObsPy's earthquake and a Northern California sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from quakebook.bluedisc.data.windows import Samples
from quakebook.bluedisc.networks.generator import Generator
from quakebook.bluedisc.scoring.predict import evaluate_generator, predict
from quakebook.bluedisc.settings import EvaluationConfig
from quakebook.data.records import Records
from quakebook.picking.windows import LENGTH as WINDOW_SAMPLES
from quakebook.training import recorded_files
from quakebook.training.recorded_plan import Outcome

from . import read as recorded

NAME = "real"
#: Records of the sample whose curves are kept for the figure: the first ones.
SHOWN = 4


@dataclass(frozen=True)
class Shown:
    """Curves of several pickers on real windows.

    Attributes
    ----------
    titles : list of str
    waveform, label : ndarray, shape (n, 3, 3001)
    prediction : dict of ndarray, shape (n, 3, 3001)
        By picker.
    facts : dict
        The recorded JSON: metrics, sources, counts.
    """

    titles: list[str]
    waveform: NDArray[np.float32]
    label: NDArray[np.float32]
    prediction: dict[str, NDArray[np.float32]]
    facts: dict[str, Any]


def with_horizontals(records: Records) -> Records:
    """Only records in which no component is dead and both picks are there."""
    live = (records.waveforms.amax(-1) > records.waveforms.amin(-1)).all(1)
    both = ~(records.picks("P").isnan().all(1) | records.picks("S").isnan().all(1))
    return records.subset((live & both).cpu().numpy())


def padded(records: Records) -> Records:
    """Records of at least 3001 samples: shorter ones get zeros at the end."""
    missing = WINDOW_SAMPLES - records.waveforms.shape[-1]
    if missing <= 0:
        return records
    return replace(records, waveforms=torch.nn.functional.pad(records.waveforms, (0, missing)))


def apply(generators: Mapping[str, Generator], sample: Records | None) -> Shown:
    """Curves on the bundled earthquake and on a few records of `sample`; scores on all of `sample`.

    Parameters
    ----------
    generators : mapping of str to Generator
        Pickers by name.
    sample : Records or None
        Records with picks of an analyst; None where they are absent.
    """
    from quakebook.data import example_records

    example = padded(example_records())
    parts = [(Samples(example), torch.zeros(1, dtype=torch.int64), ["ObsPy's example, BW.RJOB"])]
    metrics: dict[str, float] = {}
    if sample is not None:
        samples = Samples(with_horizontals(sample))
        names = [str(name) for name in samples.records.metadata["trace_name_original"][:SHOWN]]
        parts.append((samples, samples.fixed_starts()[:SHOWN], names))
        for name, generator in generators.items():
            scores = evaluate_generator(generator, samples, EvaluationConfig(batch_size=50)).metrics()
            metrics |= {f"real.{name}.{key}": value for key, value in scores.items()}
        metrics["real.records"] = float(len(samples))
    cut = [samples.cut(torch.arange(len(start)), start) for samples, start, _ in parts]
    waveform = torch.cat([windows.x for windows in cut])
    prediction = {name: predict(generator, waveform).numpy() for name, generator in generators.items()}
    for name, curves in prediction.items():
        for channel, phase in enumerate("PS"):
            metrics[f"example.{name}.{phase}.height"] = float(curves[0, channel].max())
            metrics[f"example.{name}.{phase}.time_s"] = float(curves[0, channel].argmax()) / 100
    return Shown([title for *_, titles in parts for title in titles], waveform.numpy(),
                 torch.cat([windows.y for windows in cut]).numpy(), prediction, {"metrics": metrics})


def northern_california() -> Records | None:
    """The Northern California sample (all splits: no picker here was trained on it), or None where it is absent."""
    from quakebook.data import load_records
    from quakebook.data.examples import real_sample_path

    folder = real_sample_path()
    return None if folder is None else load_records(str(folder))


def outcome(shown: Shown, **facts: Any) -> Outcome:
    """What is recorded of the result, small: 8 bits a probability, half precision for the rest."""
    arrays = {f"prediction_{name}": np.round(curves * recorded.LEVELS).astype(np.uint8)
              for name, curves in shown.prediction.items()}
    arrays |= {"waveform": shown.waveform.astype(np.float16), "label": shown.label.astype(np.float16)}
    return Outcome(shown.facts["metrics"], arrays, facts={"data": "real", "titles": shown.titles, **facts})


def read(where: Path | None = None) -> Shown:
    """What was recorded."""
    result = recorded_files.read(where or recorded.folder(), NAME)
    values = result.arrays
    prediction = {key.removeprefix("prediction_"): value / np.float32(recorded.LEVELS)
                  for key, value in values.items() if key.startswith("prediction_")}
    return Shown(result.facts["titles"], values["waveform"].astype(np.float32), values["label"].astype(np.float32),
                 prediction, result.facts)
