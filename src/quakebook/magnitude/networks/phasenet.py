"""PhaseNet (Zhu and Beroza 2019): SeisBench's network unchanged, with complete saved arguments."""

from __future__ import annotations

from typing import Any

import seisbench.models as sbm

from .arguments import constructor_arguments

#: Samples at both ends of a window that continuous annotation discards.
BLINDING_SAMPLES = (200, 200)


class PhaseNet(sbm.PhaseNet):
    """Phase picker with the classes P, S and noise.

    Input ``(batch, 3, 3001)`` scaled by `annotate_batch_pre`, output ``(batch, 3, 3001)`` probabilities that sum to 1
    over the classes. SeisBench's own class forgets `filter_factor` when it is saved; this one does not, and its files
    load in plain SeisBench as ``PhaseNet``.
    """

    _annotate_args = {**sbm.PhaseNet._annotate_args,
                      "blinding": (sbm.PhaseNet._annotate_args["blinding"][0], BLINDING_SAMPLES)}

    def __init__(self, filter_factor: int = 1, norm: str = "std", phases: str = "PSN", sampling_rate: float = 100.0,
                 norm_amp_per_comp: bool = False, norm_detrend: bool = False,
                 default_args: dict[str, Any] | None = None) -> None:
        default_args = {"blinding": list(BLINDING_SAMPLES)} if default_args is None else default_args
        super().__init__(phases=phases, classes=len(phases), sampling_rate=sampling_rate, norm=norm,
                         filter_factor=filter_factor, norm_amp_per_comp=norm_amp_per_comp, norm_detrend=norm_detrend,
                         default_args=default_args)
        self.phases = phases

    def get_model_args(self) -> dict[str, Any]:
        return constructor_arguments(self)
