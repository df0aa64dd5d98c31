"""The recorded speeds; called by ``quakebook record gp2vec tiny-throughput`` through the plan."""

from __future__ import annotations

from quakebook.training.allocator import keep_freed_memory
from quakebook.training.recorded_plan import Outcome

from ..settings import config
from ..studies.pipeline import speeds
from ..studies.throughput import measured, measured_compiled
from .make import named


def throughput(name: str, preset: str, steps: int, seconds: float) -> Outcome:
    """Windows a second of training steps and of what feeds them, on a CPU; what cannot be measured is absent.

    Parameters
    ----------
    preset : str
        Says the size of the network and the windows of a step.
    steps : int
        Steps after the one to warm up.
    seconds : float
        For each source of windows.
    """
    keep_freed_memory()
    settings = config(preset=preset)
    size, batch = settings.network.size, settings.data.batch_size
    rows = measured(size, (batch,), "cpu", steps)
    metrics = {f"step.{row['precision']}": row["windows a second"] for row in rows}
    full, half = (row["loss"] for row in rows)
    metrics |= {"loss_off.bf16-mixed": abs(half - full) / full}
    fast = measured_compiled(size, batch, "cpu", steps)
    if fast is not None:
        metrics |= {"step.compiled": fast["windows a second"], "loss_off.compiled": abs(fast["loss"] - full) / full}
    metrics |= {f"pipeline.{source}": value for source, value in speeds(seconds).items()}
    return Outcome(named(name, metrics), {}, settings, None, {"data": "synthetic"})
