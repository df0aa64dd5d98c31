"""What the jets page shows: every method beside the others, live where it needs no training, else as recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from quakebook.publishing import claims

from ..recorded import jets as recorded
from ..scoring.jets import have_fastjet
from ..studies import jet_numbers, jet_results
from ..studies.jet_results import Results
from ..studies.methods import LEARNED, NAMES, Separate

#: Mixtures of each set that a page computes itself where nothing is recorded; seed of mixtures that no entry holds.
FRESH_SEED = 1
#: Ends of the names of numbers that say which of two methods, or of two sets, is the better one.
ORDERINGS = ("_over_area", "_minus_area", "_minus_iterative", "resolution_ratio")
EVENTS = {"smoke": 24, "quick": 200, "paper": 4000}


@dataclass(frozen=True)
class Shown:
    """Results that the page shows.

    Parameters
    ----------
    classical : Results
        Methods without training.
    learned : dict
        Method -> results of its seeds; empty where no training is recorded.
    recorded : bool
        Whether `classical` was read from a recorded result.
    lengths : dict
        Method -> how long its recorded trainings were, in words.
    """

    classical: Results
    learned: dict[str, list[Results]]
    recorded: bool
    lengths: dict[str, str] = field(default_factory=dict)

    @cached_property
    def results(self) -> Results:
        """All methods on the same mixtures, of learned ones the first seed."""
        events = self.classical["val"].events
        same = [seeds[0] for seeds in self.learned.values() if seeds[0]["val"].events == events]
        return jet_results.merged([*same, self.classical])

    @cached_property
    def classical_numbers(self) -> dict[str, float]:
        """Numbers of the methods without training."""
        return jet_numbers.numbers(self.classical)

    @cached_property
    def seeds(self) -> dict[str, list[dict[str, float]]]:
        """Numbers of every seed of every learned method, next to the classical ones."""
        events = self.classical["val"].events
        return {method: [jet_numbers.numbers(jet_results.merged([seed, self.classical])) for seed in seeds
                         if seed["val"].events == events] for method, seeds in self.learned.items()}


def shown(preset: str = "quick", *, data: str = "synthetic:small", events: int = 0,
          where: Path | None = None) -> Shown:
    """Results of all methods.

    Parameters
    ----------
    preset : {"smoke", "quick", "paper"}
        How many mixtures are computed where nothing is recorded.
    data : str
        A folder with known truth is always computed here, with the generators whose weights are recorded.
    events : int
        Mixtures of each set to compute here; 0 = take recorded results, else the preset's number.
    where : Path, optional
        Folder of recorded results.
    """
    if preset not in EVENTS:
        raise ValueError(f"there is no preset {preset!r}; known: {', '.join(EVENTS)}")
    own = data == "synthetic:small" and not events
    classical = recorded.classical(where) if own else None
    computed = classical or jet_results.measure({} if own else separations(where), classical=jet_results.CLASSICAL,
                                                name=data, events=events or EVENTS[preset])
    return Shown(computed, recorded.learned(where) if own else {}, classical is not None,
                 recorded.lengths(where) if own else {})


def separations(where: Path | None = None) -> dict[str, Separate]:
    """Separations by the generators whose weights are recorded; empty where there are none."""
    from ..recorded.jets_weights import separators

    return separators(where)


def evaluated_here(preset: str = "quick", where: Path | None = None) -> Shown | None:
    """Recorded generators and the classical methods on a few fresh mixtures, computed now; None without weights."""
    made = separations(where)
    if not made:
        return None
    results = jet_results.measure(made, classical=("area", "ics", "median"), events=min(EVENTS[preset], 200),
                                  seed=FRESH_SEED)
    return Shown(results, {}, False)


def followed(found: Shown) -> str:
    """Method whose quenched jets are drawn: the full one where it is recorded, else the iterative subtraction."""
    return "full" if "full" in found.results["val"].structure else "ics"


def source_line(found: Shown) -> str:
    """Which events and which results are shown, in one sentence or two."""
    result = found.classical["val"]
    how = "as recorded" if found.recorded else "computed while this page ran"
    finder = "fastjet" if have_fastjet() else "this package's own finder"
    here = [NAMES[m] for m in LEARNED if m in result.matched]
    trained = ", ".join(f"{NAMES[m]} ({_seeds(found, m)})" for m in LEARNED if m in found.learned)
    tail = f"Recorded trainings: {trained}." if trained else f"Evaluated here: {', '.join(here)}." if here else (
        "Only methods without training are shown.")
    return (f"Shown: {result.events} synthetic mixtures as in training and {found.classical['quenched'].events} with "
            f"quenched jets, {how}; jets computed here are found by {finder}. {tail}")


def _seeds(found: Shown, method: str) -> str:
    count = len(found.learned[method])
    length = [found.lengths[method]] if method in found.lengths else []
    return "; ".join([f"{count} seed{'s' * (count > 1)}", *length])


def metrics(found: Shown) -> dict[str, float | claims.Measured]:
    """Numbers to report: classical ones; of a learned method the least favourable seed, of orderings all seeds.

    A number of a method that was trained once says so.
    """
    out: dict[str, float | claims.Measured] = dict(found.classical_numbers)
    for seeds in found.seeds.values():
        if seeds:
            low, high = jet_numbers.worst(seeds), jet_numbers.worst(seeds, better="higher")
            for key in (key for key in low if key not in out):
                together = key.endswith(ORDERINGS) or len(seeds) == 1
                out[key] = claims.over_seeds([seed[key] for seed in seeds]) if together else (
                    high[key] if _higher_is_better(key) else low[key])
    return out | _full_against(found)


def _full_against(found: Shown) -> dict[str, claims.Measured]:
    """The full method less each learned baseline, seed by seed; below zero where it is the better one."""
    out: dict[str, claims.Measured] = {}
    for other in ("regression", "identity"):
        if found.seeds.get("full") and found.seeds.get(other):
            for domain, name in (("val", "cone.jer_cal_gev"), ("quenched", "cone.jer_cal_gev"),
                                 ("val", "inside.girth.w1"), ("val", "r0.5.14-20.fake_rate")):
                keys = (f"jets.{domain}.full.{name}", f"jets.{domain}.{other}.{name}")
                out[f"jets.{domain}.full_minus_{other}.{name}"] = claims.over_seeds(
                    jet_numbers.differences(found.seeds["full"], found.seeds[other], keys))
    return out


def _higher_is_better(key: str) -> bool:
    return key.endswith("efficiency") or key.startswith("jets.shift.")
