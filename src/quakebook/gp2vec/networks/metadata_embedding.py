"""Station metadata to vectors: tables for codes, a small network for numbers, convolutions for the response curve."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..data.metadata import BUCKETS, FLAGS, NUMBERS, Metadata, continuous_numbers, tensors

CATEGORICAL_WIDTH, CONTINUOUS_WIDTH, RESPONSE_WIDTH = 32, 128, 64
JOINED_WIDTH = CATEGORICAL_WIDTH * len(BUCKETS) + CONTINUOUS_WIDTH + RESPONSE_WIDTH
#: Share of training samples whose station code is hidden: a table of stations cannot help at a new one.
STATION_DROP = 0.5


class CategoricalEmbedding(nn.Module):
    """One table per code; index 0, and any index outside the table, is "unknown"."""

    def __init__(self, width: int = CATEGORICAL_WIDTH) -> None:
        super().__init__()
        self.tables = nn.ModuleDict({name: nn.Embedding(size, width) for name, size in BUCKETS.items()})
        for table in self.tables.values():
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, fields: dict[str, Tensor], batch: int, device: torch.device) -> Tensor:
        """Tokens (batch, 6, width)."""
        tokens = []
        for name, table in self.tables.items():
            index = fields.get(name)
            index = torch.zeros(batch, dtype=torch.int64, device=device) if index is None else index.long()
            index = torch.where((index >= 0) & (index < table.num_embeddings), index, 0)
            if self.training and name == "station":
                index = torch.where(torch.rand(batch, device=device) < STATION_DROP, 0, index)
            tokens.append(table(index))
        return torch.stack(tokens, dim=1)


class ContinuousEmbedding(nn.Module):
    """17 numbers and flags to 128 through two linear layers."""

    def __init__(self, width: int = CONTINUOUS_WIDTH) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(NUMBERS + FLAGS, width), nn.Linear(width, width)

    def forward(self, fields: dict[str, Tensor], batch: int, device: torch.device) -> Tensor:
        """Vectors (batch, 128)."""
        return self.second(F.gelu(self.first(continuous_numbers(fields, batch, device))))


class ResponseEmbedding(nn.Module):
    """The response curve to 64 numbers: three convolutions over frequency and their mean; NaN counts as 0."""

    def __init__(self, width: int = RESPONSE_WIDTH) -> None:
        super().__init__()
        widths = (1, 16, 32, width)
        self.convs = nn.ModuleList(nn.Conv1d(a, b, 5, stride=2, padding=2)
                                   for a, b in zip(widths[:-1], widths[1:], strict=True))

    def forward(self, fields: dict[str, Tensor], batch: int, device: torch.device) -> Tensor:
        """Vectors (batch, 64)."""
        curve = fields.get("response")
        x = torch.zeros(batch, 64, device=device) if curve is None else torch.nan_to_num(curve.float())
        x = x[:, None]
        for conv in self.convs:
            x = F.gelu(conv(x))
        return x.mean(-1)


class MetadataEncoder(nn.Module):
    """Metadata to one vector (batch, D) and, for attention, its eight parts.

    Parameters
    ----------
    width : int
        D.
    zero : bool
        Start the last layer at zero, so that adding the vector changes nothing at first.
    drop : float
        Share of training samples that are treated as having no metadata.
    """

    def __init__(self, width: int, zero: bool = True, drop: float = 0.1) -> None:
        super().__init__()
        self.categorical, self.continuous = CategoricalEmbedding(), ContinuousEmbedding()
        self.response = ResponseEmbedding()
        self.norm, self.out = nn.LayerNorm(JOINED_WIDTH), nn.Linear(JOINED_WIDTH, width)
        self.nothing = nn.Parameter(torch.zeros(width))
        self.drop = drop
        if zero:
            nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def parts(self, metadata: Metadata, batch: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
        """Categorical tokens (batch, 6, 32), numbers (batch, 128), response (batch, 64)."""
        fields = tensors(metadata, batch, device)
        return tuple(encoder(fields, batch, device) for encoder in (self.categorical, self.continuous, self.response))

    def joined(self, parts: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """The vector (batch, D) of all parts together."""
        return self.out(self.norm(torch.cat([parts[0].flatten(1), parts[1], parts[2]], dim=1)))

    def hidden(self, batch: int, device: torch.device) -> Tensor | None:
        """Samples (batch, 1) whose metadata are hidden in this training step; None outside training."""
        return torch.rand(batch, 1, device=device) < self.drop if self.training and self.drop else None
