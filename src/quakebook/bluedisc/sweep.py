"""Extensions without a published number: other weights of the data loss, and the box label."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from quakebook.plots import PHASE_COLOURS, detached, style

from . import recorded
from .evaluation import PHASES, SAMPLING_RATE_HZ, Peaks
from .figures.colours import BELOW_COLOUR, OVER_COLOUR
from .tables import shares
from .tracking import Track

#: Folder of the sweep's recorded trainings, inside the chapter's.
FOLDER = "sweep"
#: Matches farther than this from their label are another arrival, not a timing error (s).
NEAR_S = 1.0


@dataclass(frozen=True)
class Entry:
    """One training of the sweep: facts as recorded, peaks of "P" and "S" at its last step, curves where kept."""

    name: str
    facts: dict[str, Any]
    peaks: dict[str, Peaks]
    track: Track | None = None

    @property
    def label(self) -> str:
        """Third channel, "N" or "D"."""
        return str(self.facts["config"]["loss"]["label"])

    @property
    def weight(self) -> float:
        """Data weight lambda: 0 for GAN only, infinite for BCE."""
        ends = {"gan": 0.0, "bce": np.inf}
        return ends.get(self.facts["mode"], float(self.facts["config"]["loss"]["data_weight"]))

    @property
    def metrics(self) -> dict[str, float]:
        """Mean over the last validations."""
        return recorded.plain_metrics(self.name, self.facts)

    def median_error_s(self, phase: str) -> float:
        """Median absolute time error (s) of the matched peaks within 1 s of their label, of any height."""
        error = np.abs(self.peaks[phase].error_samples) / SAMPLING_RATE_HZ
        near = error[error <= NEAR_S]
        return float(np.median(near)) if near.size else float("nan")


def read(where: Path | None = None) -> list[Entry]:
    """All entries, sorted by label and data weight."""
    from quakebook.training import arrays

    where = (where or recorded.folder()) / FOLDER
    entries = []
    for name in recorded.names(where):
        values = arrays.read(where / f"{name}.h5")
        facts = json.loads((where / f"{name}.json").read_text(encoding="utf-8"))
        track = recorded.unpack_track(values) if "track_step" in values else None
        entries.append(Entry(name, facts, {phase: Peaks.from_arrays(values, phase) for phase in PHASES}, track))
    return sorted(entries, key=lambda entry: (entry.label != "N", entry.weight))


def box_label(entries: Sequence[Entry]) -> dict[str, Track]:
    """Curves of the trainings with the box label, by kind."""
    return {recorded.KINDS[entry.facts["mode"]]: entry.track for entry in reversed(entries)
            if entry.label == "D" and entry.track is not None}


def title(entry: Entry) -> str:
    """The data weight as a reader would say it."""
    return {0.0: "0 (GAN only)", np.inf: "BCE only"}.get(entry.weight, f"{entry.weight:,.0f}")


def facts_line(entries: Sequence[Entry]) -> str:
    """What these trainings are, in one sentence with their own numbers."""
    steps, seeds = ({entry.facts[key] for entry in entries} for key in ("steps", "seed"))
    return (f"{len(entries)} trainings of {' or '.join(f'{n:,}' for n in sorted(steps))} steps each, "
            f"seed {' or '.join(str(n) for n in sorted(seeds))}; records, batches and start as above.")


def table(entries: Sequence[Entry]) -> pd.DataFrame:
    """One row per training, percent of the labels and s."""
    rows = []
    for entry in entries:
        share = shares(entry.metrics)
        rows.append({"data weight": title(entry), "label": entry.label,
                     **{name: share[name] for name in ("S over, precise", "S below, precise")},
                     "S error (s)": f"{entry.median_error_s('S'):.2f}",
                     **{name: share[name] for name in ("S precision", "P over, precise")},
                     "P error (s)": f"{entry.median_error_s('P'):.2f}"})
    return pd.DataFrame(rows)


def figure(entries: Sequence[Entry]) -> Figure:
    """S found over and below the threshold, and the time errors, against the data weight (labels N)."""
    shown = [entry for entry in entries if entry.label == "N"]
    place = np.arange(len(shown))
    with style():
        fig, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.0), layout="constrained")
        over, below = ([entry.metrics[f"S.{key}"] for entry in shown] for key in ("tp", "below"))
        left.bar(place, over, color=OVER_COLOUR, label="0.7 or higher")
        left.bar(place, below, bottom=over, color=BELOW_COLOUR, label="below 0.7")
        left.set(ylabel="S labels with a peak\nwithin 0.1 s (%)")
        left.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=7)
        for phase, colour in zip(PHASES, (PHASE_COLOURS[phase] for phase in PHASES), strict=True):
            right.plot(place, [entry.median_error_s(phase) for entry in shown], "o-", color=colour, label=phase)
        right.set(ylabel="Median absolute error (s)", ylim=(0, None))
        right.legend(loc="best")
        for ax in (left, right):
            ax.set_xticks(place, [title(entry).replace(" (", "\n(").replace("BCE ", "BCE\n") for entry in shown],
                          fontsize=7)
            ax.set_xlabel(r"Data weight $\lambda$")
    return detached(fig)


def metrics(entries: Sequence[Entry]) -> dict[str, float]:
    """Numbers to report: S shares and time error of each weight with the noise label, and of the box label."""
    made: dict[str, float] = {}
    for entry in entries:
        key = {0.0: "gan", np.inf: "bce"}.get(entry.weight, f"{entry.weight:.0f}")
        prefix = f"sweep.{entry.label}.{key}"
        made |= {f"{prefix}.S.tp": entry.metrics["S.tp"], f"{prefix}.S.below": entry.metrics["S.below"],
                 f"{prefix}.S.error_s": entry.median_error_s("S"), f"{prefix}.P.tp": entry.metrics["P.tp"]}
    return made
