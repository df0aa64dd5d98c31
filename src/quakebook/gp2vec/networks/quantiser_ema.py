"""Quantiser whose codes are moving averages of the features that chose them (online k-means)."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .quantiser_gumbel import Quantised, lookup

#: Codes used less than this share of the mean are replaced by features of the batch.
DEAD_SHARE = 0.01
EPS = 1e-5


class EMAQuantiser(nn.Module):
    """Nearest code per group; codes follow the features without a gradient, features follow the codes by commitment.

    N <- gamma N + (1 - gamma) n;  m <- gamma m + (1 - gamma) sum of the features;  e = m / N~ with
    N~ = (N + eps) / (sum N + V eps) * sum N.

    Parameters
    ----------
    inputs, groups, codes, width : int
        As for the Gumbel quantiser.
    decay : float
        gamma.
    restart_every : int
        Updates between two replacements of unused codes.
    """

    def __init__(self, inputs: int, groups: int = 2, codes: int = 320, width: int = 256, decay: float = 0.99,
                 restart_every: int = 1) -> None:
        super().__init__()
        if width % groups:
            raise ValueError(f"the codevector width {width} is no multiple of the {groups} codebooks")
        self.groups, self.codes, self.width = groups, codes, width
        self.decay, self.restart_every = decay, restart_every
        self.project = nn.Linear(inputs, width)
        self.register_buffer("book", torch.zeros(groups, codes, width // groups))
        self.register_buffer("sums", torch.zeros(groups, codes, width // groups))
        self.register_buffer("counts", torch.zeros(groups, codes))
        self.register_buffer("updates", torch.zeros(()))
        self._started = False

    def forward(self, features: Tensor, noise: Tensor | None = None, weights: Tensor | None = None) -> Quantised:
        """Features (..., inputs) to targets; in training also one update of the book.

        `weights` (...) is 1 where a feature counts, 0 where it is filling. `noise` is the interface of the Gumbel
        quantiser and changes nothing here.
        """
        with torch.autocast(features.device.type, enabled=False):
            x = self.project(features.to(self.project.weight.dtype))
            split = x.unflatten(-1, (self.groups, -1))
            flat = split.detach().flatten(0, -3).transpose(0, 1)  # (G, n, c)
            weight = torch.ones(flat.shape[1], device=x.device) if weights is None else weights.flatten().to(x.dtype)
            if self.training and not self._started:
                self._start_once(features, weight)
            codes = _nearest(flat, self.book)
            vectors = lookup(self.book, codes.transpose(0, 1).unflatten(0, split.shape[:-2]))
            if self.training:
                self._update(flat, codes, weight)
            square = (x - vectors).square().mean(-1).flatten()
            commitment = (square * weight).sum() / weight.sum().clamp_min(1)
            straight = x + (vectors - x).detach()
            return Quantised(straight, codes.transpose(0, 1).unflatten(0, split.shape[:-2]), None, commitment)

    @torch.no_grad()
    def start(self, features: Tensor) -> None:
        """Begin with codes that are features (n, inputs), chosen by k-means++: far from the chosen ones.

        A captured step cannot do this itself; the first training step does it where nobody has.
        """
        x = self.project(features.to(self.project.weight.dtype)).unflatten(-1, (self.groups, -1)).transpose(0, 1)
        groups = torch.arange(self.groups, device=x.device)
        place = torch.randint(x.shape[1], (self.groups,), device=x.device)
        distance = torch.full(x.shape[:2], torch.inf, device=x.device, dtype=x.dtype)
        for code in range(self.codes):
            chosen = x[groups, place]
            self.book[:, code] = chosen
            distance = torch.minimum(distance, (x - chosen[:, None]).square().sum(-1))
            place = torch.multinomial(distance + 1e-12, 1)[:, 0]
        count = x.shape[1] / self.codes
        self.counts.fill_(count)
        self.sums.copy_(self.book * count)
        self._started = True

    def _start_once(self, features: Tensor, weight: Tensor) -> None:
        if not float(self.updates):
            self.start(features.detach().flatten(0, -2)[weight > 0])
            if dist.is_available() and dist.is_initialized():
                for tensor in (self.book, self.sums, self.counts):
                    dist.broadcast(tensor, 0)
        self._started = True

    @torch.no_grad()
    def _update(self, flat: Tensor, codes: Tensor, weight: Tensor) -> None:
        n = torch.zeros_like(self.counts).scatter_add_(1, codes, weight.expand_as(codes))
        sums = torch.zeros_like(self.sums).scatter_add_(
            1, codes[..., None].expand_as(flat), flat * weight[None, :, None])
        for tensor in (n, sums):
            if dist.is_available() and dist.is_initialized():
                dist.all_reduce(tensor)
        self.counts.mul_(self.decay).add_(n, alpha=1 - self.decay)
        self.sums.mul_(self.decay).add_(sums, alpha=1 - self.decay)
        self._restart(flat, weight)
        total = self.counts.sum(1, keepdim=True)
        smooth = (self.counts + EPS) / (total + self.codes * EPS) * total
        self.book.copy_(self.sums / smooth.clamp_min(EPS)[..., None])
        self.updates.add_(1)

    def _restart(self, flat: Tensor, weight: Tensor) -> None:
        """Replace codes that hardly any feature chooses by features of this batch, with the mean count."""
        mean = self.counts.mean(1, keepdim=True)
        due = torch.remainder(self.updates + 1, float(self.restart_every)) == 0
        dead = (self.counts < DEAD_SHARE * mean) & due
        fresh = self._draw(flat, weight, self.codes)
        self.counts.copy_(torch.where(dead, mean, self.counts))
        self.sums.copy_(torch.where(dead[..., None], fresh * mean[..., None], self.sums))

    def _draw(self, flat: Tensor, weight: Tensor, n: int) -> Tensor:
        """n features per group (G, n, c), with chances in proportion to `weight`; the first process draws for all."""
        ends = weight.cumsum(0)
        u = torch.rand(self.groups, n, device=flat.device, dtype=ends.dtype) * ends[-1]
        index = torch.searchsorted(ends, u).clamp_max(len(ends) - 1)
        fresh = flat.gather(1, index[..., None].expand(-1, -1, flat.shape[-1]))
        if dist.is_available() and dist.is_initialized():
            dist.broadcast(fresh, 0)
        return fresh


def _nearest(x: Tensor, book: Tensor) -> Tensor:
    """Index (G, n) of the nearest code for x (G, n, c) in a book (G, V, c); |x|^2 is the same for all codes."""
    return (book.square().sum(-1)[:, None] - 2 * torch.bmm(x, book.transpose(1, 2))).argmin(-1)
