"""Sentences that compare, made from results; what is not recorded is said to be so."""

from __future__ import annotations

import pandas as pd

from quakebook.bugfinv.figures.training import LABELS
from quakebook.bugfinv.settings import UNTRAINED
from quakebook.bugfinv.studies.orderings import Ordering, of_table

Reading = tuple[str, str]  #: method and heads


def not_recorded(pattern: str) -> str:
    """What stands on the page where nothing is recorded yet."""
    return f"*Not recorded yet:* `quakebook record bugfinv '{pattern}'`."


def name(reading: Reading) -> str:
    """A method, and which heads were read."""
    method, heads = reading
    return LABELS[method] + ("" if method in UNTRAINED else f" ({heads} heads)")


def error(table: pd.DataFrame, reading: Reading, column: str = "nrmse.overall") -> str:
    """Mean ± standard deviation over seeds of one method, 4 digits; one seed has no deviation."""
    method, heads = reading
    values = table[(table.method == method) & (table.heads == heads)][column].to_numpy()
    return f"{values.mean():.4f}" + (f" ± {values.std(ddof=1):.4f}" if len(values) > 1 else "")


def ordering(table: pd.DataFrame, first: Reading, second: Reading) -> str:
    """One sentence: does the second method err less than the first, more, or is that undecided?

    An ordering is decided where the 95 % interval of the difference over seeds leaves out zero.
    """
    found = of_table(table, first, second)
    if found is None:
        return f"{name(second)} beside {name(first)}: not recorded yet."
    numbers = f"{error(table, second)} against {error(table, first)}"
    if found.decided:
        return f"{name(second)} errs **{found.verdict}** than {name(first)}: {numbers}."
    return f"Whether {name(second)} errs less than {name(first)} is **undecided**: {numbers}, {reason(found)}."


def reason(found: Ordering) -> str:
    """Why an ordering is undecided."""
    if found.half_width is None:
        return "one seed"
    return f"a difference of {found.difference:+.4f} ± {found.half_width:.4f} over {found.seeds} seeds"


def bullets(lines: list[str]) -> str:
    """A MyST list."""
    return "\n".join(f"* {line}" for line in lines)
