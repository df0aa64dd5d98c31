"""What the magnitude networks share: SeisBench's interface, preprocessing inside the model, output in magnitude."""

from __future__ import annotations

from typing import Any

import seisbench.models as sbm
from torch import Tensor

from quakebook.magnitude.data.amplitude import prepare

from .arguments import constructor_arguments

BLINDING_SAMPLES = (0, 0)


class MagnitudeModel(sbm.WaveformModel):
    """Base of the networks that answer a magnitude.

    `annotate` gives the magnitude per sample of a continuous stream (channel ``<Class>_magnitude``), `label_offset`
    already subtracted. With ``amplitude="physical"`` it needs the station's gain:
    ``model.annotate(stream, sensitivity_counts_spm=6.3e8)``.
    """

    #: One scale for all three components instead of one each (EQTransformer's trunk).
    joint_std = False
    #: Cosine taper of this many samples at both ends.
    taper_samples = 0
    #: False: one value per record instead of one per sample.
    per_sample = True

    _annotate_args = {**sbm.WaveformModel._annotate_args,
                      "overlap": (sbm.WaveformModel._annotate_args["overlap"][0], 1500),
                      "blinding": ("Prediction samples to discard on each side of a window", BLINDING_SAMPLES),
                      "sensitivity_counts_spm": ("Gain of the station, counts per m/s (amplitude='physical')", None)}

    def __init__(self, *, in_samples: int, norm: str, amplitude: str, label_offset: float, output_scale: float,
                 sampling_rate: float) -> None:
        super().__init__(citation="See the magnitude chapter of quakebook.", output_type="array",
                         in_samples=in_samples, pred_sample=(0, in_samples), labels=["magnitude"],
                         sampling_rate=sampling_rate)
        if norm not in ("std", "peak"):
            raise ValueError(f"`norm` must be 'std' or 'peak'; found {norm!r}")
        if amplitude not in ("none", "counts", "physical"):
            raise ValueError(f"`amplitude` must be 'none', 'counts' or 'physical'; found {amplitude!r}")
        self.norm, self.amplitude = norm, amplitude
        self.label_offset, self.output_scale = label_offset, output_scale

    @property
    def in_channels(self) -> int:
        """Three components, and a fourth channel when the amplitude is told."""
        return 3 if self.amplitude == "none" else 4

    def preprocess(self, waveforms: Tensor, sensitivity: Tensor | None = None) -> Tensor:
        """Scale a batch ``(batch, 3, samples)`` in counts as this model wants it: ``(batch, in_channels, samples)``."""
        return prepare(waveforms, self.norm, self.amplitude, sensitivity, joint_std=self.joint_std,
                       taper_samples=self.taper_samples)

    def annotate_batch_pre(self, batch: Tensor, argdict: dict[str, Any]) -> Tensor:
        gain = argdict.get("sensitivity_counts_spm")
        sensitivity = None if gain is None else batch.new_full((batch.shape[0],), float(gain))
        return self.preprocess(batch, sensitivity)

    def annotate_batch_post(self, batch: Tensor, piggyback: Any, argdict: dict[str, Any]) -> Tensor:
        magnitude = batch - self.label_offset
        if magnitude.ndim == 2:  # one value per record: the same at every sample
            magnitude = magnitude.unsqueeze(-1).expand(-1, -1, self.in_samples)
        magnitude = magnitude.transpose(-1, -2).clone()
        first, last = argdict.get("blinding", self._annotate_args["blinding"][1])
        magnitude[:, :first] = float("nan")
        magnitude[:, magnitude.shape[1] - last:] = float("nan")
        return magnitude

    def get_model_args(self) -> dict[str, Any]:
        return constructor_arguments(self)
