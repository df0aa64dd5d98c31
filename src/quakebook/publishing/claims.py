"""The papers' numbers beside ours: everything that a notebook needs, under one name.

`load` reads what a paper states, `report` keeps what a page computed (`over_seeds` with its spread), `table` and `show`
compare the two.
"""

from .claim import Claim, ClaimError
from .claim_file import load, papers
from .measured import Measured, difference, over_seeds
from .reports import Result, recorded, report, reported
from .scoreboard import scoreboard, show, table
from .verdicts import VERDICTS, Judged, judge

__all__ = ["VERDICTS", "Claim", "ClaimError", "Judged", "Measured", "Result", "difference", "judge", "load",
           "over_seeds", "papers", "recorded", "report", "reported", "scoreboard", "show", "table"]
