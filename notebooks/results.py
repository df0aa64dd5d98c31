# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# (chap-results)=
# # Results: what holds and what does not
#
# Every number or direction that this book checks is one row of the list below, with what the paper says, what came out
# here, how far the two may differ, and a verdict:
#
# reproduced
# : the same computation gave the published number within the stated tolerance;
#
# effect shown
# : on synthetic or reduced data the same effect appears; this is never called a reproduction;
#
# undecided
# : one thing should be above another, but the difference is within its spread over seeds (the 95 % interval), or there is one seed;
#
# not reproduced
# : the number came out differently;
#
# not run here
# : the computation needs data or a machine that were not at hand.
#
# Two sorts of rows are no results of a paper, and are counted apart. A count or constant that we copied shows the
# *same architecture*. A *check of our own*, which no paper states, has *passed* or *failed*.
#
# The column *data* says what our number was computed on: *model-free* means that no data are involved, *real* are
# measured records, a *benchmark model* is a computer model that others use too (Marmousi2), and *recorded* numbers were
# kept from an earlier, longer run than the one that drew these pages.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: the preset at which the other pages were run

# %% tags=["hide-input"]
from IPython.display import HTML, display

from quakebook import plots
from quakebook.project import find_project
from quakebook.publishing import claims, results_list, summary

judged = claims.scoreboard()

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-results", "caption": "Verdicts by kind of claim and chapter. Only the first two panels are results of the papers."}, "image": {"alt": "Panels for trained results, computed results, architecture checks and our own checks; one horizontal bar per chapter, divided by verdict, with the number of claims in each part."}}
with plots.book_style():
    display(summary.verdict_bars(judged))

# %% [markdown]
# ## Claim by claim
#
# Choose a chapter, a kind of claim, a verdict or the data; *why* opens the place in the paper, the reason for the
# tolerance, and the command for what was not run here. The last column leads to the claim on its page.

# %% tags=["hide-input"]
display(HTML(results_list.results_list(judged, results_list.pages_with_claims(find_project(), preset))))

# %% [markdown]
# ## Something to try
#
# `quakebook scoreboard` prints the same list in a terminal. Change a bound in `book/claims/` and run it again: the verdict follows.
# `quakebook reproduce` runs the pages anew and ends with status 3 when a claim is outside its tolerance.
