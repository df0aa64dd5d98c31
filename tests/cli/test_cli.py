"""The command line: exit statuses, messages, help that answers at once, and no torch before it is needed."""

import json
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import matplotlib.pyplot as plt
import pytest

from quakebook import cli
from quakebook.commands import chapters, runs
from quakebook.publishing import claims

VERBS = [[], ["list"], ["train"], ["evaluate"], ["reproduce"], ["data"], ["data", "make"], ["data", "info"],
         ["data", "verify"], ["figures"], ["record"], ["scoreboard"], ["doctor"]]


@pytest.fixture
def toy(monkeypatch, tmp_path):
    """A chapter "toy" that remembers what it was asked."""
    asked = {}
    package, figures, own = ModuleType("quakebook.toy"), ModuleType("f"), ModuleType("c")

    def config(*overrides, preset="paper"):
        asked.update(overrides=overrides, preset=preset)
        if any(word.startswith("bad") for word in overrides):
            raise type("ConfigError", (ValueError,), {})("no key 'bad'; there are training, data")
        return SimpleNamespace(training=SimpleNamespace(steps=5, device="cpu", threads=1, seed=1))

    run = SimpleNamespace(id="abc", path=tmp_path, paper="toy", record={"metrics": {"loss": 0.25}},
                          config={"training": {"seed": 7}})
    package.config, package.train, package.evaluate = config, lambda c: run, lambda r: {"recall": 0.5}
    figures.all_figures = lambda r: {"curve": plt.figure()}
    own.main = lambda argv: asked.update(argv=argv) or 5
    for name, module in {"": package, ".figures": figures, ".published.verbs": own}.items():
        monkeypatch.setitem(sys.modules, f"quakebook.toy{name}", module)
    monkeypatch.setitem(chapters.CHAPTERS, "toy", "a toy")
    monkeypatch.setattr(runs, "open_run", lambda word: run)
    yield asked
    plt.close("all")


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_help_has_an_example(verb, capsys):
    assert cli.main([*verb, "--help"]) == 0
    assert "example: quakebook" in capsys.readouterr().out


def test_help_loads_nothing_heavy():
    """What makes `quakebook --help` answer at once: none of the packages that take long to import."""
    heavy = ("torch", "pandas", "scipy", "matplotlib", "obspy", "seisbench", "nbformat")
    code = ("import sys; from quakebook.cli import main; status = main(['--help']); "
            f"print(status, [name for name in {heavy} if name in sys.modules], file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "0 []"


@pytest.mark.parametrize(("words", "message"), [
    ([], "required: VERB"),
    (["paint"], "invalid choice"),
    (["train"], "required: PAPER"),
    (["train", "nix"], "no chapter 'nix'; there are bluedisc"),
    (["train", "toy", "steps"], "written key=value; found 'steps'"),
    (["train", "toy", "preset=quick", "--preset", "smoke"], "one preset"),
    (["train", "toy", "bad.key=1"], "no key 'bad'"),
    (["reproduce", "-j", "0"], "must be at least 1"),
    (["reproduce", "--preset", "fast"], "invalid choice"),
    (["data", "make", "--n", "0", "x"], "--n must be at least 1"),
])
def test_wrong_use_is_2(toy, words, message, capsys):
    assert cli.main(words) == 2
    assert message in capsys.readouterr().err


def test_train_evaluate_figures(toy, capsys, tmp_path):
    assert cli.main(["train", "toy", "preset=quick", "data.n=3", "--seed", "9"]) == 0
    assert toy["preset"] == "quick"
    assert toy["overrides"] == ("data.n=3", "training.seed=9")
    out = capsys.readouterr().out
    assert "preset quick, 5 steps" in out
    assert "0.25" in out
    assert out.rstrip().endswith(str(tmp_path))
    assert cli.main(["train", "toy"]) == 0
    assert toy["preset"] == "paper"
    assert cli.main(["evaluate", "abc"]) == 0
    assert "recall" in capsys.readouterr().out
    assert cli.main(["figures", "abc", "--out", str(tmp_path / "f"), "--format", "svg"]) == 0
    assert "run abc; seed 7" in (tmp_path / "f/curve.svg").read_text()


def test_a_chapter_takes_its_own_words(toy):
    assert cli.main(["toy", "plot", "--help"]) == 5
    assert toy["argv"] == ["plot", "--help"]


def test_a_chapter_without_words_of_its_own_says_so(monkeypatch, capsys):
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "quakebook.bugfinv.published.verbs", raising=False)
    assert cli.main(["bugfinv", "plot"]) == 2
    assert "bugfinv has no verbs of its own" in capsys.readouterr().err


