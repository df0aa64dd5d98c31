"""Tables as MyST: text cells stay text, nothing becomes a dash."""

import numpy as np
import pandas as pd

from quakebook.publishing import tables


def test_cells_stay_as_they_are_written():
    text = tables.myst(pd.DataFrame({"a": ["1.50", "20"], "b": ["x", "y"]}), "tab-x", "A caption")
    assert text == ("```{table} A caption\n:name: tab-x\n\n| a    | b   |\n|:-----|:----|\n| 1.50 | x   |\n"
                    "| 20   | y   |\n```")


def test_what_there_is_not_is_a_dash():
    text = tables.myst_table(pd.DataFrame({"a": [1.5, np.nan], "b": ["nan", None]}), "tab-x", "A caption")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")][1:]
    assert [[cell.strip() for cell in row] for row in rows] == [["1.5", "–"], ["–", "–"]]
