"""The project's own notebooks: in pairs, without outputs or definitions, known to profiles and page tree."""

import ast
from pathlib import Path

import nbformat
import pytest

from quakebook.commands.chapters import CHAPTERS
from quakebook.project import PRESETS, Project
from quakebook.publishing.claim_file import load, papers
from quakebook.publishing.pairs import faults
from quakebook.publishing.parameters import check, inspect
from quakebook.publishing.plan import plan
from quakebook.publishing.profiles import load_profiles
from quakebook.publishing.reports import read
from quakebook.publishing.stage import check_toc

PROJECT = Project(Path(__file__).resolve().parents[2])
SCRIPTS = sorted(p for p in PROJECT.notebooks.rglob("*.py") if ".ipynb_checkpoints" not in p.parts)
NAMES = [p.relative_to(PROJECT.notebooks).with_suffix("").as_posix() for p in SCRIPTS]
each = pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)


@each
def test_pair_is_equal_and_stripped(script):
    assert faults(script) == []


def test_no_notebook_without_its_script():
    lonely = [p for p in PROJECT.notebooks.rglob("*.ipynb")
              if ".ipynb_checkpoints" not in p.parts and not p.with_suffix(".py").is_file()]
    assert lonely == []


@each
def test_parameters_cell_and_profiles(script):
    name = script.relative_to(PROJECT.notebooks).with_suffix("").as_posix()
    known = inspect(script.with_suffix(".ipynb"))
    assert known.get("preset") == "str"
    entry = load_profiles(PROJECT)[name]
    for preset in PRESETS:
        check(entry.parameters[preset], known, f"{name} at {preset}")
        assert entry.parameters[preset].get("preset") == preset
    assert set(entry.cost_s) == set(PRESETS), "cost_s tells what each preset costs"


@each
def test_a_notebook_defines_nothing(script):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [n.name for n in ast.walk(ast.parse(script.read_text(encoding="utf-8"))) if isinstance(n, kinds)]
    assert found == []


@each
def test_pictures_have_words(script):
    """A cell with a figure caption has a name to refer to and an alternative text."""
    for cell in nbformat.read(script.with_suffix(".ipynb"), as_version=4).cells:
        assert "incorrectly_encoded_metadata" not in cell.metadata, "a cell's metadata must be valid JSON"
        mystnb = cell.metadata.get("mystnb", {})
        if "figure" in mystnb:
            assert mystnb["figure"].get("name", "").startswith("fig-"), mystnb
            assert mystnb["figure"].get("caption"), mystnb
            assert mystnb.get("image", {}).get("alt"), mystnb


@each
def test_a_page_starts_with_a_labelled_title(script):
    first = nbformat.read(script.with_suffix(".ipynb"), as_version=4).cells[0]
    lines = first.source.splitlines()
    assert first.cell_type == "markdown"
    assert lines[0].startswith("(") and lines[0].endswith(")=")
    assert lines[1].startswith("# ")


def test_profiles_notebooks_and_page_tree_are_equal():
    entries = load_profiles(PROJECT)
    assert sorted(entries) == sorted(NAMES)
    check_toc(PROJECT, set(entries))


@pytest.mark.parametrize("preset", PRESETS)
def test_the_plan_of_every_preset_is_sound(preset):
    assert [job.name for job in plan(PROJECT, preset)][-1] == "results"


def test_claims_are_sound():
    for paper in papers(PROJECT):
        assert load(paper, PROJECT)


def test_recorded_results_are_sound():
    """Every recorded file belongs to a chapter by its name, and its numbers can be read."""
    chapters = {*CHAPTERS, *papers(PROJECT), *(entry.paper for entry in load_profiles(PROJECT).values())}
    for path in (p for p in PROJECT.recorded.rglob("*") if p.is_file()):
        name = path.relative_to(PROJECT.recorded).as_posix()
        owner = [c for c in chapters if name.startswith(c) and name[len(c):][:1] in tuple("-_./")]
        assert len(owner) == 1, f"{name} must start with the name of a chapter: {sorted(chapters)}"
        if path.suffix == ".json":
            read(path, owner[0], recorded=True)