def test_a_failure_is_1_and_says_what(toy, monkeypatch, capsys):
    def broken(config):
        raise OSError("disk full")

    monkeypatch.setattr(sys.modules["quakebook.toy"], "train", broken)
    assert cli.main(["train", "toy"]) == 1
    assert capsys.readouterr().err == "quakebook: disk full\n"


def test_ctrl_c_is_130_and_says_how_to_go_on(toy, monkeypatch, capsys):
    def stopped(config):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["quakebook.toy"], "train", stopped)
    assert cli.main(["train", "toy", "preset=quick"]) == 130
    assert "to go on where it stopped: quakebook train toy preset=quick" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path, monkeypatch):
    for folder in ("notebooks", "book/claims"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "profiles.yml").write_text("{}")
    claim = {"id": "half", "says": "half", "where": "T1", "published": 0.5, "metric": "half", "tolerance": 0.1,
             "why": "digits", "answers": "reproduction"}
    (tmp_path / "book/claims/toy.yaml").write_text(json.dumps([claim]))
    monkeypatch.setenv("QUAKEBOOK_ROOT", str(tmp_path))
    monkeypatch.setenv("QUAKEBOOK_PROFILE", "quick")
    monkeypatch.delenv("QUAKEBOOK_RESULTS", raising=False)
    return tmp_path


@pytest.mark.parametrize(("value", "status", "word"), [(0.5, 0, "1 reproduced"), (0.9, 3, "1 not reproduced"),
                                                       (None, 0, "1 not run here")])
def test_scoreboard_status(project, value, status, word, capsys):
    if value is not None:
        claims.report("toy", "page", {"half": value}, data="model-free")
    assert cli.main(["scoreboard"]) == status
    assert word in capsys.readouterr().out
    assert cli.main(["reproduce"]) == 0  # no notebooks: nothing to run, nothing to judge
    assert cli.main(["scoreboard", "tov"]) == 1


def test_outside_a_project(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QUAKEBOOK_ROOT", str(tmp_path))
    assert cli.main(["list"]) == 2
    assert "there is no profiles.yml in it" in capsys.readouterr().err


def test_dry_run_says_cost_and_runs_nothing(capsys):
    assert cli.main(["reproduce", "--dry-run", "--preset", "paper"]) == 0
    out = capsys.readouterr().out
    assert "notebooks to run at the preset paper; about" in out
    assert "results" in out


def test_data_round_trip_and_damage(tmp_path, capsys):
    folder = tmp_path / "set"
    assert cli.main(["data", "make", "--preset", "tiny", "--n", "6", "--seed", "1", str(folder)]) == 0
    assert cli.main(["data", "info", str(folder)]) == 0
    assert "traces" in capsys.readouterr().out
    assert cli.main(["data", "verify", str(folder)]) == 0
    assert cli.main(["data", "make", "--n", "6", str(folder)]) == 2
    with (folder / "metadata.csv").open("a") as file:
        file.write("x")
    assert cli.main(["data", "verify", str(folder)]) == 1
    assert "metadata.csv is damaged" in capsys.readouterr().out
    assert cli.main(["data", "info", str(tmp_path / "absent")]) == 1


def test_doctor_looks_and_changes_nothing(capsys):
    status = cli.main(["doctor"])
    out = capsys.readouterr().out
    assert status in (0, 1)
    for word in ("Python", "PyTorch", "free in", "runs can be written"):
        assert word in out


def test_doctor_sees_a_package_that_differs(tmp_path):
    from quakebook.commands.doctor import different

    (tmp_path / "c.txt").write_text("# comment\npytest==0.1\nnot-installed==3\n")
    assert [line.split()[0] for line in different(tmp_path / "c.txt")] == ["pytest"]
