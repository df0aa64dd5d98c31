"""Global torch state, set explicitly for a training and put back afterwards; seeds that depend on the step only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_MASK = (1 << 64) - 1


def mix(seed: int, step: int, rank: int = 0) -> int:
    """A well-mixed 63-bit seed from (seed, step, rank): SplitMix64's finaliser on their odd-multiple sum."""
    z = (seed * 0x9E3779B97F4A7C15 + (step + 1) * 0xD1342543DE82EF95 + rank * 0x2545F4914F6CDD1D) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (z ^ (z >> 31)) >> 1


class Seeder:
    """Seeds torch's global generators and one generator on the device from (seed, step, rank).

    With `shared`, every process of a distributed training gets the same seed: for data and validation.

    `torch.manual_seed` looks at every kind of accelerator and takes 0.1 ms; this takes a few microseconds.
    """

    def __init__(self, seed: int, device: torch.device, rank: int = 0) -> None:
        self.seed, self.rank = seed, rank
        self.generator = torch.Generator(device)
        self._all = [torch.default_generator, self.generator]
        if device.type == "cuda":
            self._all.append(torch.cuda.default_generators[device.index or 0])

    def __call__(self, step: int, shared: bool = False) -> None:
        value = mix(self.seed, step, 0 if shared else self.rank)
        for generator in self._all:
            generator.manual_seed(value)

    def state(self) -> list[torch.Tensor]:
        """Where all these generators stand."""
        return [generator.get_state() for generator in self._all]

    def restore(self, state: list[torch.Tensor]) -> None:
        """Back to where `state` was taken."""
        for generator, value in zip(self._all, state, strict=True):
            generator.set_state(value)


@contextmanager
def torch_state(threads: int, double: bool = False, deterministic: bool = False) -> Iterator[None]:
    """Fix threads, default dtype and the choice of kernels; restore these and all random states at the end."""
    before = (torch.get_num_threads(), torch.get_default_dtype(), torch.are_deterministic_algorithms_enabled(),
              torch.is_deterministic_algorithms_warn_only_enabled(), torch.is_grad_enabled(),
              torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic)
    cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    random = torch.get_rng_state(), torch.cuda.get_rng_state_all() if cuda else None
    try:
        torch.set_num_threads(threads)
        torch.set_default_dtype(torch.float64 if double else torch.float32)
        torch.use_deterministic_algorithms(deterministic, warn_only=True)
        torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = False, deterministic
        torch.set_grad_enabled(True)
        yield
    finally:
        torch.set_num_threads(before[0])
        torch.set_default_dtype(before[1])
        torch.use_deterministic_algorithms(before[2], warn_only=before[3])
        torch.set_grad_enabled(before[4])
        torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = before[5:]
        torch.set_rng_state(random[0])
        if random[1] is not None:
            torch.cuda.set_rng_state_all(random[1])


def generator(device: torch.device | str, *numbers: int) -> torch.Generator:
    """Generator seeded from numbers such as (seed, purpose, step); equal on every machine and Python version."""
    digest = hashlib.blake2b(repr(numbers).encode(), digest_size=7).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest, "big"))
