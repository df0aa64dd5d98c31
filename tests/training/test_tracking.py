"""Trackers mirror a run; they never stop it. Fakes stand in for tools that are not installed."""

import sys
import threading
import types
import warnings

import pandas as pd
import pytest

from quakebook.training.runs import Run
from quakebook.training.tracking import TrackerError, mirror, open_tracker


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path / "runs" / "paper" / "abc")
    run.note(paper="paper", metrics={"score": 0.5})
    run.config = {"training": {"steps": 3}, "size": 4}
    return run


@pytest.fixture
def fake(monkeypatch):
    """Put modules under names into sys.modules for one test."""
    def put(**modules):
        for name, attributes in modules.items():
            module = types.ModuleType(name.replace("__", "."))
            module.__dict__.update(attributes)
            monkeypatch.setitem(sys.modules, module.__name__, module)
    return put


def rows(tracker, n=5):
    for step in range(1, n + 1):
        tracker.log(step, {"loss": 1 / step})
    tracker.close()


def test_none_does_nothing(run):
    rows(open_tracker("none", run))
    assert not (run.path / "tracking").exists()


def test_csv(run):
    rows(open_tracker("csv", run))
    table = pd.read_csv(run.path / "tracking" / "csv" / "metrics.csv")
    assert list(table["step"]) == ["1", "2", "3", "4", "5", "final"] and table["value"].iloc[1] == 0.5


