"""MLflow with a SQLite file beside the runs: no server. ``$MLFLOW_TRACKING_URI`` points it elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NEEDS = ("mlflow",)
STATUS = {"finished": "FINISHED", "failed": "FAILED", "interrupted": "KILLED"}
PARAM_LENGTH = 500  # MLflow refuses longer parameter values in older stores


class Backend:
    """One MLflow run a training, in the experiment named after the paper; rows go in batches."""

    def __init__(self, run: Any) -> None:
        from mlflow.tracking import MlflowClient

        file = run.path.parent.parent / "mlflow.db"
        self._client = MlflowClient(tracking_uri=os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{file}")
        found = self._client.get_experiment_by_name(run.paper)
        experiment = found.experiment_id if found else self._client.create_experiment(
            run.paper, artifact_location=(file.parent / "mlflow-artifacts").as_uri())
        self._id = self._client.create_run(experiment, run_name=run.id, tags={"quakebook.run": run.id}).info.run_id
        for key, value in flat(run.config).items():
            self._client.log_param(self._id, key, str(value)[:PARAM_LENGTH])

    def write(self, rows: list[tuple[int, float, Mapping[str, float]]]) -> None:
        from mlflow.entities import Metric

        values = [Metric(key, value, int(at * 1000), step) for step, at, row in rows for key, value in row.items()]
        for first in range(0, len(values), 1000):  # MLflow's limit for one batch
            self._client.log_batch(self._id, metrics=values[first:first + 1000])

    def keep(self, files: list[Path], root: Path) -> None:
        for path in files:
            inside = path.relative_to(root).parent.as_posix()
            self._client.log_artifact(self._id, str(path), None if inside == "." else inside)

    def close(self, metrics: Mapping[str, float], status: str) -> None:
        for key, value in metrics.items():
            if isinstance(value, (int, float)):
                self._client.log_metric(self._id, f"final.{key}", value)
        self._client.set_terminated(self._id, status=STATUS[status])


def flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested dicts -> dotted keys."""
    found = {}
    for key, value in tree.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return found
