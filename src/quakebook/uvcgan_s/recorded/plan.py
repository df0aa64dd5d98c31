"""Which results of the chapter are recorded."""

from __future__ import annotations

from quakebook.training.recorded import Entry

from ..studies import digits, spectrograms

_RECORDED = "quakebook.uvcgan_s.recorded"
_MAKE = f"{_RECORDED}.make"
SEEDS = (0, 1, 2)
#: Steps of each method on jets at the small configuration: what two cores can do in an hour. Mixtures of jets are plain
#: sums of independent draws, so splitting sums is already training on known pairs, and has no paired bound beside it.
JET_STEPS = {"full": 6000, "identity": 6000, "regression": 6000}
#: The same in minutes, from fewer events: steps, and for the full method those that split sums before its critics join.
JET_STEPS_SHORT = {"identity": (3000, 0), "regression": (3000, 0), "full": (2500, 2000)}


def _short(method: str, seed: int, steps: int, warm: int) -> Entry:
    overrides = ["data.records=8000", "data.dev_records=200", *([f"objective.warm_steps={warm}"] if warm else [])]
    return Entry(f"jets-short-{method}-{seed}", f"{_MAKE}:jets", {
        "method": method, "seed": seed, "steps": steps, "device": "cpu", "overrides": overrides},
        cost_s=1000 if warm else 500)


PLAN = (
    *(Entry(f"digits-{variant}-{seed}", f"{_MAKE}:digits", {"variant": variant, "seed": seed},
            cost_s=60 if variant in ("identity", "told", "regression", "paired") else 220)
      for variant in digits.VARIANTS for seed in SEEDS),
    Entry("seismic-classical", f"{_MAKE}:seismic_classical", cost_s=60),
    *(Entry(f"seismic-{method}-{seed}", f"{_MAKE}:seismic", {"method": method, "seed": seed},
            cost_s=400 if method == "full" else 150)
      for method in spectrograms.METHODS for seed in SEEDS),
    Entry("seismic-picks", f"{_RECORDED}.extraction:make", {"kind": "synthetic", "count": 200}, cost_s=30),
    Entry("seismic-real", f"{_RECORDED}.extraction:make", {"kind": "real", "count": 240}, cost_s=30),
    Entry("jets-classical", f"{_RECORDED}.jets:make_classical", cost_s=600),
    *(Entry(f"jets-{method}-{seed}", f"{_MAKE}:jets", {"method": method, "seed": seed, "steps": steps},
            cost_s=3600 if method == "full" else 900)
      for method, steps in JET_STEPS.items() for seed in SEEDS),
    *(_short(method, seed, *length) for seed in SEEDS for method, length in JET_STEPS_SHORT.items()),
)
