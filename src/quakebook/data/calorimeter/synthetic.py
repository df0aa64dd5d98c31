"""The embedded default data: backgrounds, signals and mixtures of any number, each event from its own seed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quakebook.data.calorimeter.background import background_towers, collisions
from quakebook.data.calorimeter.detector import COLUMNS, ROWS
from quakebook.data.calorimeter.signal import QUENCHED, VACUUM, SignalPhysics, signal_towers
from quakebook.data.errors import DataError

#: To be raised when the events of a seed change.
VERSION = 1
#: Events that are drawn together; event i depends on the seed only, not on how many are asked for.
CHUNK = 200
SPLITS = ("train", "val", "test")
DOMAINS = ("background", "signal", "embed")

#: Events a domain in train, val and test.
PRESETS = {"tiny": {"train": 256, "val": 256, "test": 256}, "small": {"train": 20_000, "val": 4_000, "test": 4_000}}

_STREAMS = {"background": 0, "signal": 1, "mixed background": 2, "mixed signal": 3}


@dataclass(frozen=True)
class Options:
    """What may differ from the plain default data.

    Parameters
    ----------
    noise_gev : float
        Standard deviation of Gaussian noise on every background tower, which is cut off at zero.
    response_spread : float
        Spread of a fixed response of every tower about 1, the same for all events; background and signal share it.
    path_follows_plane : bool
        In the quenched test split, jets lose more energy across the event plane than along it.
    """

    noise_gev: float = 0.0
    response_spread: float = 0.0
    path_follows_plane: bool = False

    def __post_init__(self) -> None:
        for name in ("noise_gev", "response_spread"):
            if not 0 <= getattr(self, name) < 10:
                raise DataError(f"`{name}` must be at least 0 and less than 10; found {getattr(self, name)!r}")


PLAIN = Options()


def make(domain: str, split: str, count: int, *, seed: int = 0, first: int = 0, device: str | torch.device = "cpu",
         options: Options = PLAIN) -> Tensor:
    """Events `first` to `first + count` of one domain and split.

    Training domains come from separate random streams, so no mixture holds a background or signal of the pure domains.
    In val and test row i of background and signal are the two parts of row i of the mixture ("embed"), which is their
    exact sum. Signals of test are quenched.

    Parameters
    ----------
    domain : {"background", "signal", "embed"}
    split : {"train", "val", "test"}
    count, seed, first : int
        Not negative.
    device : str or torch.device
        Where the events are made. Each kind of device has its own random numbers.
    options : Options

    Returns
    -------
    Tensor, shape (count, 24, 64), float32
        GeV, on `device`.
    """
    _check(domain, split, count, seed, first)
    if domain == "embed":
        return sum(_stream(f"mixed {part}", split, count, seed, first, device, options)
                   for part in ("background", "signal"))
    stream = domain if split == "train" else f"mixed {domain}"
    return _stream(stream, split, count, seed, first, device, options)


def blocks(domain: str, split: str, count: int, *, rows: int = 2000, **arguments) -> Iterator[Tensor]:
    """Like `make`, `rows` events at a time: memory does not grow with `count`."""
    for first in range(0, count, rows):
        yield make(domain, split, min(rows, count - first), first=first, **arguments)


def _check(domain: str, split: str, count: int, seed: int, first: int) -> None:
    if domain not in DOMAINS:
        raise DataError(f"there is no domain {domain!r}; known: {', '.join(DOMAINS)}")
    if split not in SPLITS:
        raise DataError(f"there is no split {split!r}; known: {', '.join(SPLITS)}")
    for name, value in {"count": count, "seed": seed, "first": first}.items():
        if value < 0:
            raise DataError(f"`{name}` must not be negative; found {value}")


def _stream(stream: str, split: str, count: int, seed: int, first: int, device: str | torch.device,
            options: Options) -> Tensor:
    """Cut the wanted events out of whole chunks."""
    chunks = range(first // CHUNK, -(-(first + count) // CHUNK))
    parts = [_chunk(stream, split, seed, k, device, options) for k in chunks]
    if not parts:
        return torch.zeros((0, ROWS, COLUMNS), device=device)
    offset = first - chunks.start * CHUNK
    return torch.cat(parts)[offset : offset + count]


@contextmanager
def _single_precision() -> Iterator[None]:
    """Draw in float32 whatever the default of the caller, so that a seed means the same events everywhere."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


@_single_precision()
def _chunk(stream: str, split: str, seed: int, chunk: int, device: str | torch.device, options: Options) -> Tensor:
    generator = _generator(stream, split, seed, chunk, device)
    if stream.endswith("background"):
        images = background_towers(CHUNK, generator)
        if options.noise_gev:
            noise = torch.randn(images.shape, generator=generator, device=images.device)
            images = (images + options.noise_gev * noise).clamp(min=0)
    else:
        images = _signals(split, generator, seed, chunk, device, options)
    if options.response_spread:
        images = images * _response(options.response_spread).to(images.device)
    return images


def _signals(split: str, generator: torch.Generator, seed: int, chunk: int, device: str | torch.device,
             options: Options) -> Tensor:
    if split != "test":
        return signal_towers(CHUNK, generator, VACUUM)
    if not options.path_follows_plane:
        return signal_towers(CHUNK, generator, QUENCHED)
    plane = collisions(CHUNK, _generator("mixed background", split, seed, chunk, device)).plane2
    physics = SignalPhysics(QUENCHED.hard_min_gev, QUENCHED.soft_particles, quenched=True, path_follows_plane=True)
    return signal_towers(CHUNK, generator, physics, plane)


def _response(spread: float) -> Tensor:
    """Fixed response of each tower, between 0.2 and 1.8."""
    pattern = torch.randn((ROWS, COLUMNS), generator=torch.Generator().manual_seed(0))
    return (1 + spread * pattern).clamp(0.2, 1.8)


def _generator(stream: str, split: str, seed: int, chunk: int, device: str | torch.device) -> torch.Generator:
    words = np.random.SeedSequence([seed, SPLITS.index(split), _STREAMS[stream], chunk]).generate_state(1, np.uint64)
    return torch.Generator(device).manual_seed(int(words[0]) >> 1)
