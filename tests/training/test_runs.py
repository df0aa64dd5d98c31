"""Runs: one identity, one computation, whole folders."""

import json
import multiprocessing
import os
import time
from dataclasses import dataclass, replace

import pytest

from quakebook.training import identity, lock, runs
from quakebook.training.config import TrainingConfig
from quakebook.training.files import RunError
from quakebook.training.log import MetricsLog, read

MODULES = ["quakebook.training.config"]


@dataclass(frozen=True)
class Config:
    size: int = 3
    training: TrainingConfig = TrainingConfig(seed=7, threads=2)


@pytest.fixture
def ask(tmp_path):
    """`ask(work, config=..., data=...)`: obtain in a fresh root; counts how often work ran."""
    def get(work=lambda run: None, config=None, data="data", modules=MODULES):
        def counted(run):
            get.times += 1
            work(run)
        return runs.obtain("paper", config or Config(), data, modules, counted, root=tmp_path)

    get.times, get.root = 0, tmp_path
    return get


def test_computed_once(ask):
    first = ask(lambda run: run.report({"score": 0.5}))
    again = ask(lambda run: run.report({"score": 0.7}))
    assert ask.times == 1 and again.id == first.id and again.finished
    assert again.record["metrics"] == {"score": 0.5}
    assert first.path == ask.root / "paper" / first.id


def test_record_says_what_it_was(ask):
    run = ask(lambda run: time.sleep(0.02))
    found = json.loads((run.path / "record.json").read_text())
    assert found["status"] == "finished" and found["seconds"] >= 0.02 and found["peak_memory_mb"] > 10
    assert (found["seed"], found["threads"], found["data"], found["paper"]) == (7, 2, "data", "paper")
    assert found["versions"]["torch"] and found["package"] and found["device"] and found["modules"] == MODULES
    assert found["started"] <= found["finished"]
    assert run.config == {"size": 3, "training": run.config["training"]} and run.config["training"]["seed"] == 7


def test_identity_follows_config_data_and_source(ask, tmp_path):
    from quakebook.training.config import to_dict

    base = to_dict(Config())
    name = identity.identify("p", base, "d", MODULES)
    assert name == identity.identify("p", dict(reversed(base.items())), "d", MODULES)
    others = [identity.identify("q", base, "d", MODULES), identity.identify("p", base, "e", MODULES),
              identity.identify("p", base | {"size": 4}, "d", MODULES),
              identity.identify("p", base, "d", ["quakebook.training.files"]),
              identity.identify("p", to_dict(Config(training=TrainingConfig(seed=8))), "d", MODULES)]
    assert len({name, *others}) == 6


@pytest.mark.parametrize("change", [{"progress": False}, {"tracker": "csv"}, {"checkpoint_every": 5}])
def test_what_does_not_change_the_result_does_not_change_the_identity(ask, change):
    ask()
    ask(config=Config(training=replace(Config().training, **change)))
    assert ask.times == 1


def test_a_failed_run_is_noted_and_computed_again(ask):
    def fail(run):
        raise ValueError("no luck")

    with pytest.raises(ValueError, match="no luck"):
        ask(fail)
    folder = next(ask.root.glob("paper/*/record.json")).parent
    assert runs.Run(folder).record["status"] == "failed" and "no luck" in runs.Run(folder).record["error"]
    assert ask().finished and ask.times == 2
    assert "error" not in runs.Run(folder).record


def test_ctrl_c_leaves_an_interrupted_run(ask):
    def interrupted(run):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(interrupted)
    run = runs.Run(next(ask.root.glob("paper/*/record.json")).parent)
    assert run.record["status"] == "interrupted" and not run.finished


def test_seconds_add_up_over_attempts(ask):
    def half(run):
        time.sleep(0.05)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(half)
    assert ask(lambda run: time.sleep(0.05)).record["seconds"] >= 0.1


