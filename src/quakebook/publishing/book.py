"""From a checkout to pages: run the notebooks, fetch browser scripts, stage, build with warnings as errors, check.

    python -m quakebook.publishing.book --profile quick -j 2

Steps whose result is there already cost almost nothing, so this is also the command after a small change.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from quakebook.project import PRESETS, Project, find_project

from . import batch, checkhtml
from .executed import UnfinishedNotebook
from .lean import make_lean
from .parameters import ParameterError
from .profiles import ProfileError
from .stage import stage
from .vendor import VendorError, vendor

CDN_NOTE = """
NOTE  The browser scripts could not be fetched: {reason}
      The pages are built all the same, but formulas and sliders then need a network when they are read.
      Install node 20 (with npm) and run the same command again for pages that work offline.
"""
CDN_SETTINGS = ("mathjax_path", "nb_ipywidgets_js")


def build(project: Project, preset: str) -> int:
    """Turn executed notebooks and prose into ``_build/html``; 0 when there was no warning and no fault."""
    offline = _vendored(project)
    stage(project, preset)
    config = project.root / "_config.yml"
    if not offline:
        config = cdn_config(project)
    digest = _digest(project, config)
    if not _stamp(project).is_file() or _stamp(project).read_text() != digest:
        _forget(project)
    log = project.build / "sphinx.log"
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(_command(project, config), cwd=project.root, stdout=file, stderr=subprocess.STDOUT)
    faults = warnings(log.read_text(encoding="utf-8")) or [f"see {log}"] if done.returncode else []
    make_lean(project.html)
    faults += checkhtml.check(project.html.resolve(), offline=offline)
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
        return 1
    _stamp(project).write_text(digest)
    return 0


def warnings(log: str) -> list[str]:
    """Lines of Sphinx's output that say what is wrong, without colours."""
    lines = re.sub(r"\x1b\[[0-9;]*m", "", log).splitlines()
    return [line for line in lines if re.search(r"WARNING|ERROR|CRITICAL|[Ee]xception|Error:", line)]


def _command(project: Project, config: Path) -> list[str]:
    program = "from jupyter_book.cli.main import main; main()"
    return [sys.executable, "-c", program, "build", str(project.source_tree), "--config", str(config), "--toc",
            str(project.root / "_toc.yml"), "--path-output", str(project.root), "-W", "-n", "--keep-going"]


def _vendored(project: Project) -> bool:
    try:
        vendor(project)
    except VendorError as error:
        print(CDN_NOTE.format(reason=error), file=sys.stderr)
        shutil.rmtree(project.vendor, ignore_errors=True)
        return False
    return True


def cdn_config(project: Project) -> Path:
    """A copy of ``_config.yml`` without the vendored scripts, so that pages load them from their usual places."""
    settings = yaml.safe_load((project.root / "_config.yml").read_text(encoding="utf-8"))
    for key in CDN_SETTINGS:
        settings["sphinx"]["config"].pop(key, None)
    path = project.build / "config-cdn.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return path


def _stamp(project: Project) -> Path:
    return project.build / "pages.sha256"


def _digest(project: Project, config: Path) -> str:
    """Everything that the pages are made from, as one hash."""
    total = hashlib.sha256(config.read_bytes() + (project.root / "_toc.yml").read_bytes())
    for path in sorted(p for p in project.source_tree.rglob("*") if p.is_file()):
        total.update(f"{path.relative_to(project.source_tree)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def _forget(project: Project) -> None:
    """Make Sphinx read every page anew: it sees changes inside a page, but labels and numbers cross pages."""
    for folder in (project.html, project.build / ".doctrees", project.build / "jupyter_execute"):
        shutil.rmtree(folder, ignore_errors=True)
    _stamp(project).unlink(missing_ok=True)


def main(argv: list[str] | None = None) -> int:
    """Run, build and check; the exit status is 0 only for a complete book."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.publishing.book", description=__doc__.split("\n")[0])
    parser.add_argument("--profile", default="quick", choices=PRESETS)
    parser.add_argument("-j", "--jobs", type=int, default=2, help="notebooks at a time")
    parser.add_argument("--no-run", action="store_true", help="use the notebooks as they were executed")
    args = parser.parse_args(argv)
    started = time.monotonic()
    try:
        project = find_project()
        if not args.no_run:
            outcome = batch.run(project, args.profile, workers=args.jobs)
            print(f"notebooks: {len(outcome.ran)} run, {len(outcome.fresh)} up to date, {len(outcome.failed)} failed")
            if not outcome.ok:
                return 1
        status = build(project, args.profile)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on with the notebooks that are left", file=sys.stderr)
        return 130
    except (UnfinishedNotebook, ProfileError, ParameterError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    seconds = time.monotonic() - started
    print(f"{project.html / 'index.html'} in {seconds:.0f} s" if status == 0 else "the pages have faults (above)")
    return status


if __name__ == "__main__":
    sys.exit(main())
