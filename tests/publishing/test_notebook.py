"""The runner: nothing that went wrong leaves a notebook that looks done, and bad parameters never reach a kernel."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from quakebook.publishing import notebook as batch
from quakebook.publishing.executed import problems
from quakebook.publishing.parameters import ParameterError

CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("QUAKEBOOK")}


def start(source, target, params=None, *more):
    command = [sys.executable, "-m", "quakebook.publishing.notebook", str(source), str(target), "--params",
               json.dumps(params or {}), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=CLEAN)


def finish(process):
    output, _ = process.communicate(timeout=180)
    return process.returncode, output


def run(source, target, params=None, *more):
    return finish(start(source, target, params, *more))


def leftovers(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_good_notebook(pair, tmp_path):
    code = """import os

print(preset, n_steps, scale_s, names, os.environ["QUAKEBOOK_BATCH"], os.environ["QUAKEBOOK_PROFILE"],
      os.environ["QUAKEBOOK_NOTEBOOK"], os.environ["OMP_NUM_THREADS"])
"""
    source = pair(tmp_path / "nb", "good", code)
    target = tmp_path / "out/good.ipynb"
    status, output = run(source, target, {"n_steps": 7, "scale_s": 1, "names": ["x", "y\"; import os"]}, "--profile",
                         "smoke", "--name", "toy/good", "--key", "abc")
    assert status == 0, output
    notebook = nbformat.read(target, as_version=4)
    assert problems(notebook) == []
    assert notebook.cells[-1].outputs[0].text == "quick 7 1 ['x', 'y\"; import os'] 1 smoke toy/good 1\n"
    assert notebook.metadata.quakebook.key == "abc"
    assert leftovers(target.parent) == ["good.ipynb"]


def test_figures_do_not_depend_on_the_caller_s_backend(pair, tmp_path, monkeypatch):
    monkeypatch.setitem(CLEAN, "MPLBACKEND", "Agg")
    code = """import matplotlib.pyplot as plt
from IPython.display import display

