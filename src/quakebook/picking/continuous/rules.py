"""How a stream is annotated: the wishes of the caller over the model's defaults over SeisBench's defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

#: Height at which SeisBench's PhaseNet picks when nobody says otherwise.
THRESHOLD = 0.3
#: Windows in one forward: small on a processor, whose caches hold no more.
BATCH_SIZES = {"cpu": 32, "cuda": 2048}
_CHOICES = {"resample": ("correct", "seisbench"), "windows": ("clock", "seisbench"), "stacking": ("avg", "max"),
            "picker": ("trigger", "peaks"), "precision": ("float32", "bf16")}


@dataclass(frozen=True)
class Rules:
    """Everything that decides about probabilities and picks, besides model and data.

    Attributes
    ----------
    overlap : int
        Samples that neighbouring windows share.
    blinding : (int, int)
        Samples at both ends of each window that are not used.
    stacking : {"avg", "max"}
        What is taken where windows overlap.
    thresholds : dict
        Lowest height of a pick, for each phase.
    resample : {"correct", "seisbench"}
        "correct": band-limited, on a grid of whole samples since 1970. "seisbench": ObsPy's Fourier method with its
        default Hann window, as SeisBench's `annotate`.
    windows : {"clock", "seisbench"}
        "clock": windows begin at whole strides after midnight UTC, so that a part of a stream sees the windows
        of the whole; a segment shorter than a window is padded with zeros; the first and last samples of a segment are
        never blinded. "seisbench": windows begin with the segment, short segments are left out.
    picker : {"trigger", "peaks"}
        "trigger": one pick for each time above the threshold, as SeisBench. "peaks": `find_picks` of the
        evaluation, at least `distance` samples apart.
    strict : bool
        Only where all components are present.
    flexible_horizontal_components : bool
        Take components 1 and 2 for N and E.
    batch_size : int
    precision : {"float32", "bf16"}
        Of the forward; normalisation and stacking are float32.
    """

    overlap: int
    blinding: tuple[int, int] = (0, 0)
    stacking: str = "avg"
    thresholds: dict[str, float] = field(default_factory=dict)
    resample: str = "correct"
    windows: str = "clock"
    picker: str = "trigger"
    distance: int = 100
    strict: bool = False
    flexible_horizontal_components: bool = True
    zerophase_resample: bool = True
    batch_size: int = 256
    precision: str = "float32"


def phases_of(model: Any) -> list[str]:
    """Labels that stand for a phase: all but noise and detection."""
    labels = model.labels if isinstance(model.labels, (str, list, tuple)) else ()
    return [label for label in labels if str(label).upper() not in ("N", "D", "NOISE", "DETECTION")]


def rules_of(model: Any, device: str = "cpu", **wishes: Any) -> Rules:
    """Rules for a SeisBench model.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
    device : str
        Decides about the default batch size.
    **wishes
        Fields of `Rules`, and ``P_threshold``, ``S_threshold``, ... . ``resample="seisbench"`` implies
        ``windows="seisbench"`` unless `windows` is given. `overlap` below 1 is a share of the window.

    Raises
    ------
    ValueError
        An unknown name, or a value outside its range.
    """
    names = {f.name for f in fields(Rules)} - {"thresholds"}
    heights = {key: value for key, value in wishes.items() if key.endswith("_threshold")}
    unknown = sorted(set(wishes) - names - set(heights))
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}; there are {', '.join(sorted(names))} and PHASE_threshold")
    defaults = {key: entry[1] for key, entry in model._annotate_args.items()} | dict(model.default_args or {})
    taken = {name: defaults[name] for name in names & set(defaults)}
    taken["batch_size"] = BATCH_SIZES["cpu" if device == "cpu" else "cuda"]
    taken |= {key: value for key, value in wishes.items() if key in names and value is not None}
    taken.setdefault("windows", "seisbench" if taken.get("resample") == "seisbench" else "clock")
    taken["thresholds"] = _thresholds(model, defaults, heights)
    taken["overlap"] = _overlap(taken.get("overlap", 0), model.in_samples)
    taken["blinding"] = tuple(int(side) for side in taken.get("blinding", (0, 0)))
    rules = replace(Rules(0), **taken)
    _check(rules, model.in_samples)
    return rules


def _thresholds(model: Any, defaults: dict[str, Any], wishes: dict[str, float]) -> dict[str, float]:
    phases = phases_of(model)
    unknown = sorted(set(wishes) - {f"{phase}_threshold" for phase in phases})
    if unknown:
        raise ValueError(f"{unknown[0]!r} names no phase of the model; it has {', '.join(phases)}")
    general = defaults.get("*_threshold", THRESHOLD)
    return {phase: float(wishes.get(f"{phase}_threshold", defaults.get(f"{phase}_threshold", general)))
            for phase in phases}


def _overlap(overlap: float, in_samples: int) -> int:
    return int(overlap * in_samples) if overlap < 1 else int(overlap)


def _check(rules: Rules, in_samples: int) -> None:
    for name, choices in _CHOICES.items():
        if getattr(rules, name) not in choices:
            raise ValueError(f"`{name}` must be {' or '.join(choices)}; found {getattr(rules, name)!r}")
    if not 0 <= rules.overlap < in_samples:
        raise ValueError(f"`overlap` must lie between 0 and the window of {in_samples} samples; found {rules.overlap}")
    if rules.batch_size < 1 or rules.distance < 1:
        raise ValueError(f"`batch_size` and `distance` must be at least 1; found {rules.batch_size}, {rules.distance}")
    if min(rules.blinding) < 0 or sum(rules.blinding) >= in_samples:
        raise ValueError(f"`blinding` must leave a part of the window of {in_samples} samples; found {rules.blinding}")
    for phase, height in rules.thresholds.items():
        if not 0 < height <= 1:
            raise ValueError(f"{phase}_threshold must lie between 0 and 1; found {height}")
