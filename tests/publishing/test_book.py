"""From staged pages to a book: what is built anew, what counts as a fault, and the exit status."""

from types import SimpleNamespace

import pytest
import yaml

from quakebook.publishing import book


@pytest.fixture
def built(project, monkeypatch):
    """A function: build with a given status and log of Sphinx; returns status and the calls made."""
    calls = []

    def run(status=0, log="build succeeded", faults=(), offline=True, text="# Page"):
        def sphinx(command, cwd, stdout, stderr):
            calls.append(command)
            (project.html / "old").mkdir(parents=True, exist_ok=True)
            stdout.write(log)
            return SimpleNamespace(returncode=status)

        def stage(project, preset):
            calls.append(preset)
            project.source_tree.mkdir(parents=True, exist_ok=True)
            (project.source_tree / "page.md").write_text(text)

        def vendor(project):
            if not offline:
                raise book.VendorError("no npm")

        monkeypatch.setattr(book, "stage", stage)
        monkeypatch.setattr(book, "vendor", vendor)
        monkeypatch.setattr(book, "make_lean", lambda folder: calls.append("lean"))
        monkeypatch.setattr(book.subprocess, "run", sphinx)
        monkeypatch.setattr(book.checkhtml, "check", lambda folder, offline: calls.append(offline) or list(faults))
        del calls[:]
        return book.build(project, "quick"), list(calls)
    return run


def test_a_book_without_fault_is_stamped_and_kept(built, project):
    status, calls = built()
    assert status == 0 and calls[0] == "quick" and calls[2:] == ["lean", True]
    command = calls[1]
    assert command[command.index("--config") + 1] == str(project.root / "_config.yml")
    assert command[-3:] == ["-W", "-n", "--keep-going"]
    stamp = book._stamp(project).read_text()
    assert len(stamp) == 64
    (project.html / "kept").write_text("")
    assert built()[0] == 0 and (project.html / "kept").is_file()  # the same pages: Sphinx goes on from its state
    assert built(text="# Other")[0] == 0 and not (project.html / "kept").exists()
    assert book._stamp(project).read_text() != stamp


def test_a_warning_or_a_fault_fails_and_leaves_no_stamp(built, project, capsys):
    assert built(status=1, log="\x1b[91mpage.md:3: WARNING: gone\x1b[0m\nreading sources")[0] == 1
    assert capsys.readouterr().err == "page.md:3: WARNING: gone\n" and not book._stamp(project).exists()
    assert built(status=1, log="nothing said")[0] == 1
    assert capsys.readouterr().err == f"see {project.build / 'sphinx.log'}\n"
    assert built(faults=["a link outside"])[0] == 1 and "a link outside" in capsys.readouterr().err
    assert built(log="WARNING: but the status is 0")[0] == 0


@pytest.mark.parametrize(("line", "counts"), [("x: WARNING: y", True), ("ERROR: y", True), ("CRITICAL: y", True),
                                              ("Exception occurred:", True), ("ValueError: y", True), ("done", False)])
def test_lines_that_say_what_is_wrong(line, counts):
    assert book.warnings(f"first\n{line}\n") == ([line] if counts else [])


def test_without_npm_the_pages_load_their_scripts_from_elsewhere(built, project, capsys):
    (project.vendor / "part").mkdir(parents=True)
    status, calls = built(offline=False)
    assert status == 0 and calls[-1] is False and not project.vendor.exists()
    assert "could not be fetched: no npm" in capsys.readouterr().err
    config = calls[1][calls[1].index("--config") + 1]
    assert config == str(project.build / "config-cdn.yml")
    theirs = yaml.safe_load((project.build / "config-cdn.yml").read_text())
    own = yaml.safe_load((project.root / "_config.yml").read_text())
    for key in ("mathjax_path", "nb_ipywidgets_js"):
        assert key in own["sphinx"]["config"] and key not in theirs["sphinx"]["config"]
        own["sphinx"]["config"].pop(key)
    assert theirs == own


def test_pages_are_the_same_while_their_bytes_and_names_are(project):
    project.source_tree.mkdir(parents=True)
    config, page = project.root / "_config.yml", project.source_tree / "a.md"
    page.write_text("1")
    first = book._digest(project, config)
    assert book._digest(project, config) == first
    page.rename(project.source_tree / "b.md")
    second = book._digest(project, config)
    (project.root / "_toc.yml").write_text("other")
    assert len({first, second, book._digest(project, config)}) == 3


@pytest.mark.parametrize(("words", "ok", "status", "expected"), [
    ([], True, 0, 0), ([], True, 1, 1), ([], False, 0, 1), (["--no-run"], False, 0, 0)])
def test_status_of_the_program(project, monkeypatch, capsys, words, ok, status, expected):
    outcome = SimpleNamespace(ok=ok, ran=["a"], fresh=["b", "c"], failed=[] if ok else ["d"])
    asked = []
    monkeypatch.setattr(book, "find_project", lambda: project)
    monkeypatch.setattr(book.batch, "run", lambda project, preset, workers: asked.append((preset, workers)) or outcome)
    monkeypatch.setattr(book, "build", lambda project, preset: asked.append(preset) or status)
    assert book.main(words) == expected
    told = capsys.readouterr().out
    assert asked == ([] if words else [("quick", 2)]) + (["quick"] if ok or words else [])
    assert ("notebooks: 1 run, 2 up to date" in told) is not bool(words)
    if expected == 0:
        assert f"{project.html / 'index.html'} in 0 s" in told


@pytest.mark.parametrize(("error", "status", "words"), [
    (KeyboardInterrupt(), 130, "goes on with the notebooks that are left"), (OSError("disk full"), 1, "disk full"),
    (book.UnfinishedNotebook("x was not run"), 1, "x was not run")])
def test_what_stops_the_program_is_told(project, monkeypatch, capsys, error, status, words):
    def stop(*given):
        raise error

    monkeypatch.setattr(book, "find_project", lambda: project)
    monkeypatch.setattr(book, "build", stop)
    assert book.main(["--no-run", "--profile", "smoke"]) == status and words in capsys.readouterr().err