def test_mlflow_calls(run, fake, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    calls = []

    class Client:
        def __init__(self, tracking_uri):
            calls.append(("uri", tracking_uri))

        def get_experiment_by_name(self, name):
            return None

        def create_experiment(self, name, artifact_location):
            return f"id of {name}"

        def create_run(self, experiment, run_name, tags):
            calls.append(("run", experiment, run_name))
            return types.SimpleNamespace(info=types.SimpleNamespace(run_id="r1"))

        def log_param(self, _, key, value):
            calls.append(("param", key, value))

        def log_batch(self, _, metrics):
            calls.append(("batch", len(metrics)))

        def log_metric(self, _, key, value):
            calls.append(("metric", key, value))

        def log_artifact(self, _, path, folder):
            calls.append(("file", folder, path.rsplit("/", 1)[1]))

        def set_terminated(self, _, status):
            calls.append(("end", status))

    fake(mlflow={}, mlflow__tracking={"MlflowClient": Client}, mlflow__entities={"Metric": lambda *a: a})
    (run.path / "tracked.csv").write_text("step,eval_loss,name\n1,0.5,a\n2,,b\n")
    run.write_arrays("track", {"a": [1]})
    run.save_checkpoint("last", {"a": 1})
    rows(open_tracker("mlflow", run), n=7)
    assert calls[0] == ("uri", f"sqlite:///{run.path.parent.parent / 'mlflow.db'}")
    assert ("run", "id of paper", "abc") in calls and ("param", "training.steps", "3") in calls
    assert sum(call[1] for call in calls if call[0] == "batch") == 7 + 1  # and one tracked loss
    assert {call[1:] for call in calls if call[0] == "file"} == {
        (None, "record.json"), (None, "tracked.csv"), ("arrays", "track.h5")}
    assert calls[-2:] == [("metric", "final.score", 0.5), ("end", "FINISHED")]


def test_tensorboard_calls(run, fake):
    written = []

    class Writer:
        def __init__(self, log_dir):
            self.log_dir = log_dir

        def add_scalar(self, key, value, global_step=None, walltime=None):
            written.append((key, global_step))

        def close(self):
            written.append("closed")

    fake(tensorboard={}, torch__utils__tensorboard={"SummaryWriter": Writer})
    rows(open_tracker("tensorboard", run), n=2)
    assert written == [("loss", 1), ("loss", 2), ("final/score", None), "closed"]


def test_wandb_is_offline(run, fake, monkeypatch):
    monkeypatch.delenv("WANDB_MODE", raising=False)
    seen = {}

    class Online:
        def __init__(self, **options):
            seen["options"], self.summary = options, {}

        def log(self, values, step):
            seen.setdefault("steps", []).append(step)

        def save(self, path, base_path, policy):
            seen.setdefault("files", []).append(path.removeprefix(base_path))

        def finish(self, exit_code):
            seen["exit"] = exit_code
            seen["summary"] = self.summary

    fake(wandb={"init": lambda **options: Online(**options)})
    rows(open_tracker("wandb", run), n=3)
    assert seen["options"]["mode"] == "offline" and seen["steps"] == [1, 2, 3] and seen["files"] == ["/record.json"]
    assert seen["summary"] == {"score": 0.5, "status": "finished"} and seen["exit"] == 0


@pytest.mark.parametrize("name", ["mlflow", "tensorboard", "wandb"])
def test_a_tool_that_is_not_installed_names_its_extra(run, name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(TrackerError, match=rf"pip install 'quakebook\[{name}\]'"):
        open_tracker(name, run)


def test_unknown_tracker(run):
    with pytest.raises(TrackerError, match="there are: none, csv, mlflow, tensorboard, wandb"):
        open_tracker("neptune", run)


class Dying:
    """Raises in one of its methods."""

    def __init__(self, where):
        self.where = where
        if where == "make":
            raise ConnectionError("no server")

    def write(self, rows):
        if self.where == "write":
            raise ConnectionError("no server")

    def close(self, metrics, status):
        if self.where == "close":
            raise ConnectionError("no server")


@pytest.mark.parametrize("where", ["make", "write", "close"])
def test_a_dead_tracker_never_stops_a_training(toys, same, tmp_path, monkeypatch, where):
    from quakebook.training.tracking import to_csv

    alone = toys.train("gan", tmp_path / "a", "training.log_every=1")
    monkeypatch.setattr(to_csv, "Backend", lambda run: Dying(where))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = toys.train("gan", tmp_path / "b", "training.log_every=1", "training.tracker=csv")
    assert run.finished and same(run.load_checkpoint("model"), alone.load_checkpoint("model"))
    ours = [str(w.message) for w in caught if "tracker" in str(w.message)]
    assert len(ours) == 1 and "tracker csv stopped (ConnectionError: no server)" in ours[0]


def test_a_dead_tracker_survives_warnings_as_errors(toys, tmp_path, monkeypatch):
    """Even where the reader turned warnings into errors, the training goes on."""
    from quakebook.training.tracking import to_csv

    monkeypatch.setattr(to_csv, "Backend", lambda run: Dying("write"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert toys.train("gan", tmp_path, "training.log_every=1", "training.tracker=csv").finished


def test_a_hanging_tracker_is_left_behind(run, monkeypatch):
    from quakebook.training.tracking import to_csv

    free = threading.Event()

    class Hanging(Dying):
        def write(self, rows):
            free.wait(20)

    monkeypatch.setattr(mirror, "PATIENCE_S", 0.1)
    monkeypatch.setattr(to_csv, "Backend", lambda run: Hanging("nowhere"))
    with pytest.warns(RuntimeWarning, match="no answer within"):
        rows(open_tracker("csv", run))
    free.set()


def test_a_tracked_training_leaves_no_thread(toys, tmp_path):
    toys.train("gan", tmp_path, "training.tracker=csv")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("quakebook")]


@pytest.mark.parametrize("name", ["mlflow", "tensorboard", "wandb"])
def test_the_real_tool(run, name, monkeypatch):
    tool = pytest.importorskip(name, reason="needs the extra tracking")
    for variable in ("MLFLOW_TRACKING_URI", "WANDB_MODE"):
        monkeypatch.delenv(variable, raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # foreign tools' own deprecations
        tracker = open_tracker(name, run)
        rows(tracker)
        assert tracker._error is None and not tracker._thread.is_alive()
        if name == "mlflow":
            client = tool.tracking.MlflowClient(f"sqlite:///{run.path.parent.parent / 'mlflow.db'}")
            found, = client.search_runs([client.get_experiment_by_name("paper").experiment_id])
            assert found.data.metrics == {"loss": 0.2, "final.score": 0.5} and found.data.params["size"] == "4"
            assert found.info.status == "FINISHED"
            assert [each.path for each in client.list_artifacts(found.info.run_id)] == ["record.json"]
            history = client.get_metric_history(found.info.run_id, "loss")
            assert [metric.value for metric in history] == [1 / step for step in range(1, 6)]
    pattern = {"mlflow": "../../mlflow.db", "tensorboard": "tracking/tensorboard/events*",
               "wandb": "tracking/wandb/offline-run-*"}[name]
    assert list(run.path.glob(pattern))


class Noted:
    """Remembers what it is given."""

    def __init__(self, calls):
        self.calls = calls

    def write(self, rows):
        self.calls += [values for _, _, values in rows]

    def close(self, metrics, status):
        self.calls.append((dict(metrics), status))


def test_final_metrics_of_a_training_reach_its_tracker(toys, tmp_path, monkeypatch):
    from quakebook.training.tracking import to_csv

    calls = []
    monkeypatch.setattr(to_csv, "Backend", lambda run: Noted(calls))
    run = toys.train("plain", tmp_path, "training.tracker=csv", "training.steps=3")
    assert calls[-1] == (run.record["metrics"], "finished") and list(run.record["metrics"]) == ["dev"]


@pytest.mark.parametrize(("error", "status"), [(RuntimeError("no"), "failed"), (KeyboardInterrupt(), "interrupted")])
def test_how_a_training_ended_is_told(toys, tmp_path, monkeypatch, error, status):
    from quakebook.training.tracking import to_csv

    def fail(self, run):
        raise error

    calls = []
    monkeypatch.setattr(to_csv, "Backend", lambda run: Noted(calls))
    monkeypatch.setattr(toys.Plain, "finish", fail)
    with pytest.raises(type(error)):
        toys.train("plain", tmp_path, "training.tracker=csv", "training.steps=3")
    assert calls[-1] == ({}, status)


def test_a_failed_training_has_failed_in_mlflow(toys, tmp_path, monkeypatch):
    """The real tool, through the loop: status, files and no final metrics."""
    tool = pytest.importorskip("mlflow", reason="needs the extra tracking")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    def fail(self, run):
        raise RuntimeError("no")

    monkeypatch.setattr(toys.Plain, "finish", fail)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tool's own deprecations
        with pytest.raises(RuntimeError, match="no"):
            toys.train("plain", tmp_path, "training.tracker=mlflow", "training.steps=3")
        store, = tmp_path.rglob("mlflow.db")
        client = tool.tracking.MlflowClient(f"sqlite:///{store}")
        found, = client.search_runs([each.experiment_id for each in client.search_experiments()])
        files = {each.path for each in client.list_artifacts(found.info.run_id)}
    assert found.info.status == "FAILED" and {"record.json", "config.yaml", "metrics.csv"} <= files
    assert not [name for name in found.data.metrics if name.startswith("final.")]
