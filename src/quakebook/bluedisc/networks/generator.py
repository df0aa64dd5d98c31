"""The phase picker: PhaseNet with independent sigmoids, its start and its file."""

from __future__ import annotations

import logging
import math
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from seisbench.models import PhaseNet
from torch import Tensor, nn

from quakebook.picking.labels import SIGMA_SAMPLES
from quakebook.picking.windows import LENGTH as WINDOW_SAMPLES
from quakebook.training.files import write_atomic

from .streams import shortage

#: Third output channel beside P and S: N (noise) or D (detection).
LABELS = ("N", "D")
#: Momentum of BatchNorm that gives, in one shared forward, the running statistics of the three published forwards.
SHARED_FORWARD_MOMENTUM = 1 - 0.9**3


class Generator(PhaseNet):
    """PhaseNet (268,443 parameters) whose outputs P, S and N or D are independent sigmoids.

    It is SeisBench's architecture without any change, so a saved generator loads as
    ``seisbench.models.PhaseNet``. One thing differs there: plain PhaseNet turns the same logits into
    probabilities by a softmax over the channels, not by the sigmoids that were trained. `annotate` and
    `classify` of this class use the sigmoids, and normalise each component by its own peak as in training.

    Parameters
    ----------
    label : {"N", "D"}, optional
        Third channel. Found from `phases` when not given.
    phases : str
        Channel order; "PSN" or "PSD".
    **kwargs
        Passed to SeisBench.
    """

    def __init__(self, label: str | None = None, phases: str = "PSN", **kwargs: Any) -> None:
        phases = phases if label is None else f"PS{label}"
        if phases not in ("PSN", "PSD"):
            raise ValueError("the generator answers P, S and N, or P, S and D; "
                             f"found label {label!r}, phases {phases!r}")
        kwargs = {"norm": "peak", "norm_amp_per_comp": True, **kwargs}
        super().__init__(phases=phases, **kwargs)

    @property
    def label(self) -> str:
        """Third channel, "N" or "D"."""
        return self.labels[2]

    def forward(self, x: Tensor, logits: bool = False) -> Tensor:
        """Waveforms (b, 3, 3001), each component divided by its peak, to probabilities or logits (b, 3, 3001)."""
        check_windows(x, channels=3)
        out = super().forward(x, logits=True)  # (b, 3, 3001): P, S, label
        return out if logits else torch.sigmoid(out)

    async def annotate_async(self, stream: Any, copy: bool = True, **kwargs: Any) -> Any:
        """As SeisBench's, behind `annotate` and `classify`; traces too short for a window are named in one line."""
        if line := shortage(stream):
            logging.getLogger("quakebook").warning(line)
        return await super().annotate_async(stream, copy=copy, **kwargs)

    def classify_aggregate(self, annotations: Any, argdict: dict[str, Any]) -> Any:
        """Picks of P and S only: a detection curve is no phase."""
        picked = super().classify_aggregate(annotations, argdict)
        picked.picks = type(picked.picks)(pick for pick in picked.picks if pick.phase in ("P", "S"))
        return picked


def check_windows(x: Tensor, channels: int) -> None:
    """Refuse a batch of another shape than (batch, channels, 3001)."""
    if x.ndim != 3 or x.shape[1] != channels or x.shape[2] != WINDOW_SAMPLES:
        raise ValueError(f"windows must have shape (batch, {channels}, {WINDOW_SAMPLES}); found {tuple(x.shape)}")


def start_at_base_rate(generator: Generator) -> None:
    """Set the biases of the last layer to the log-odds of the mean label, so that no phase starts far too likely.

    A window with one pick of a phase has the mean label sigma sqrt(2 pi) / 3001 = 0.017. From PhaseNet's own start,
    0.5, the quickest way down there makes all weights of a phase negative, which leaves its peaks under a ceiling
    (`operating.ceiling`). The noise channel takes what P and S leave; a detection channel is left as it is.
    """
    rare = SIGMA_SAMPLES * math.sqrt(2 * math.pi) / WINDOW_SAMPLES
    shares = [rare, rare] + ([1 - 2 * rare] if generator.label == "N" else [])
    with torch.no_grad():
        for channel, share in enumerate(shares):
            generator.out.bias[channel] = math.log(share / (1 - share))


def set_batchnorm_momentum(network: nn.Module, momentum: float) -> None:
    """Set the momentum of every BatchNorm layer."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.momentum = momentum


def save_generator(generator: Generator, path: str | Path) -> Path:
    """Write the weights as safetensors, with the channel order in the header."""
    path = Path(path)
    state = {name: value.detach().cpu().contiguous() for name, value in generator.state_dict().items()}
    return write_atomic(path, to_bytes(state, metadata={"phases": "".join(generator.labels)}))


def load_generator(path: str | Path, label: str | None = None) -> Generator:
    """Read a generator from safetensors, in eval mode.

    Raises
    ------
    ValueError
        When the file holds another label set than `label` asks for.
    """
    from safetensors import SafetensorError, safe_open

    path = Path(path)
    if not path.is_file():
        there = sorted(p.name for p in path.parent.glob("*.safetensors")) if path.parent.is_dir() else []
        raise FileNotFoundError(f"no generator at {path}; the folder holds {there or 'none'}")
    try:
        with safe_open(path, framework="pt") as file:
            phases = (file.metadata() or {}).get("phases", "PSN")
        state = load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path}: not a readable safetensors file: {error}") from error
    check_label_set(phases, label, path)
    generator = Generator(phases=phases)
    generator.load_state_dict(state)
    return generator.eval()


def check_label_set(phases: str, label: str | None, where: Any) -> None:
    """Refuse a checkpoint whose third channel is not the one asked for."""
    if label is not None and phases != f"PS{label}":
        raise ValueError(f"{where} was trained with labels {phases!r}; label {label!r} was asked for "
                         f"(use label={phases[-1]!r}, or train one with objective.label={label})")
