"""Recorded speeds of training steps and of the windows that feed them."""

from __future__ import annotations

import pandas as pd

from quakebook.numerals import numeral
from quakebook.training.recorded import Recorded

from ..recorded import read
from .pretraining import not_recorded

NAME = "tiny-throughput"
#: Metric -> row of the table.
ROWS = {"step.32-true": "training step, single precision", "step.bf16-mixed": "training step, bfloat16",
        "step.compiled": "training step, single precision, compiled",
        "pipeline.miniseed": "windows cut from miniSEED on disk", "pipeline.shards": "windows from shards on disk",
        "pipeline.s3_miniseed": "windows cut from miniSEED in S3", "pipeline.s3_shards": "windows from shards in S3"}


def recorded_result() -> Recorded | None:
    """The recorded speeds; None where there are none."""
    return read.result(NAME) if NAME in read.available() else None


def table(kept: Recorded) -> pd.DataFrame:
    """Windows a second, one row each; what was not measured says so."""
    values = read.metrics_of(kept)
    speeds = {key: numeral(values[key], 3) if key in values else "not measured" for key in ROWS}
    return pd.DataFrame({"what": list(ROWS.values()), "windows a second": list(speeds.values())})


def caption(kept: Recorded) -> str:
    """What was measured, and where."""
    facts, settings = kept.facts, kept.facts["settings"]
    threads = "one thread" if facts["threads"] == 1 else f"{facts['threads']} threads"
    return (f"Windows of 30 s a second (recorded on {facts['device']}, {threads}, measured once): whole training steps "
            f"of the {settings['network']['size']} network with {settings['data']['batch_size']} windows each, and "
            "windows read from the synthetic archive. The S3 server runs in the same process: no network lies between.")


def sentence(kept: Recorded | None) -> str:
    """What compilation gains, how far the losses lie apart, and which source keeps up with the fastest step."""
    if kept is None:
        return not_recorded("measurement of the compiled step and of the windows that feed it")
    values, parts = read.metrics_of(kept), []
    steps = {key: values[key] for key in ROWS if key.startswith("step.") and key in values}
    if "step.compiled" in values:
        times = values["step.compiled"] / values["step.32-true"]
        off = values["loss_off.compiled"]
        loss = f"differs by a share of {off:.1e}" if off else "is the same number in single precision"
        parts.append(f"The compiled step makes {times:.2f} times the windows a second of the plain one; its first loss "
                     f"{loss}.")
    else:
        parts.append("The compiled step was not measured: there was no compiler.")
    fastest = max(steps.values())
    slow = [title for key, title in ROWS.items() if key.startswith("pipeline.") and values.get(key, fastest) < fastest]
    parts.append(f"Slower than the fastest step, so that a training would wait for them: {'; '.join(slow)}." if slow
                 else "Each source that was measured gives more windows a second than the fastest step uses.")
    return " ".join(parts)


def metrics(kept: Recorded | None) -> dict[str, float]:
    """Numbers that the claims ask for: difference of the first loss as a share of it."""
    if kept is None:
        return {}
    values = read.metrics_of(kept)
    return {f"pretraining.throughput.{way}": values[f"loss_off.{way}"] for way in ("compiled", "bf16-mixed")
            if f"loss_off.{way}" in values}
