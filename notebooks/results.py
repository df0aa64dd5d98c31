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
# Every number or direction that this book checks stands here, with what the paper says, what came out here, how far the two
# may differ, and a verdict:
#
# reproduced
# : the same computation gave the published number within the stated tolerance;
#
# effect shown
# : on synthetic or reduced data the same effect appears; this is never called a reproduction;
#
# not reproduced
# : the number came out differently;
#
# not run here
# : the computation needs data or a machine that were not at hand.
#
# Where the paper prints no number the second column has a dash: it states a direction. *Our check* means that the paper
# states nothing of the kind; *not reproduced* beside it says that a check of our own fails.
#
# The column *data* says what our number was computed on: *model-free* means that no data are involved, and *recorded* that
# the number was kept from an earlier, longer run than the one that drew these pages.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: the preset at which the other pages were run

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.publishing import claims, summary

judged = claims.scoreboard()

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-results", "caption": "Verdicts on the claims of each paper."}, "image": {"alt": "One horizontal bar per paper, divided into the four verdicts, with the number of claims in each part."}}
with plots.book_style():
    display(summary.verdict_bars(judged))

# %% [markdown]
# ## Number by number

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
for paper in claims.papers():
    display(claims.show(paper, name=f"tab-results-{paper}", everything=True))

# %% [markdown]
# ## Why these tolerances, and what was not run
#
# A tolerance is only worth something with its reason. The list gives it for each claim, with the place in the paper and,
# where the computation was not run here, the command that runs it.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(summary.reasons(judged)))

# %% [markdown]
# ## Something to try
#
# `quakebook scoreboard` prints the same table in a terminal. Change a bound in `book/claims/` and run it again: the verdict follows.
# `quakebook reproduce` runs the pages anew and ends with status 3 when a claim is outside its tolerance.
