"""The GPU program on the CPU: every job in small, killed and called again, results packed and told."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "benchmarks" / "gpu.py"


@pytest.fixture(scope="module")
def jobs():
    """The module that lists the jobs, and the one that keeps results."""
    sys.path.insert(0, str(PROGRAM.parent))
    import gpu_jobs
    import gpu_results

    yield gpu_jobs, gpu_results
    sys.path.remove(str(PROGRAM.parent))
    for name in [name for name in sys.modules if name.startswith("gpu_")]:
        del sys.modules[name]


def call(folder, *words, **environment):
    """The finished program."""
    return subprocess.run([sys.executable, str(PROGRAM), "--device", "cpu", "--tiny", "--folder", str(folder), *words],
                          capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment}, timeout=900)


@pytest.mark.slow
def test_every_job_runs_in_small(tmp_path, jobs):
    done = call(tmp_path / "all", "--budget-s", "800", OUT=str(tmp_path / "out"))
    found = {job.name: gpu_results_state(tmp_path / "all", job.name) for job in jobs[0].JOBS}
    assert found == dict.fromkeys(found, "done"), done.stdout + done.stderr
    assert done.returncode == 0
    facts = json.loads((tmp_path / "all/measured/steps.bluedisc.json").read_text())
    assert facts["numbers"]["hybrid.captured.ms"] > 0 and facts["versions"]["torch"] and facts["tiny"] is True
    assert facts["numbers"]["hybrid.captured.longest"] and facts["cpu_seconds"] > 0
    with tarfile.open(tmp_path / "out/gpu-0.tar") as packed:
        names = packed.getnames()
    assert "measured/steps.bluedisc.json" in names and "recorded/bluedisc/paper/bce-42.json" in names
    assert "steps.bluedisc" in done.stdout and "hybrid.captured.ms" in done.stdout


def test_every_recorded_job_can_be_tried_small(jobs):
    """Its entry is in the plan, and the smaller one asks for less: the smoke preset, or networks and steps as there."""
    from gpu_tiny import shrunk
    from gpu_work import planned

    for job in jobs[0].JOBS:
        if job.function.startswith("record:"):
            entry = planned(*job.function.split(":")[1:])
            small = shrunk(entry).arguments
            assert small.get("preset") == "smoke" or "training.steps=2" in small["overrides"], job.name
            assert small != entry.arguments and small.get("seed") == entry.arguments.get("seed")


def gpu_results_state(folder, name):
    """What the job's file says."""
    path = folder / "measured" / f"{name}.json"
    return json.loads(path.read_text())["state"] if path.is_file() else "absent"


@pytest.mark.parametrize(("name", "state"), [("steps.ceilings", "done"), ("steps.synthetic", "running")],
                         ids=["between two jobs", "inside a job"])
def test_a_killed_program_goes_on(tmp_path, name, state):
    """What was finished stays as it is; the job that was under way is done by the next call."""
    words = [sys.executable, str(PROGRAM), "--device", "cpu", "--tiny", "--folder", str(tmp_path), "--only",
             "steps.ceilings", "steps.synthetic", "--places", "1"]
    running = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while gpu_results_state(tmp_path, name) != state and time.monotonic() < until:
        time.sleep(0.002)
    workers = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not psutil.wait_procs(workers, timeout=60)[1], "a worker goes on without its program"
    assert gpu_results_state(tmp_path, "steps.synthetic") != "done"
    first = tmp_path / "measured/steps.ceilings.json"
    before = first.read_bytes()
    assert call(tmp_path, "--only", "steps.ceilings", "steps.synthetic").returncode == 0
    assert json.loads(first.read_bytes())["numbers"] == json.loads(before)["numbers"]
    assert gpu_results_state(tmp_path, "steps.synthetic") == "done"


def test_an_unknown_job_is_named(tmp_path):
    done = call(tmp_path, "--only", "steps.nothing")
    assert done.returncode != 0 and "no job steps.nothing; there are: tests" in done.stderr


def test_what_is_recorded_is_not_made_again(tmp_path, jobs):
    """A recorded result of a plan, a measurement that ended, and tests of which none failed."""
    def kept(name, text):
        path = tmp_path / "kept" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(text))

    def finished():
        return {job.name for job in jobs[0].JOBS if jobs[1].finished(job, tmp_path / "new", tmp_path / "kept")}

    assert finished() == set()
    kept("bluedisc/paper/bce-0.json", {"name": "paper/bce-0"})
    kept("gp2vec/tiny-1.json", {"name": "tiny"})
    for name, job, state, failed in (("gpu-a", "steps.bluedisc", "done", 0), ("gpu-b", "steps.uvcgan_s", "stopped", 0),
                                     ("gpu-c", "tests", "done", 3)):
        kept(f"data/{name}.json", {"name": name, "command": f"python benchmarks/gpu.py --only {job}", "state": state,
                                   "metrics": {f"{name}.failed": failed}})
    assert finished() == {"bluedisc.paper.bce-0", "steps.bluedisc"}
    kept("data/gpu-c.json", {"name": "gpu-c", "command": "python benchmarks/gpu.py --only tests", "state": "done",
                             "metrics": {"gpu-c.failed": 0}})
    assert "tests" in finished()


def test_short_measurements_come_first(jobs):
    measured = [job for job in jobs[0].JOBS if job.alone]
    assert [job.name for job in measured][:2] == ["tests", "steps.ceilings"]
    assert list(jobs[0].JOBS[:len(measured)]) == measured
    assert [job.estimate_s for job in measured[1:]] == sorted(job.estimate_s for job in measured[1:])


def test_results_are_packed_in_parts_that_travel(tmp_path, jobs, monkeypatch):
    results = jobs[1]
    monkeypatch.setenv("OUT", str(tmp_path / "out"))
    monkeypatch.setattr(results, "PART_BYTES", 40_000)
    for name, size in (("measured/a.json", 10), ("recorded/x/b.h5", 30_000), ("recorded/x/c.h5", 30_000),
                       ("trainings/run/last.pt", 99), ("logs/d.txt", 10)):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    parts = results.pack(tmp_path / "in")
    assert len(parts) == 2 and all(part.stat().st_size < 60_000 for part in parts)
    names = []
    for part in parts:
        with tarfile.open(part) as packed:
            names += packed.getnames()
    assert sorted(names) == ["logs/d.txt", "measured/a.json", "recorded/x/b.h5", "recorded/x/c.h5"]


def test_a_damaged_result_counts_as_not_begun(tmp_path, jobs):
    job = jobs[0].JOBS[0]
    path = jobs[1].path_of(job, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text('{"state": "do')
    assert jobs[1].state(job, tmp_path) == "not begun" and not jobs[1].finished(job, tmp_path)
