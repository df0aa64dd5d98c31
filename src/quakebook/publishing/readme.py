"""The headlines of the README, written from the results of the last book.

    python -m quakebook.publishing.readme --profile quick
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from quakebook.project import PRESETS, Project, find_project

from .headlines import headlines

BEGIN, END = "<!-- headlines: written by python -m quakebook.publishing.readme -->", "<!-- end of headlines -->"


def filled(text: str, project: Project, folder: Path) -> str:
    """The README with its headlines for the results in `folder`; ValueError without the two markers."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"README.md needs one line {BEGIN!r} and one line {END!r}")
    lines = [f"- {h.text} *{', '.join(dict.fromkeys(j.verdict for j in h.judged))}* "
             f"([{h.page}](notebooks/{h.page}.py))" for h in headlines(project, folder) if h.front]
    before, rest = text.split(BEGIN)
    return before + "\n".join([BEGIN, *lines, END]) + rest.split(END)[1]


def main(argv: list[str] | None = None) -> int:
    """Rewrite README.md; the exit status is 0 when it was written."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.publishing.readme", description=__doc__.split("\n")[0])
    parser.add_argument("--profile", default="quick", choices=PRESETS)
    args = parser.parse_args(argv)
    project = find_project()
    path = project.root / "README.md"
    path.write_text(filled(path.read_text(encoding="utf-8"), project, project.results(args.profile)), encoding="utf-8")
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