def _slow(root, results):
    def work(run):
        time.sleep(0.3)
        run.report({"pid": os.getpid()})

    results.put(runs.obtain("paper", Config(), "data", MODULES, work, root=root).record["metrics"]["pid"])


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_two_processes_compute_it_once(tmp_path):
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    workers = [context.Process(target=_slow, args=(tmp_path, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    pids = {results.get(timeout=120) for _ in workers}
    for worker in workers:
        worker.join()
    assert len(pids) == 1


def _die_holding(path):
    with lock.held(path):
        os._exit(9)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_the_lock_of_a_dead_process_is_no_deadlock(tmp_path, capsys):
    worker = multiprocessing.get_context("fork").Process(target=_die_holding, args=(tmp_path / ".x.lock",))
    worker.start()
    worker.join()
    with lock.held(tmp_path / ".x.lock"):
        assert capsys.readouterr().err == ""  # it would say so if it had to wait


def test_a_lock_file_left_over_is_no_obstacle(ask):
    run = ask()
    (run.path / "record.json").unlink()
    (run.path.parent / f".{run.id}.lock").write_text("stale")
    assert ask().finished


def test_waiting_says_so(tmp_path, capsys, monkeypatch):
    import threading

    monkeypatch.setattr(lock, "QUIET_S", 0.05)
    got = threading.Event()

    def second():
        with lock.held(tmp_path / ".x.lock"):
            got.set()

    with lock.held(tmp_path / ".x.lock"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        assert not got.is_set()
    thread.join(5)
    assert got.is_set() and "waiting for it" in capsys.readouterr().err


def test_a_root_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="QUAKEBOOK_RUNS"):
        runs.obtain("paper", Config(), "d", MODULES, lambda run: None, root=tmp_path / "file")


def test_open_by_folder_name_and_beginning(ask):
    run, other = ask(), ask(data="other")
    assert runs.Run.open(run.path).id == run.id
    assert runs.Run.open(run.id, root=ask.root).path == run.path
    assert runs.Run.open(run.id[:9], root=ask.root).path == run.path
    with pytest.raises(RunError, match=f"no run 'zzz'.*{min(run.id, other.id)}"):
        runs.Run.open("zzz", root=ask.root)


def test_open_uses_the_environment(ask, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(ask.root))
    assert runs.Run.open(ask().id).finished


def test_runs_root(monkeypatch, tmp_path):
    monkeypatch.setenv("QUAKEBOOK_RUNS", "/somewhere")
    assert str(runs.runs_root()) == "/somewhere"
    monkeypatch.delenv("QUAKEBOOK_RUNS")
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert runs.runs_root() == tmp_path / "runs"


def test_a_helping_process_writes_nothing(ask, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "1")

    def work(run):
        run.report({"a": 1})
        run.write_arrays("x", {"a": [1]})
        run.save_checkpoint("y", {"a": 1})

    ask(work, Config(training=TrainingConfig(devices=2)))
    assert ask.times == 1 and not list(ask.root.rglob("*.*"))


def test_metrics_log_grows_and_resumes(tmp_path):
    path = tmp_path / "metrics.csv"
    log = MetricsLog(path)
    log.add(10, {"loss": 1.0})
    log.add(20, {"loss": 0.1 + 0.2})
    log.add(20, {"dev": 3.0})
    log.add(30, {"loss": float("nan"), "dev": 1.0})
    table = read(path)
    assert list(table.columns) == ["step", "loss", "dev"] and list(table["step"]) == [10, 20, 30]
    assert table["loss"][1] == 0.1 + 0.2 and table["dev"].isna().sum() == 1
    with path.open("a") as out:
        out.write("40,0.1")  # the process died here
    assert list(read(path)["step"]) == [10, 20, 30]
    MetricsLog(path, start=20).add(25, {"loss": 0.5})
    assert list(read(path)["step"]) == [10, 20, 25]
    MetricsLog(path)
    assert len(read(path)) == 0


def test_no_log_is_an_empty_table(ask):
    assert len(ask().metrics()) == 0


@pytest.mark.parametrize(("name", "content"), [
    ("metrics.csv", b"step,a\n1,\xff\xfe\n"), ("metrics.csv", b"step,a\n1,1.0\n\0\0\0\0\n"),
    ("metrics.csv", b"step,a\n1,1.0,2.0\n"), ("metrics.csv", b"step,a\nx,1.0\n"), ("metrics.csv", b"a,b\n1,2\n"),
    ("metrics.csv", b"step,a\n1,many\n"), ("record.json", b"[]"), ("config.yaml", b"a: \xff\xfe\n"),
    ("config.yaml", b"a: [1\n"), ("config.yaml", b"[" * 20_000), ("config.yaml", b"- 1\n- 2\n"),
    ("record.json", b"[" * 100_000)])
def test_a_damaged_file_of_an_unfinished_run_is_named(ask, name, content):
    def stop(run):
        MetricsLog(run.path / "metrics.csv", 1).add(1, {"a": 1.0})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(stop)
    path = next(ask.root.glob("paper/[!.]*")) / name
    path.write_bytes(content)
    with pytest.raises(RunError, match=rf"{name}.* damaged .*remove its folder to start again"):
        ask(stop)


def test_a_log_with_words_is_named(tmp_path):
    (tmp_path / "metrics.csv").write_text("step,a\n1,many\n")
    with pytest.raises(RunError, match=r"csv is damaged .line 2: expected a step and 1 numbers; found '1,many'"):
        read(tmp_path / "metrics.csv")
