"""Exit statuses of all commands, and the one line that explains an error."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TextIO

DONE, FAILED, WRONG_USE, OUTSIDE_TOLERANCE, INTERRUPTED = 0, 1, 2, 3, 130

#: Errors that say that a wish was wrong, by name: their modules need not be imported to know them.
WRONG_USE_ERRORS = {"ConfigError", "ProfileError", "ProjectError", "ParameterError", "RecordedError", "UsageError"}


class UsageError(ValueError):
    """The command line names something that does not exist, or words that do not go together."""


def status_of(error: BaseException) -> int:
    """2 for a wrong wish, 1 for everything that failed."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return WRONG_USE if names & WRONG_USE_ERRORS else FAILED


def explain(error: Exception, program: str, stream: TextIO | None = None) -> int:
    """Print one line about an error (with ``QUAKEBOOK_DEBUG=1`` the traceback too); return the exit status."""
    stream = stream or sys.stderr
    if os.environ.get("QUAKEBOOK_DEBUG"):
        traceback.print_exception(error, file=stream)
    expected = isinstance(error, (ValueError, OSError, RuntimeError, FloatingPointError))
    print(f"{program}: {'' if expected else type(error).__name__ + ': '}{error}", file=stream)
    if not expected:
        print("this is a fault of the program; QUAKEBOOK_DEBUG=1 shows where", file=stream)
    return status_of(error)