fig, ax = plt.subplots(figsize=(1, 1))
plt.close(fig)
display(fig)
"""
    target = tmp_path / "figure.ipynb"
    status, output = run(pair(tmp_path / "nb", "figure", code), target)
    assert status == 0, output
    assert "image/png" in nbformat.read(target, as_version=4).cells[-1].outputs[0].data


@pytest.mark.parametrize("params", [
    {"n_stepz": 3}, {"n_steps": "many"}, {"n_steps": 1.5}, {"n_steps": True}, {"preset": 3}, {"names": "a"},
    {"scale_s": float("nan")}, {"scale_s": None}, {"names": [float("inf")]},
    {"__import__('os').system('touch owned'); x": 1}, {"n_steps\nimport os": 1}, {"n_steps = 1; preset": "x"},
    {"import": 1}, {"": 1},
])
def test_bad_parameters_never_reach_a_kernel(pair, tmp_path, monkeypatch, params):
    source = pair(tmp_path / "nb", "good")
    monkeypatch.setattr(batch, "_papermill", lambda *a: pytest.fail("a kernel was started"))
    target = tmp_path / "out/good.ipynb"
    with pytest.raises(ParameterError, match="it has preset: str|must be"):
        batch.execute(source, target, params)
    assert not target.parent.exists()


HEADER = """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
preset: str = "quick"
"""


@pytest.mark.parametrize("line", [
    "n_steps = 3  # no type", "n_steps: int = 3 if True else 4", "n_steps: int", "n_steps: int = 'three'",
    "n_steps: Path = 3", "n_steps: int | None = 3", "import os", "n_steps: int = 3  # a = b",
])
def test_bad_parameter_cells_are_refused(pair, tmp_path, line):
    header = HEADER + f"{line}\n\n# %%\n"
    source = pair(tmp_path / "nb", "bad", "print(1)\n", header)
    with pytest.raises(ParameterError):
        batch.execute(source, tmp_path / "out/bad.ipynb")


def test_another_kernel_is_refused(pair, tmp_path):
    source = pair(tmp_path / "nb", "bad", "print(1)\n", HEADER.replace("name: python3", "name: julia"))
    with pytest.raises(ParameterError, match="python3; found 'julia'"):
        batch.execute(source, tmp_path / "out/bad.ipynb")


def test_wrong_use_is_status_2(pair, tmp_path):
    source = pair(tmp_path / "nb", "good")
    assert run(source, tmp_path / "out.ipynb", {"nix": 1})[0] == 2
    assert run(tmp_path / "absent.ipynb", tmp_path / "out.ipynb")[0] == 2
    assert finish(start(source, tmp_path / "out.ipynb", None, "--params", "[1]"))[0] == 2
    assert not (tmp_path / "out.ipynb").exists()


@pytest.mark.parametrize(("name", "code", "more", "message"), [
    ("failing", "print('so far')\nraise ValueError('on purpose')\n", (), "on purpose"),
    ("dead", "import os\nos._exit(3)\n", (), "DeadKernelError"),
    ("slow", "import time\ntime.sleep(60)\n", ("--timeout", "4"), "not finished after 4 s|Timeout"),
])
def test_what_goes_wrong_leaves_no_result(pair, tmp_path, name, code, more, message):
    source = pair(tmp_path / "nb", name, code)
    target = tmp_path / f"out/{name}.ipynb"
    target.parent.mkdir()
    target.write_text("an older result")
    status, output = run(source, target, None, *more)
    assert status == 1, output
    assert any(word in output for word in message.split("|")), output
    assert leftovers(target.parent) == [f"{name}.failed.ipynb"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_result(pair, tmp_path, number):
    source = pair(tmp_path / "nb", "slow", "import time\nopen('started', 'w').close()\ntime.sleep(60)\n")
    target = tmp_path / "out/slow.ipynb"
    process = start(source, target, None, "--cwd", str(tmp_path))
    for _ in range(300):
        if (tmp_path / "started").exists():
            break
        time.sleep(0.1)
    process.send_signal(number)
    status, output = finish(process)
    assert status not in (0, None), output
    assert "slow.ipynb" not in leftovers(target.parent)
    assert not [p for p in leftovers(target.parent) if "running" in p]


def test_an_unexecuted_or_failed_notebook_is_seen():
    cell = nbformat.v4.new_code_cell("1")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert problems(notebook) == ["was not run by the batch", "cell 1 was not executed"]
    notebook.metadata["papermill"] = {"exception": None}
    cell.execution_count = 1
    assert problems(notebook) == []
    cell.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="x", traceback=[])]
    assert problems(notebook) == ["cell 1 failed: ValueError: x"]
    notebook.metadata["papermill"] = {"exception": True}
    assert "stopped with an exception" in problems(notebook)


def test_a_long_folder_for_temporary_files(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(batch.tempfile, "tempdir", str(long))
    folder = batch._socket_folder()
    folder.rmdir()
    assert len(str(folder / "k-9")) < 100 and not list(long.iterdir())


def test_a_notebook_runs_with_a_long_folder_for_temporary_files(pair, tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setitem(CLEAN, "TMPDIR", str(long))
    status, output = run(pair(tmp_path / "nb", "good", "print(1)\n"), tmp_path / "out/good.ipynb")
    assert status == 0, output


@pytest.mark.parametrize("seconds", ["-1", "0", "inf", "nan"])
def test_a_timeout_is_a_number_of_seconds(pair, tmp_path, seconds):
    with pytest.raises(ParameterError, match="timeout must be a number of seconds above 0"):
        batch.execute(pair(tmp_path / "nb", "good", "print(1)\n"), tmp_path / "out.ipynb", timeout_s=float(seconds))
    assert batch.main([str(tmp_path / "nb/good.ipynb"), str(tmp_path / "out.ipynb"), f"--timeout={seconds}"]) == 2


def test_deep_parameters_are_refused_in_one_line(tmp_path, capsys):
    assert batch.main(["a.ipynb", "b.ipynb", "--params", "[" * 100_000]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux hands orphans to the notebook's process")
@pytest.mark.parametrize("last", ["print(1)", "1 / 0"])
def test_a_process_that_a_cell_started_ends_with_the_notebook(pair, tmp_path, last):
    import psutil

    code = f"""import subprocess, sys

