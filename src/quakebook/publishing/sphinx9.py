"""The staged pages with plain Sphinx 9: a second builder of the same tree, for the day when Jupyter Book 1 retires.

    make sphinx9          # in an environment of its own, after `make book`

Jupyter Book 1 caps Sphinx at 7. Nothing that the pages use comes from it alone: this module reads the same
``_config.yml`` and ``_toc.yml`` and hands their settings to Sphinx. It imports no package of the book's environment.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from quakebook.project import Project, find_project

from . import checkhtml
from .lean import make_lean

#: Extensions of Jupyter Book 1 itself, without use for Sphinx; the last one fetches from the network when it is set up.
LEFT_OUT = ("jupyter_book", "sphinx_comments", "sphinx.ext.intersphinx")
THEME = "sphinx_book_theme"


def settings(config: dict[str, Any], toc: Path, *, offline: bool = True) -> dict[str, Any]:
    """Sphinx's settings for the content of a ``_config.yml``.

    Parameters
    ----------
    config : dict
        As Jupyter Book 1 reads it.
    toc : Path
        The page tree, ``_toc.yml``.
    offline : bool
        False leaves out the browser scripts of the vendor folder, so that pages load them from their usual places.
    """
    own = dict(config["sphinx"]["config"])
    own["extensions"] = [name for name in own["extensions"] if name not in LEFT_OUT]
    if not offline:
        for key in ("mathjax_path", "nb_ipywidgets_js"):
            own.pop(key, None)
    return own | {
        "project": config["title"], "author": config["author"], "copyright": str(config["copyright"]),
        "html_title": config["title"], "html_favicon": config["html"]["favicon"], "html_theme": THEME,
        "html_theme_options": {key: config["html"][key] for key in ("use_issues_button", "use_repository_button")},
        "external_toc_path": str(toc), "external_toc_exclude_missing": config["only_build_toc_files"],
        "exclude_patterns": [*config["exclude_patterns"], "_build"], "bibtex_bibfiles": config["bibtex_bibfiles"],
        "nb_execution_mode": config["execute"]["execute_notebooks"],
        "nb_output_stderr": config["execute"]["stderr_output"],
        "myst_enable_extensions": config["parse"]["myst_enable_extensions"],
        "myst_url_schemes": ["mailto", "http", "https"]}


def build(project: Project, target: Path) -> list[str]:
    """Build `target` from the staged tree with warnings as errors; returns what is wrong, one line each."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    if not (project.source_tree / "book").is_dir():
        return [f"{project.source_tree}: nothing staged; `make book` lays it out"]
    config = yaml.safe_load((project.root / "_config.yml").read_text(encoding="utf-8"))
    offline = (project.source_tree / "book/_assets/vendor").is_dir()
    log = project.build / "sphinx9.log"
    with log.open("w", encoding="utf-8") as file, patch_docutils(), docutils_namespace():
        app = Sphinx(str(project.source_tree), None, str(target), str(project.build / ".doctrees-sphinx9"), "html",
                     confoverrides=settings(config, project.root / "_toc.yml", offline=offline), status=None,
                     warning=file, freshenv=True, warningiserror=True)
        app.config.nitpicky = True
        app.build(force_all=True)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", log.read_text(encoding="utf-8")).splitlines()
    make_lean(target)
    return [line for line in lines if line.strip()] + checkhtml.check(target.resolve(), offline=offline)


def main(argv: list[str] | None = None) -> int:
    """Build and check; the exit status is 0 when there was no warning and no fault."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.publishing.sphinx9", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, help="folder of the pages; _build/html-sphinx9 by default")
    args = parser.parse_args(argv)
    started = time.monotonic()
    project = find_project()
    target = args.out or project.build / "html-sphinx9"
    try:
        import sphinx

        faults = build(project, target)
    except ImportError as error:
        print(f"{error}; `make sphinx9` sets up the environment of this builder", file=sys.stderr)
        return 1
    if faults:
        print(*faults, f"Sphinx {sphinx.__version__}: the pages have faults (above)", sep="\n", file=sys.stderr)
        return 1
    print(f"{target / 'index.html'} by Sphinx {sphinx.__version__} in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
