"""The second builder: the settings of Jupyter Book 1's file, in the words of Sphinx."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from quakebook.publishing import sphinx9

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())


def test_settings_are_those_of_the_book():
    own = sphinx9.settings(CONFIG, Path("/x/_toc.yml"))
    assert own["html_css_files"] == ["quakebook.css"] and own["html_theme"] == "sphinx_book_theme"
    assert own["external_toc_path"] == "/x/_toc.yml"
    assert own["nb_execution_mode"] == "off"  # quoted in the file: a bare off would be False
    assert own["numfig"] is True and own["mathjax_path"].startswith("vendor/")


def test_extensions_are_jupyter_book_s_without_its_own():
    names = sphinx9.settings(CONFIG, Path("_toc.yml"))["extensions"]
    assert "myst_nb" in names and "sphinx_external_toc" in names
    assert not {"jupyter_book", "sphinx_comments", "sphinx.ext.intersphinx"} & set(names)
    assert "jupyter_book" in CONFIG["sphinx"]["config"]["extensions"]  # the file itself stays as it was


def test_without_vendored_scripts_none_is_named():
    own = sphinx9.settings(CONFIG, Path("_toc.yml"), offline=False)
    assert "mathjax_path" not in own and "nb_ipywidgets_js" not in own


def test_without_its_environment_it_says_how_to_get_one(capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sphinx", None)
    assert sphinx9.main([]) == 1
    assert "make sphinx9" in capsys.readouterr().err


@pytest.mark.parametrize(("faults", "status"), [([], 0), (["page.md:3: WARNING: unknown"], 1)])
def test_status_and_words_of_a_build(capsys, monkeypatch, tmp_path, faults, status):
    monkeypatch.setitem(sys.modules, "sphinx", SimpleNamespace(__version__="9.9"))
    monkeypatch.setattr(sphinx9, "build", lambda project, target: faults)
    assert sphinx9.main(["--out", str(tmp_path)]) == status
    out, err = capsys.readouterr()
    assert faults == err.splitlines()[:-1] and "9.9" in (err if faults else out)


def test_nothing_staged_is_told(tmp_path, monkeypatch):
    pytest.importorskip("sphinx")
    monkeypatch.setenv("QUAKEBOOK_BUILD", str(tmp_path))
    from quakebook.project import find_project

    (fault,) = sphinx9.build(find_project(ROOT), tmp_path / "out")
    assert "nothing staged" in fault and not (tmp_path / "out").exists()


def test_its_pins_are_exact_and_name_sphinx_9():
    lines = [x for x in (ROOT / "constraints-sphinx9.txt").read_text().splitlines() if not x.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!]+", line) for line in lines)
    pins = dict(line.split("==") for line in lines)
    assert pins["Sphinx"].startswith("9.") if "Sphinx" in pins else pins["sphinx"].startswith("9.")
    assert pins["sphinx-book-theme"].startswith("1.4")


def test_its_pins_have_all_that_it_imports():
    """Pages are built in an environment of these pins alone: what the module imports must be there."""
    told = subprocess.run([sys.executable, "-c", "import sys, quakebook.publishing.sphinx9; print(*sys.modules)"],
                          capture_output=True, text=True, check=True).stdout
    own, known = {name.partition(".")[0] for name in told.split()} - {"quakebook"}, packages_distributions()
    wanted = {known[name][0].lower().replace("_", "-") for name in own - sys.stdlib_module_names if name in known}
    pins = {line.partition("==")[0].lower().replace("_", "-")
            for line in (ROOT / "constraints-sphinx9.txt").read_text().splitlines() if not line.startswith("#")}
    assert "pyyaml" in wanted and wanted - {"setuptools"} <= pins


def test_ci_may_not_fail_by_it():
    text = (ROOT / ".ci/run").read_text()
    (line,) = [line for line in text.splitlines() if "sphinx9" in line and not line.startswith("#")]
    assert re.match(r"timeout -k \d+ \d+ make sphinx9 \|\| echo ", line)
