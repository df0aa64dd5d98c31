"""Three unpaired domains: backgrounds A0, signals A1 and mixtures B, with the parts of the mixtures where known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from quakebook.data.errors import DataError
from quakebook.training.batches import mix, shuffled

from ..settings import Shapes
from .normalise import refuse_undefined
from .norms import Norm


class Source(Protocol):
    """Images of one domain: how many, the shape of one, and rows on demand."""

    name: str

    @property
    def shape(self) -> tuple[int, int, int]: ...

    @property
    def fingerprint(self) -> str: ...

    def __len__(self) -> int: ...

    def read(self, rows: Any) -> Tensor: ...


class Held:
    """Images (n, C, H, W) in memory, on any device; `fingerprint` is made from them unless it is given."""

    def __init__(self, images: Tensor, name: str, fingerprint: str | None = None) -> None:
        if images.ndim != 4 or not len(images):
            raise DataError(f"{name}: images must have shape (n, channels, height, width) with n > 0; found "
                            f"{tuple(images.shape)}")
        self.images, self.name = images, name
        self._fingerprint = fingerprint

    @property
    def shape(self) -> tuple[int, int, int]:
        return tuple(self.images.shape[1:])

    @property
    def fingerprint(self) -> str:
        if self._fingerprint is None:
            self._fingerprint = hashlib.sha256(self.images.cpu().contiguous().numpy().tobytes()).hexdigest()[:16]
        return self._fingerprint

    def __len__(self) -> int:
        return len(self.images)

    def read(self, rows: Any) -> Tensor:
        return self.images[torch.as_tensor(rows, device=self.images.device)]


@dataclass(frozen=True)
class First:
    """The first `count` images of a source."""

    source: Source
    count: int

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.source.shape

    @property
    def fingerprint(self) -> str:
        return f"{self.source.fingerprint}[:{self.count}]"

    def __len__(self) -> int:
        return min(self.count, len(self.source))

    def read(self, rows: Any) -> Tensor:
        return self.source.read(rows)


@dataclass(frozen=True)
class Domains:
    """Backgrounds, signals and mixtures of one split.

    Attributes
    ----------
    a0, a1 : Source or None
        None where a split has only mixtures.
    b : Source
    truth : (Source, Source) or None
        Background and signal of every mixture, row by row.
    name : str
    """

    a0: Source | None
    a1: Source | None
    b: Source
    truth: tuple[Source, Source] | None
    name: str

    def __post_init__(self) -> None:
        sizes = {source.name: tuple(source.shape[1:]) for source in (self.a0, self.a1, self.b) if source is not None}
        if len(set(sizes.values())) > 1:
            raise DataError(f"{self.name}: images of all domains must have one height and width; found {sizes}")
        if self.truth is not None and {len(part) for part in self.truth} != {len(self.b)}:
            raise DataError(f"{self.name}: {len(self.b)} mixtures but {[len(part) for part in self.truth]} known parts")

    @property
    def shapes(self) -> Shapes:
        """(channels, height, width) of A0, A1 and B; needs all three."""
        if self.a0 is None or self.a1 is None:
            missing = [word for word, part in (("backgrounds", self.a0), ("signals", self.a1)) if part is None]
            raise DataError(f"{self.name}: a training needs backgrounds and signals beside the mixtures; "
                            f"no {' and no '.join(missing)} found")
        return self.a0.shape, self.a1.shape, self.b.shape

    @property
    def fingerprint(self) -> str:
        parts = [source.fingerprint for source in (self.a0, self.a1, self.b, *(self.truth or ())) if source is not None]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]

    def on(self, device: torch.device | str, dtype: torch.dtype = torch.float32) -> Domains:
        """The same with images that are held in memory moved to a device; files stay where they are."""

        def move(source: Source | None) -> Source | None:
            images = getattr(source, "images", None)
            if images is None:
                return source
            return Held(images.to(device, dtype), source.name, source.fingerprint)

        truth = None if self.truth is None else tuple(move(part) for part in self.truth)
        return replace(self, a0=move(self.a0), a1=move(self.a1), b=move(self.b), truth=truth)

    def check(self, norm: Norm) -> None:
        """Refuse held images that the norm cannot take; images of files are checked as they are read."""
        for domain, source in (("background", self.a0), ("signal", self.a1), ("mixture", self.b)):
            if hasattr(source, "images"):
                refuse_undefined(source.images, norm, f"{self.name}, {domain}")

    def batch(self, step: int, size: int, seed: int, norm: Norm, device: torch.device,
              pairs: bool = False) -> dict[str, Tensor]:
        """Images of a step, each domain in its own shuffled passes; they depend on (seed, step) only.

        With `pairs` also true_a0 and true_a1, the parts of the mixtures.
        """
        images = {}
        for k, (name, source) in enumerate((("a0", self.a0), ("a1", self.a1), ("b", self.b))):
            rows = shuffled(len(source), size, step, mix(seed, k) >> 1)
            images[name] = self._read(source, rows, norm, device, name)
            if pairs and name == "b":
                if self.truth is None:
                    raise DataError(f"{self.name}: method paired needs the parts of the training mixtures")
                images |= {f"true_a{j}": self._read(part, rows, norm, device, f"a{j}")
                           for j, part in enumerate(self.truth)}
        return images

    def _read(self, source: Source, rows: Tensor, norm: Norm, device: torch.device, domain: str) -> Tensor:
        if hasattr(source, "images"):
            return source.read(rows.to(source.images.device))
        images = source.read(rows)
        refuse_undefined(images, norm, f"{self.name}, {domain}, rows {rows[:4].tolist()} ...")
        return images.to(device, torch.get_default_dtype())


def from_arrays(a0: Any, a1: Any, b: Any, truth: tuple[Any, Any] | None = None, name: str = "arrays") -> Domains:
    """Domains from arrays or tensors (n, C, H, W) or (n, H, W)."""

    def held(values: Any, word: str) -> Held:
        images = torch.as_tensor(values, dtype=torch.float32)
        return Held(images[:, None] if images.ndim == 3 else images, f"{name} {word}")

    parts = None if truth is None else (held(truth[0], "true a0"), held(truth[1], "true a1"))
    return Domains(held(a0, "a0"), held(a1, "a1"), held(b, "b"), parts, name)
