"""The papers' numbers beside ours: everything that a notebook needs, under one name.

`load` reads what a paper states, `report` keeps what a page computed, `table` and `show` compare the two.
"""

from .claim import Claim, ClaimError, load, papers
from .reports import Result, recorded, report, reported
from .scoreboard import scoreboard, show, table
from .verdicts import VERDICTS, Judged, judge

__all__ = ["VERDICTS", "Claim", "ClaimError", "Judged", "Result", "judge", "load", "papers", "recorded", "report",
           "reported", "scoreboard", "show", "table"]
