"""A small project of its own in a temporary folder: one ordinary notebook, the results page, claims and prose."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from quakebook.project import Project
from quakebook.publishing import pairs

ROOT = Path(__file__).resolve().parents[2]

HEADER = """# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (chap-{label})=
# # A page about {label}

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper
n_steps: int = 3  # how many
scale_s: float = 0.5  # how wide
names: list = ["a"]  # which

# %%
"""

CLAIMS = """
- id: half
  says: "half of one"
  where: "Table 1"
  published: 0.5
  metric: toy.half
  tolerance: 0.01
  why: "printed with two digits"
  answers: reproduction
- id: far
  says: "needs the whole archive"
  where: "Table 2"
  published: 0.9
  metric: toy.archive
  at_least: 0.8
  why: "a direction"
  answers: real
  needs: "quakebook train toy data.name=InstanceCounts"
"""

HEADLINES = """
- page: toy/01_half
  claims: [half]
  when: [reproduced]
  says: "Half of one is {toy.half}."
  otherwise: "This page says what half of one is."
  front: true
"""

FRONT = """# Front

<!-- headlines -->

See {doc}`../notebooks/toy/01_half`.

$$ a = b $$ (eq-a)
"""

PROFILES = """
toy/01_half:
  smoke: {preset: smoke, n_steps: 1}
  quick: {preset: quick}
  paper: {preset: paper}
  cost_s: {quick: 2}
results:
  smoke: {preset: smoke}
  quick: {preset: quick}
  paper: {preset: paper}
  after: all
"""

TOC = """
format: jb-book
root: book/index
parts:
  - caption: Chapters
    numbered: true
    chapters: [{file: notebooks/toy/01_half}]
  - caption: The whole
    chapters: [{file: notebooks/results}, {file: book/glossary}, {file: book/references}]
"""

BODY = """from quakebook.publishing import claims

claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
print(preset, n_steps)
"""


def write_pair(folder: Path, name: str, code: str = BODY, header: str | None = None) -> Path:
    """Write a notebook pair below `folder` and return the .ipynb; `code` follows the parameters cell."""
    source = folder / f"{name}.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    text = HEADER.format(label=source.stem) if header is None else header
    source.write_text(text + code)
    shutil.copy(ROOT / "jupytext.toml", folder.parent / "jupytext.toml")
    pairs.update(source)
    return source.with_suffix(".ipynb")


def make_project(root: Path, code: str = BODY) -> Project:
    """The whole small project."""
    project = Project(root)
    for folder in (project.claims, project.recorded, project.notebooks):
        folder.mkdir(parents=True)
    (root / "profiles.yml").write_text(PROFILES)
    (root / "_toc.yml").write_text(TOC)
    for name in ("_config.yml", "constraints.txt"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "book/_assets", project.book / "_assets")
    (project.book / "references.bib").write_text("@misc{Key, title={T}, author={A}, year={2020}}\n")
    (project.book / "index.md").write_text(FRONT)
    (project.claims / "toy.yaml").write_text(CLAIMS)
    (project.book / "headlines.yaml").write_text(HEADLINES)
    for name in ("glossary", "references"):
        (project.book / f"{name}.md").write_text(f"# The {name}\n")
    write_pair(project.notebooks, "toy/01_half", code)
    for ending in (".py", ".ipynb"):
        shutil.copy(ROOT / f"notebooks/results{ending}", project.notebooks / f"results{ending}")
    return project


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_ROOT", str(tmp_path / "project"))
    for name in ("QUAKEBOOK_RESULTS", "QUAKEBOOK_PROFILE", "QUAKEBOOK_NOTEBOOK"):
        monkeypatch.delenv(name, raising=False)
    return make_project(tmp_path / "project")


@pytest.fixture
def pair():
    return write_pair
