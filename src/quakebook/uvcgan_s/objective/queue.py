"""Earlier outputs of a critic's body, for heads that look at more than the present batch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class Queue:
    """The last `size` images (rows) that were pushed, in a ring.

    `query` gives None before the first push, then the filled rows; with size 0 an empty tensor of the right shape.
    """

    def __init__(self, size: int) -> None:
        self.size, self._count, self._next = size, 0, 0
        self._rows: Tensor | None = None

    def __len__(self) -> int:
        return self._count

    def query(self) -> Tensor | None:
        """Rows (k, ...) in ring order, k up to `size`."""
        return None if self._rows is None else self._rows[:self._count]

    @torch.no_grad()
    def push(self, rows: Tensor) -> None:
        """Take in a batch (B, ...); the oldest rows make place, of a batch beyond `size` the last rows remain."""
        rows = rows.detach()
        if self._rows is None:
            self._rows = rows.new_zeros((self.size, *rows.shape[1:]))
        rows = rows[max(len(rows) - self.size, 0):] if self.size else rows[:0]
        if not len(rows):
            return
        places = (self._next + torch.arange(len(rows), device=rows.device)) % self.size
        self._rows = self._rows.index_copy(0, places, rows)  # graphs of this step may still hold the old rows
        self._next = (self._next + len(rows)) % self.size
        self._count = min(self._count + len(rows), self.size)

    def state_dict(self) -> dict[str, Any]:
        return {"rows": self._rows, "count": self._count, "next": self._next}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._rows, self._count, self._next = state["rows"], state["count"], state["next"]
