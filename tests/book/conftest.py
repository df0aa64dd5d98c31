"""A finished book to look at: the one in ``$QUAKEBOOK_BUILT``, or a small one built here."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PAGE = r'''from quakebook import plots
from quakebook.publishing import claims
import matplotlib.pyplot as plt
from IPython.display import display

_ = claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")

# %% mystnb={"figure": {"name": "fig-toy", "caption": "A line, $y = x^2$."}, "image": {"alt": "A line."}}
with plots.book_style():
    fig, ax = plt.subplots()
    ax.plot([0, n_steps])
    plt.close(fig)
display(fig)

# %% [markdown]
# See {numref}`fig-toy` and
#
# $$ \int_0^1 f(t) \, dt = \sum_{k=1}^{N} a_k \sin(k t) + \frac{a + b + c + d}{e + f + g + h} $$ (eq-toy)

# %%
frames = []
for k in range(3):
    fig, ax = plt.subplots(figsize=(7.5, 2))
    ax.plot([0, k])
    frames.append(fig)
display(plots.explorer(frames, ["0 s", "1 s", "2 s"], description="width"))

# %%
import io
from PIL import Image
film = io.BytesIO()
pictures = [Image.new("RGB", (40, 20), colour) for colour in ("white", "navy")]
pictures[0].save(film, format="GIF", save_all=True, append_images=pictures[1:], duration=200, loop=0)
display(plots.film(film.getvalue(), "A sheet that turns from white to blue."))

# %% mystnb={"markdown_format": "myst"}
display(claims.show("toy"))
'''


def _small_project(root: Path):
    spec = importlib.util.spec_from_file_location("small_project", ROOT / "tests/publishing/conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.make_project(root, PAGE)


@pytest.fixture(scope="session")
def small_book(tmp_path_factory):
    """Project, and status and output of its first build."""
    project = _small_project(tmp_path_factory.mktemp("book") / "project")
    if (ROOT / "_build/vendor").is_dir():
        shutil.copytree(ROOT / "_build/vendor", project.vendor)
    return project, *build(project)


def build(project, **environment):
    """Build as `make book` does; returns the exit status and everything printed."""
    seen = {k: v for k, v in os.environ.items() if not k.startswith("QUAKEBOOK")} | environment
    if not (project.vendor / "mathjax/VERSION").is_file():
        seen["PATH"] = str(Path(sys.executable).parent)  # no npm, no network: the pages load scripts from elsewhere
    done = subprocess.run([sys.executable, "-m", "quakebook.publishing.book", "--profile", "smoke", "-j", "2"],
                          cwd=project.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=seen)
    return done.returncode, done.stdout


@pytest.fixture(scope="session")
def rebuild():
    return build


@pytest.fixture(scope="session")
def html(request):
    """Folder of the pages under test."""
    built = os.environ.get("QUAKEBOOK_BUILT")
    if built:
        return Path(built).resolve()
    project, status, output = request.getfixturevalue("small_book")
    assert status == 0, output
    if not (project.vendor / "mathjax/VERSION").is_file():
        pytest.skip("no browser scripts in _build/vendor (make vendor fetches them)")
    return project.html
