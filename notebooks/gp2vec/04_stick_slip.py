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
# (chap-gp2vec-stick-slip)=
# # GP2Vec 4: displacement from shaking
#
# **Claim** {cite:p}`Johnson2025`: a network pre-trained on continuous waveforms of the 2018 Kīlauea caldera collapses
# predicts the displacement of the same moment, better than gradient-boosted trees; hints of the near future are not
# robust.
#
# **What this page does**: the same kind of experiment on a *synthetic* stick-slip sequence. Stations, windows, model size
# and scores of the published study are not public in what was available here, so none is quoted or compared. **Cost**:
# about a minute on one core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: length of the sequence that is computed live

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.gp2vec.figures import ahead as lead_figures
from quakebook.gp2vec.figures import displacement as figures
from quakebook.gp2vec.pages import lead_times as leads
from quakebook.gp2vec.pages import stick_slip as page
from quakebook.publishing import claims, tables

# %% [markdown]
# ## The sequence
#
# Stress rises at a rate that differs from cycle to cycle, fails near 1 and drops to near 0. The ground moves inward while
# it loads, and outward at each collapse. Micro-earthquakes become more frequent and larger with stress, their S minus P
# time grows, tremor becomes louder and its pitch rises. Noise and tremor levels also wander independently of the stress.
# Cycles last ten minutes; those of 2018 lasted 0.8 to 2.2 days, about 200 times longer.
#
# Windows of 30 s; the target is the displacement at the window's end. Training, validation and test are whole cycles in
# order of time, and no window reaches from one of the three parts into another.

# %%
result = page.recorded_result()

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-displacement", "caption": "Held-out cycles of the synthetic sequence (recorded, first seed): displacement in mm against time, and what boosted trees and a ridge regression on the features of the pretrained network predict from 30 s of shaking. Below: predicted against true."}, "image": {"alt": "A saw-tooth of displacement over time with two predicted curves, and two scatter plots with diagonals.", "width": "100%"}}
display(figures.held_out_cycles(result.arrays) if result else Markdown(page.missing()))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
if result:
    values = page.values(result)
    display(Markdown(tables.myst_table(page.table(values), "tab-gp2vec-displacement",
                                       "Displacement on held-out cycles (recorded): mean over seeds of the network and "
                                       "range.")))
    display(Markdown(page.trees_sentence(values)))
    display(Markdown(page.training_sentence(values)))

# %% [markdown]
# ## Ahead in time

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-ahead", "caption": "Displacement some time ahead (recorded, one seed), against the lead in percent of the mean cycle. Left: R2 on held-out cycles. Right: R2 minus that of repeating the present answer, for the ridge fitted to the future and for the mean future of the present answer; shade: 95 % interval over held-out cycles, where it was recorded."}, "image": {"alt": "Left: four curves of R2 over lead time. Right: two curves of differences in R2, and a line at zero.", "width": "100%"}}
display(lead_figures.ahead(result.arrays) if result else Markdown(page.missing()))

# %% tags=["hide-input"]
display(Markdown(leads.ahead_sentence(result.arrays) if result else page.missing()))

# %% [markdown]
# ## A shorter sequence, now
#
# The same comparison on a short sequence, with the recorded network of the pages before, which has never seen it.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
short, short_arrays = page.short_comparison(preset)
display(Markdown(tables.myst_table(page.table(short), "tab-gp2vec-short",
                                   "A short sequence with few test cycles, computed on this page.")))

# %% [markdown]
# The slider moves the moment that is asked about further ahead. Above: the true displacement at that moment, the answer
# of the network fitted to it, and what repeating the present answer would say. Below: the two panels of
# the figure above, with the chosen lead dashed.

# %% tags=["hide-input"]
arrays, of = leads.fullest(result, short_arrays)
display(Markdown(f"Shown: {of}."))
display(plots.explorer(lead_figures.lead_frames(arrays), leads.labels(arrays), description="lead", dpi=72))

# %% [markdown]
# ## Stress in the features
#
# A linear map can read the displacement only if the state of the fault shows in the features. Their two largest
# components, coloured by the stress that made the shaking:

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-stress", "caption": "Windows in the first two principal components of the last layer's pooled features, coloured by the true stress at the window's end (the sequence named above)."}, "image": {"alt": "A cloud of dots whose colour runs from dark, low stress, to bright, high stress."}}
display(figures.by_stress(arrays))

# %% tags=["hide-input"]
display(Markdown(leads.stress_sentence(arrays)))

# %% [markdown]
# ## Against the paper

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("gp2vec", "04_stick_slip", page.metrics(result), data="synthetic")
display(claims.show("gp2vec", "displacement*", name="tab-gp2vec-claims-displacement",
                    caption="Displacement: what the abstract states, on a synthetic sequence"))

# %% [markdown]
# ## What differs, and why
#
# In this sequence loudness itself follows stress, so trees on amplitudes have an easy task. A real volcano may hide
# its state better, or worse. Whether a network beats trees therefore depends on how the sequence was made, and a number
# from it says nothing about Kīlauea.

# %% [markdown]
# ## Something to try
#
# 1. `caldera.sequence(nuisance=1.0)` (in `quakebook.gp2vec.data`) makes the levels wander twice as much. Which method
#    suffers more?
# 2. Tie the shaking to the phase of the cycle instead of the stress. Why can nobody predict the displacement then?
