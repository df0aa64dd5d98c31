"""Checked options of the Bayesian aggregator."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .moments import MIN_VAR

#: Defaults of the README. `gamma` and `obs_noise` are variances (the README calls gamma a precision).
REG_HPS = {"gamma": 0.001, "sqrt_power": 1.0, "obs_noise": 1.0}


@dataclass(frozen=True)
class Options:
    """Numbers the aggregator works with; `noise_variances` has one entry per output."""

    groups: tuple[int, ...]
    prior_variance: float
    noise_variances: tuple[float, ...]
    sqrt_power: float
    min_var: float

    @property
    def outputs(self) -> int:
        return sum(self.groups)


def read(num_tasks: int, groups: Sequence[int], agg_scheme_hps: Mapping[str, Any] | None,
         reg_hps: Mapping[str, Any] | None) -> Options:
    """Options from the constructor's arguments; unknown keys and ill values are errors that say what exists."""
    groups = tuple(int(n) for n in groups)
    if not groups or min(groups) < 1 or num_tasks not in (len(groups), sum(groups)):
        raise ValueError(f"`n_outputs_per_task_group` must hold positive sizes for {num_tasks} tasks; found "
                         f"{list(groups)}")
    hps = {**REG_HPS, **(reg_hps or {})}
    unknown = set(hps) - set(REG_HPS)
    if unknown:
        raise ValueError(f"unknown keys in `reg_hps`: {sorted(unknown)}; known are {sorted(REG_HPS)}")
    extra = dict(agg_scheme_hps or {})
    min_var = float(extra.pop("min_var", MIN_VAR))
    noise = hps["obs_noise"]
    per_group = list(noise) if isinstance(noise, (list, tuple)) else [noise] * len(groups)
    if len(per_group) != len(groups):
        raise ValueError(f"`obs_noise` must be one number or one per task group ({len(groups)}); "
                         f"found {len(per_group)}")
    if hps["sqrt_power"] != 0:  # 0: every task weighs the same
        _positive(sqrt_power=hps["sqrt_power"])
    _positive(gamma=hps["gamma"], min_var=min_var,
              **{f"obs_noise[{k}]": value for k, value in enumerate(per_group)})
    noise_variances = tuple(float(s2) for s2, n in zip(per_group, groups, strict=True) for _ in range(n))
    return Options(groups, float(hps["gamma"]), noise_variances, float(hps["sqrt_power"]), min_var)


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not (isinstance(value, (int, float)) and math.isfinite(value) and value > 0):
            raise ValueError(f"`{name}` must be a positive number; found {value!r}")
