"""The batch loop and the staged tree: run once, rerun what changed, refuse what is stale, failed or half done."""

import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import nbformat
import pytest

from quakebook.publishing import batch
from quakebook.publishing.executed import UnfinishedNotebook
from quakebook.publishing.reports import reported
from quakebook.publishing.stage import check_toc, mirror, stage


def quiet(_line):
    pass


def test_the_road_of_a_batch(project, pair):
    first = batch.run(project, "smoke", workers=2, say=quiet)
    assert first.ran == ["toy/01_half", "results"], first.failed
    again = batch.run(project, "smoke", workers=2, say=quiet)
    assert (again.ran, again.fresh, again.ok) == ([], ["toy/01_half", "results"], True)
    half = reported("toy", project.results("smoke"))[0]
    assert (half.metrics["toy.half"].value, half.notebook, half.profile) == (0.5, "toy/01_half", "smoke")

    tree = stage(project, "smoke")
    page = nbformat.read(tree / "notebooks/toy/01_half.ipynb", as_version=4)
    assert not [c for c in page.cells if "injected-parameters" in c.metadata.get("tags", [])]
    front = (tree / "book/index.md").read_text()
    assert "- Numbers of the preset smoke are not judged" in front and "what half of one is" not in front
    times = {p: p.stat().st_mtime_ns for p in tree.rglob("*") if p.is_file()}
    (tree / "leftover.md").write_text("old")
    stage(project, "smoke")
    assert {p: p.stat().st_mtime_ns for p in tree.rglob("*") if p.is_file()} == times

    pair(project.notebooks, "toy/01_half", "print('changed')\n")
    with pytest.raises(UnfinishedNotebook, match="toy/01_half: is stale.*\n.*results: is stale"):
        stage(project, "smoke")
    changed = batch.run(project, "smoke", say=quiet)
    assert changed.ran == ["toy/01_half", "results"]
    assert reported("toy", project.results("smoke")) == []  # the page no longer reports a number


def test_a_failure_stops_what_comes_after(project, pair):
    pair(project.notebooks, "toy/01_half", "raise ValueError('on purpose')\n")
    said = []
    outcome = batch.run(project, "quick", say=said.append)
    assert not outcome.ok
    assert list(outcome.failed) == ["toy/01_half"]
    assert outcome.skipped == ["results"]
    assert "on purpose" in said[0]
    with pytest.raises(UnfinishedNotebook, match="toy/01_half: was not run"):
        stage(project, "quick")


def test_a_script_that_its_notebook_does_not_follow_is_not_run(project):
    script = project.notebooks / "toy/01_half.py"
    script.write_text(script.read_text() + "print('new')\n")
    outcome = batch.run(project, "quick", say=quiet)
    assert "differs from 01_half.ipynb; make pairs writes it anew" in outcome.failed["toy/01_half"]
    assert outcome.ran == []


def test_ctrl_c_ends_the_notebooks_and_keeps_no_half_result(project, pair, tmp_path):
    mark = tmp_path / "started"
    pair(project.notebooks, "toy/01_half", f"import time\nopen({str(mark)!r}, 'w').close()\ntime.sleep(60)\n")
    process = subprocess.Popen([sys.executable, "-m", "quakebook", "reproduce", "toy"], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ))
    for _ in range(300):
        if mark.exists():
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == 130, output
    assert "to go on where it stopped: quakebook reproduce toy" in output
    assert not (project.executed("quick") / "toy/01_half.ipynb").exists()


@pytest.mark.parametrize("damage", ["unreadable", "unexecuted", "other key", "error"])
def test_a_page_that_only_looks_done_is_refused(project, damage):
    notebook = nbformat.read(project.notebooks / "toy/01_half.ipynb", as_version=4)
    key = next(job.key for job in batch.plan(project, "quick"))
    notebook.metadata["papermill"] = {"exception": None}
    notebook.metadata["quakebook"] = {"key": key if damage != "other key" else "0" * 32}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None if damage == "unexecuted" else 1
    if damage == "error":
        cell.outputs = [nbformat.v4.new_output("error", ename="E", evalue="x", traceback=[])]
    target = project.executed("quick") / "toy/01_half.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text("{" if damage == "unreadable" else nbformat.writes(notebook))
    with pytest.raises(UnfinishedNotebook) as caught:
        stage(project, "quick")
    word = {"unreadable": "is not readable", "unexecuted": "was not executed", "other key": "is stale",
            "error": "failed: E: x"}[damage]
    assert f"toy/01_half: {word}" in str(caught.value) or word in str(caught.value).split("results")[0]


def test_the_page_tree_names_the_notebooks_of_the_profiles(project):
    check_toc(project, {"toy/01_half", "results"})
    with pytest.raises(UnfinishedNotebook, match="results is in _toc.yml but not in profiles.yml"):
        check_toc(project, {"toy/01_half"})
    with pytest.raises(UnfinishedNotebook, match="new is in profiles.yml but not in _toc.yml"):
        check_toc(project, {"toy/01_half", "results", "new"})


def test_mirror_replaces_a_folder_by_a_file(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/old").write_text("x")
    from pathlib import Path

    mirror({Path("a/b"): b"new"}, tmp_path)
    assert (tmp_path / "a/b").read_bytes() == b"new"


def test_the_command_of_a_job_is_complete(project):
    job = batch.plan(project, "quick")[0]
    words = batch.command(job, project, "quick")
    assert words[:3] == [sys.executable, "-m", "quakebook.publishing.notebook"]
    assert json.loads(words[words.index("--params") + 1]) == {"preset": "quick"}
    assert words[words.index("--key") + 1] == job.key


def test_a_failure_tells_its_last_twelve_lines(tmp_path):
    log = tmp_path / "x.log"
    log.write_text("\n".join(f"line {k}" for k in range(30)))
    job = SimpleNamespace(name="toy/01", target=tmp_path / "x.ipynb")
    outcome, told = batch.Outcome(), []
    process = SimpleNamespace(job=job, started=0.0, log=log, child=SimpleNamespace(returncode=1))
    batch._Process.report(process, outcome, told.append)
    assert outcome.failed["toy/01"].splitlines() == [f"line {k}" for k in range(18, 30)] and "see" in told[0]
    log.write_text("")
    batch._Process.report(process, outcome, told.append)
    assert outcome.failed["toy/01"] == "exit status 1" and not outcome.ok


def test_times_that_were_chosen():
    """Ten minutes, half an hour and half a day for one notebook."""
    assert batch.TIMEOUT_S == {"smoke": 600, "quick": 1800, "paper": 43_200}
