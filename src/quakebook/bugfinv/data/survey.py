"""Everything an inversion is given: gathers, wells, normalisation, initial model, and the truth to score against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quakebook.data.elastic.checks import ANGLES_DEG
from quakebook.data.elastic.model import PROPERTIES, UNITS, ElasticModel, ModelError

from . import first_guess, wavelets, wells, zoeppritz
from .forward import ForwardModel, add_noise, convolve

#: Samples and traces of a section at least: scikit-image's window of structural similarity.
SMALLEST_SECTION = 7


@dataclass(frozen=True)
class Recording:
    """How the gathers are made from a model; the defaults are those of the Nash code.

    `snr_db` None: no noise. `noise_band_hz`: band-limited noise. `phase_deg`, `frequency_error`: the gathers' wavelet
    is rotated, and its frequency changed, by these amounts per angle step, unknown to the inversion. `zoeppritz`:
    exact reflection coefficients instead of elastic impedance.
    """

    wavelet: str = "ricker"
    snr_db: float | None = 15.0
    noise_band_hz: tuple[float, float] | None = None
    phase_deg: float = 0.0
    frequency_error: float = 0.0
    zoeppritz: bool = False
    resolution_ratio: int = 1


@dataclass(frozen=True)
class Survey:
    """One data set. Traces are numbered inline after inline.

    Attributes
    ----------
    gathers : Tensor, shape (traces, angles, T)
        Normalised with one mean and standard deviation.
    true, initial : Tensor, shape (traces, 3, T)
        m/s, m/s, g/cm3.
    mean, std, floor : Tensor, shape (3,)
        Of the logs at the training wells; floor is half their smallest value.
    train, validation, unlabelled, blind : ndarray of int
        Trace numbers.
    """

    gathers: Tensor
    true: Tensor
    initial: Tensor
    mean: Tensor
    std: Tensor
    floor: Tensor
    seismic_mean: float
    seismic_std: float
    noise_std: float
    train: np.ndarray
    validation: np.ndarray
    unlabelled: np.ndarray
    blind: np.ndarray
    shape: tuple[int, int]
    dt_s: float
    source: str
    forward: ForwardModel

    @property
    def labels(self) -> Tensor:
        """Normalised logs of all traces (traces, 3, T)."""
        return (self.true - self.mean[:, None]) / self.std[:, None]

    def physical(self, normalised: Tensor) -> Tensor:
        """Normalised (..., 3, T) to physical units."""
        return normalised * self.std.to(normalised)[:, None] + self.mean.to(normalised)[:, None]

    def blind_traces(self) -> np.ndarray:
        """All traces that are not training wells."""
        return np.setdiff1d(np.arange(len(self.true)), self.train)


def build(model: ElasticModel, recording: Recording | None = None, n_wells: int = 24, n_unlabelled: int = 48,
          seed: int = 0) -> Survey:
    """Make the gathers of a model and choose its wells; what the model's files hold of these is used instead.

    With a `resolution_ratio` r the logs are kept at every r-th sample, as the Nash code does, and the wavelet is
    sampled at the step of the gathers.
    """
    recording = recording or Recording()
    inlines, crosslines, _ = model.shape
    if model.wells is not None and len(model.wells) >= inlines * crosslines:
        raise ModelError(f"{model.source}: `wells` must leave one trace blind at least; found all "
                         f"{inlines * crosslines}")
    fine = torch.from_numpy(model.traces)
    ratio = recording.resolution_ratio
    true, dt_s = fine[..., ::ratio].contiguous(), model.dt_s * ratio
    clean, noisy = _gathers(model, fine, recording, dt_s, seed)
    train = wells.training_wells(inlines, crosslines, n_wells) if model.wells is None else model.wells
    logs = true[train]
    _check_spread(model, logs, noisy)
    at = np.stack(np.divmod(np.arange(len(true)), crosslines), axis=1).astype(float)
    initial = (first_guess.initial_model(logs.numpy(), at[train], at, dt_s) if model.initial is None
               else np.ascontiguousarray(model.initial.reshape(len(true), 3, -1)[..., ::ratio]))
    centre, spread = float(noisy.double().mean()), float(noisy.double().std())
    return Survey(
        gathers=(noisy - centre) / spread, true=true, initial=torch.from_numpy(initial),
        mean=logs.mean(dim=(0, 2)), std=logs.std(dim=(0, 2)), floor=logs.amin(dim=(0, 2)) / 2,
        seismic_mean=centre, seismic_std=spread, noise_std=float((noisy - clean).double().square().mean().sqrt()),
        train=train, validation=wells.validation_wells(inlines, crosslines),
        unlabelled=wells.unlabelled(inlines, crosslines, train, n_unlabelled),
        blind=wells.blind_wells(inlines, crosslines, train), shape=(inlines, crosslines), dt_s=dt_s,
        source=model.source, forward=ForwardModel(dt_s, recording.wavelet))


def check_size(model: ElasticModel, ratio: int = 1) -> None:
    """Refuse sections that could not be scored after the training, their samples being every `ratio`-th one."""
    _, crosslines, samples = *model.shape[:2], -(-model.shape[2] // ratio)
    if min(crosslines, samples) < SMALLEST_SECTION:
        raise ModelError(f"{model.source}: sections must have at least {SMALLEST_SECTION} traces of {SMALLEST_SECTION} "
                         f"samples (the window of their structural similarity); found {crosslines} traces of "
                         f"{samples} samples")


def _check_spread(model: ElasticModel, logs: Tensor, gathers: Tensor) -> None:
    """Refuse what cannot be normalised: a property that is the same at all wells, or gathers of one value."""
    for name, values in zip(PROPERTIES, logs.unbind(dim=1), strict=True):
        if float(values.amax() - values.amin()) == 0.0:
            raise ModelError(f"{model.source}: {name} must vary at the training wells; found {float(values.amin()):g} "
                             f"{UNITS[PROPERTIES.index(name)]} everywhere")
    if float(gathers.amax() - gathers.amin()) == 0.0:
        raise ModelError(f"{model.source}: gathers must vary; found {float(gathers.amin()):g} everywhere")


def _gathers(model: ElasticModel, fine: Tensor, recording: Recording, dt_s: float, seed: int) -> tuple[Tensor, Tensor]:
    """Gathers without and with noise; observed ones stand for the latter, and the synthetic for the former."""
    clean = synthesise(fine, model.dt_s, recording)
    if model.gathers is None:
        generator = torch.Generator().manual_seed(seed)
        return clean, add_noise(clean, recording.snr_db, generator, recording.noise_band_hz, dt_s)
    observed = torch.from_numpy(model.gathers.reshape(clean.shape[0], clean.shape[1], -1))
    if observed.shape != clean.shape:
        raise ValueError(f"the observed gathers have {observed.shape[-1]} samples, the logs {clean.shape[-1]} with "
                         f"`resolution_ratio` {recording.resolution_ratio}")
    return clean, observed


def synthesise(properties: Tensor, dt_s: float, recording: Recording) -> Tensor:
    """Gathers without noise (traces, angles, T) of logs (traces, 3, T), in chunks of traces."""
    wavelet = _recorded_wavelets(dt_s, recording)
    forward = ForwardModel(dt_s, wavelet, resolution_ratio=recording.resolution_ratio)
    parts = []
    for logs in properties.split(4096):
        if recording.zoeppritz:
            theta = torch.deg2rad(torch.tensor(ANGLES_DEG))
            series = zoeppritz.reflection_pp(*logs.unbind(dim=1), theta)
            parts.append(convolve(series, forward.samples)[..., :: recording.resolution_ratio])
        else:
            parts.append(forward(torch.log(logs)))
    return torch.cat(parts)


def _recorded_wavelets(dt_s: float, recording: Recording) -> Tensor | str:
    if recording.phase_deg == 0.0 and recording.frequency_error == 0.0:
        return recording.wavelet
    if recording.frequency_error and recording.wavelet != "ricker":
        raise ValueError("`frequency_error` needs the ricker wavelet")
    rows = []
    for k in range(len(ANGLES_DEG)):
        frequency = wavelets.RICKER_HZ * (1 + k * recording.frequency_error)
        w = (wavelets.ricker(dt_s, frequency) if recording.frequency_error
             else wavelets.named(recording.wavelet, dt_s))
        rows.append(wavelets.rotate_phase(w, k * recording.phase_deg))
    return torch.stack(rows)