code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"
child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
open({str(tmp_path / "pid")!r}, "w").write(str(child.pid))
{last}
"""
    status, output = run(pair(tmp_path / "nb", "child", code), tmp_path / "out/child.ipynb")
    assert status == (1 if "0" in last else 0), output
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(("room", "fits"), [(99, True), (100, False)])
def test_sockets_have_99_bytes(monkeypatch, room, fits):
    """macOS gives a socket's path 104 bytes with the final zero, Linux 108; the first place is as long as `room`."""
    made, real = [], batch.tempfile.mkdtemp
    with tempfile.TemporaryDirectory(prefix="q-", dir="/tmp") as base:
        def mkdtemp(prefix, dir=None):
            folder = Path(base, "x" * (room - len(f"{base}//k-9"))) if not made else Path(base, "short")
            folder.mkdir()
            made.append(folder)
            return str(folder)

        monkeypatch.setattr(batch.tempfile, "mkdtemp", mkdtemp)
        folder = batch._socket_folder()
        monkeypatch.setattr(batch.tempfile, "mkdtemp", real)
        assert (folder == made[0]) is fits and made[0].exists() is fits


def test_three_years_are_the_longest_timeout(pair, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "check", lambda *words: (_ for _ in ()).throw(ParameterError("accepted")))
    source = pair(tmp_path / "nb", "good", "print(1)\n")
    for seconds, told in ((1e8, "accepted"), (1.01e8, "at most 1e.08; found")):
        with pytest.raises(ParameterError, match=told):
            batch.execute(source, tmp_path / "out.ipynb", timeout_s=seconds)


def test_one_thread_unless_asked_otherwise():
    seen = batch.environment("toy/01", "quick")
    assert {seen[name] for name in (*batch.THREAD_VARIABLES, "QUAKEBOOK_THREADS", "QUAKEBOOK_BATCH")} == {"1"}
    assert batch.environment("toy/01", "quick", threads=3)["OMP_NUM_THREADS"] == "3"


@pytest.mark.parametrize(("seconds", "each"), [(0.2, 1), (1.4, 1), (2.6, 3), (3600.0, 3600)])
def test_a_cell_may_take_as_long_as_the_notebook(tmp_path, monkeypatch, seconds, each):
    """In whole seconds, at least one: 0 would be without end."""
    import papermill

    seen = {}
    monkeypatch.setattr(papermill, "execute_notebook", lambda source, target, **options: seen.update(options))
    batch._papermill(tmp_path / "a.ipynb", tmp_path / "b.ipynb", {"n": 1}, seconds, tmp_path)
    assert seen["execution_timeout"] == each and seen["parameters"] == {"n": 1} and seen["cwd"] == str(tmp_path)
    assert seen["progress_bar"] is False and seen["kernel_name"] == "python3"


@pytest.mark.parametrize(("error", "status", "said"), [
    (None, 0, ""), (KeyboardInterrupt(), 130, "toy/01: interrupted"), (ParameterError("no"), 2, "toy/01: no"),
    (batch.BatchTimeout("late"), 1, "toy/01: BatchTimeout: late"), (ValueError("x"), 1, "toy/01: ValueError: x")])
def test_exit_statuses(tmp_path, monkeypatch, capsys, error, status, said):
    asked = {}

    def execute(source, target, parameters, **options):
        asked.update(options, parameters=parameters, source=source)
        if error is not None:
            raise error

    monkeypatch.setattr(batch, "execute", execute)
    monkeypatch.setattr(batch.os, "environ", dict(batch.os.environ))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert batch.main(["a.ipynb", "b.ipynb", "--name", "toy/01", "--params", '{"n": 1}', "--key", "k"]) == status
    finally:
        signal.signal(signal.SIGTERM, before)
    assert capsys.readouterr().err.strip() == said
    assert (asked["parameters"], asked["timeout_s"], asked["source"].name) == ({"n": 1}, 3600.0, "a.ipynb")
    assert {name: asked["note"][name] for name in ("key", "profile", "name")} == {
        "key": "k", "profile": "quick", "name": "toy/01"}
