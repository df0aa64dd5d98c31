"""The verb ``quakebook new-chapter``: the skeleton of a chapter, ready to train, with a page and a test."""

from __future__ import annotations

import argparse
import keyword
import re
from pathlib import Path

from .chapters import CHAPTERS, UsageError
from .parsers import add

SKELETON = Path(__file__).with_name("skeleton")
PROFILE = """
{name}/01_overview:
  smoke: {{preset: smoke}}
  quick: {{preset: quick}}
  paper: {{preset: paper}}
  cost_s: {{smoke: 10, quick: 30, paper: 60}}
"""
TOC = """  - caption: {title}
    numbered: true
    chapters:
      - file: notebooks/{name}/01_overview
"""


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "new-chapter", new_chapter, "write the skeleton of a new chapter, which trains and has a page",
              "quakebook new-chapter phasegan")
    sub.add_argument("name", metavar="NAME", help="name of the package: small letters, digits and underscores")


def new_chapter(args: argparse.Namespace) -> int:
    """Write the files, enter the page in the profiles and the table of contents, and print what was written."""
    from quakebook.project import find_project

    for path in write(find_project().root, args.name):
        print(path)
    print("next: make pairs, then quakebook train " + args.name + " preset=smoke")
    return 0


def write(root: Path, name: str) -> list[Path]:
    """Write the skeleton below a project's root; nothing that exists is overwritten.

    Raises
    ------
    UsageError
        A name that cannot be a package or exists already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise UsageError(f"a chapter's name consists of small letters, digits and underscores; found {name!r}")
    folder = root / "src" / "quakebook" / name
    if name in CHAPTERS or folder.exists():
        raise UsageError(f"{name!r} exists already; there are {', '.join(CHAPTERS)}")
    targets = {SKELETON / "notebook.py.txt": root / "notebooks" / name / "01_overview.py",
               SKELETON / "claims.yaml.txt": root / "book" / "claims" / f"{name}.yaml",
               SKELETON / "test_api.py.txt": root / "tests" / name / "test_api.py"}
    for source in sorted((SKELETON / "package").rglob("*.txt")):
        targets[source] = folder / source.relative_to(SKELETON / "package").with_suffix("")
    if taken := [path for path in targets.values() if path.exists()]:
        raise UsageError(f"{taken[0]} exists already")
    for source, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8").replace("NAME", name).replace("TITLE", title_of(name))
        target.write_text(text, encoding="utf-8")
    return [*targets.values(), *_enter(root, name)]


def title_of(name: str) -> str:
    """A title made from the name, to be bettered."""
    return name.replace("_", " ").capitalize()


def _enter(root: Path, name: str) -> list[Path]:
    profiles, toc = root / "profiles.yml", root / "_toc.yml"
    text = profiles.read_text(encoding="utf-8")
    at = text.find("\nresults:")
    block = PROFILE.format(name=name)
    profiles.write_text(text + block if at < 0 else text[:at] + block + text[at:], encoding="utf-8")
    text = toc.read_text(encoding="utf-8")
    at = text.find("  - caption: The whole")
    block = TOC.format(title=title_of(name), name=name)
    toc.write_text(text + block if at < 0 else text[:at] + block + text[at:], encoding="utf-8")
    return [profiles, toc]
