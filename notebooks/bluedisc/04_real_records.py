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
# (chap-bluedisc-real)=
# # BlueDisc 4: real records
#
# **Claim** {cite:p}`Huang2025`: the hybrid finds S on real records where the point-wise loss leaves it under the
# threshold. **What this page does**: the two recorded pickers, which have seen nothing but synthetic records, are
# applied to the earthquake that comes with ObsPy and, where the files are present, to a sample of labelled records
# from Northern California. **Cost**: seconds on one core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: the same in each; the pickers are recorded ones
ncedc: str = ""  # folder of the Northern California sample; empty: look beside the checkout, else show what was recorded

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook.bluedisc.figures.real_records import real_records
from quakebook.bluedisc.pages import real_records as real_page
from quakebook.publishing import claims, tables

# %%
shown = real_page.shown(ncedc)

# %% tags=["hide-input"]
display(Markdown(real_page.source_line(shown)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-real", "caption": "Real records and two pickers trained on synthetic ones. Bars: picks (ObsPy's record: by ObsPy's automatic picker; Northern California, the first records of the sample: by analysts). Solid and dashed: the two pickers; dotted: 0.7."}, "image": {"alt": "Three seismograms with pick bars; below each the P and S probability curves of both pickers, P higher than S.", "width": "100%"}}
display(real_records(shown))

# %% [markdown]
# ObsPy's record lies at a short distance: S follows about a second after P. The synthetic records of the preset
# `picker` hold few events so near, and the record's slow undulation is foreign to them as well.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(real_page.table(shown), "tab-bluedisc-real",
                                       "Both pickers on the bundled earthquake and on the labelled records (labels "
                                       "found; in time: within 0.1 s).")))

# %% [markdown]
# ## What a picker that has seen synthetic records only does and does not
#
# * It finds P on most of these records, at the right time, though lower than on synthetic ones. The physics that makes a
#   P onset is in the synthetic data; not every kind of noise is.
# * On S the two pickers differ as they do on synthetic records: the heights rise from BCE to the hybrid, and more S stand
#   over the threshold. The price is again precision: a smaller share of the peaks over the threshold lies within 0.1 s
#   of the analyst's pick. Here it also costs picks: of any height, fewer P and fewer S are in time with the hybrid.
# * With so few records, and one seed, one pick more or less is worth two percent: read the directions, not the digits.
# * On ObsPy's record, near and with a slow undulation, neither picker lifts P over the threshold.

# %% tags=["hide-input"]
_ = claims.report("bluedisc", "04_real_records", real_page.metrics(shown), data="real")

# %% [markdown]
# ## Against the paper
#
# Nothing here tests the published numbers: those belong to INSTANCE, some hundred thousand windows and ten thousand
# steps. One direction can be asked.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(claims.show("bluedisc", "real*", name="tab-bluedisc-claims-real", caption="Real records: directions"))

# %% [markdown]
# ## What differs, and why
#
# These records are nearer and smaller than those of the training, with other instruments, clipped traces and dead
# components. Records without horizontals were left out, because no S can be asked of them. The paper's pickers were
# trained on real records of the network they were tested on.

# %% [markdown]
# ## Something to try
#
# The recorded pickers are ordinary SeisBench models. Load one and let it go over a continuous stream:
#
# ```python
# import obspy
# from quakebook.bluedisc.recorded import read as recorded
#
# picker = recorded.generator("hybrid-42")
# print(picker.classify(obspy.read(), P_threshold=0.5, S_threshold=0.5).picks)
# picker.save("hybrid")     # seisbench.models.PhaseNet.load("hybrid") reads it without this package
# ```
#
# Plain PhaseNet turns the same logits into probabilities by a softmax, so its heights differ from those here and the
# thresholds have to be set anew.
