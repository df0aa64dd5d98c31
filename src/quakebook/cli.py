"""The command ``quakebook``: a few verbs over the same packages that the notebooks use.

Exit status: 0 done, 1 failed, 2 wrong use, 3 a claim outside its tolerance, 130 interrupted (and resumable).
Nothing heavy is imported before a verb runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from . import __version__
from .commands.chapters import CHAPTERS, package_of
from .commands.parsers import parse
from .exits import DONE, FAILED, INTERRUPTED, WRONG_USE, explain
from .notes import told_once

FAMILIES = ("batch", "runs", "run_list", "record", "annotate", "export", "data", "new_chapter", "doctor")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    chapters = "\n".join(f"  quakebook {name:<10} ...  {text}" for name, text in CHAPTERS.items())
    top = argparse.ArgumentParser(
        prog="quakebook", description="A reproducible companion to deep-learning papers in seismology.",
        epilog=f"chapters with verbs of their own:\n{chapters}\n\nexample: quakebook reproduce bluedisc --preset quick",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"quakebook {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for family in FAMILIES:
        import_module(f"quakebook.commands.{family}").add_verbs(verbs)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if "QUAKEBOOK_PARENT" in os.environ:
        import_module("quakebook.training.world").end_with_parent()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a dash that the terminal's encoding lacks is no reason to stop
            stream.reconfigure(errors="replace")
    try:
        with told_once():
            if words and package_of(words[0]) in CHAPTERS:
                return _hand_over(package_of(words[0]), words[1:])
            args = parse(parser(), words)
            return args.work(args)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else WRONG_USE if stop.code else DONE
    except KeyboardInterrupt:
        print(f"\ninterrupted; to go on where it stopped: quakebook {' '.join(words)}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return explain(error, "quakebook")


def _hand_over(chapter: str, words: list[str]) -> int:
    """Let a chapter's own command line take the rest; not every chapter has one."""
    module = f"quakebook.{chapter}.published.verbs"
    if module not in sys.modules and (find_spec(f"quakebook.{chapter}.published") is None or find_spec(module) is None):
        print(f"quakebook: {chapter} has no verbs of its own; see quakebook train --help", file=sys.stderr)
        return WRONG_USE
    return int(import_module(module).main(words) or 0)


if __name__ == "__main__":
    sys.exit(main())
