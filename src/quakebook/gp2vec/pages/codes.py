"""What the codes of a training stand for, and how fast a step is on this machine."""

from __future__ import annotations

import numpy as np

from quakebook.training.runs import Run

from ..api import model_of, settings_of
from ..data.splits import EVENT, KINDS, load
from ..scoring.code_use import Told, codes_of, joint_use, tells
from ..scoring.guesses import Guesses, guesses
from ..studies.throughput import measured


def held_out_codes(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Codes (n, T, G) of the held-out windows, and the kind of each window (n,)."""
    settings = settings_of(run)
    pool = load(settings.data, "dev")
    return (codes_of(model_of(run), pool, settings.data.samples, settings.evaluation.batch_size),
            pool.kind.cpu().numpy())


def one_window(run: Run) -> Guesses:
    """The first held-out window with an event, and what the network makes of its hidden frames."""
    settings = settings_of(run)
    pool = load(settings.data, "dev")
    event = int((pool.kind == EVENT).nonzero()[0])
    return guesses(model_of(run), pool, settings.data.samples, event, (event + 1) % len(pool))


def guesses_sentence(found: Guesses) -> str:
    """How many of the hidden frames of this window were found at once, and how often chance would."""
    asked = found.rank[found.rank >= 0]
    hits = int((asked == 0).sum())
    return (f"In this window the true target comes first in {hits} of {len(asked)} hidden frames; its middle rank is "
            f"{np.median(asked):.0f}. One window: the next figure counts all.")


def pairs(codes: np.ndarray) -> np.ndarray:
    """How often a code of the first book goes with one of the second."""
    return joint_use(codes)


def what_codes_tell(codes: np.ndarray, kind: np.ndarray) -> list[Told]:
    """Information about the kind of window, one a book."""
    return [tells(codes[..., g], kind) for g in range(codes.shape[-1])]


def codes_sentence(told: list[Told], kind: np.ndarray) -> str:
    """Bits that a single code tells of the kind of its window, against permuted kinds."""
    share = np.bincount(kind) / len(kind)
    whole = -sum(p * np.log2(p) for p in share if p > 0)
    parts = [f"{each.bits:.2f} bits ({'above' if each.tells else 'not above'} the {each.bound:.2f} that permuted kinds "
             "reach)" for each in told]
    return (f"One code tells of the kind of its window ({', '.join(KINDS)}): {' and '.join(parts)}, codebook by "
            f"codebook. Knowing the kind outright would be {whole:.2f} bits.")


def speeds(preset: str) -> list[dict[str, float | str]]:
    """Windows a second of the tiny network, measured now."""
    return measured(batches=(1, 4), steps=1) if preset == "smoke" else measured(batches=(1, 4, 16), steps=3)


def throughput_sentence(rows: list[dict[str, float | str]]) -> str:
    """How far the losses of the two precisions lie apart, and which is faster here."""
    by = {(row["precision"], row["batch"]): row for row in rows}
    batches = sorted({row["batch"] for row in rows})
    apart = max(abs(by["bf16-mixed", b]["loss"] - by["32-true", b]["loss"]) for b in batches)
    full, half = (by[precision, batches[-1]]["windows a second"] for precision in ("32-true", "bf16-mixed"))
    word = "faster" if half > full else "slower"
    times = max(half, full) / min(half, full)
    return (f"With {batches[-1]} windows a step, bf16-mixed is {times:.1f} times {word} than 32-true on this machine; "
            f"the losses of the first batch differ by at most {apart:.4f}.")
