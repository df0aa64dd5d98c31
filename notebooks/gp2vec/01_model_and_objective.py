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
# (chap-gp2vec-model)=
# # GP2Vec 1: the model and what it is asked
#
# **Asked here**: what does a network learn from when nobody labels its records? Spans of a seismogram are hidden, and
# the network must tell the true content of each hidden moment from a hundred distractors of the same window. This page
# shows the parts: frames, hidden spans, codes, and the number that says whether anything was learnt.
#
# **What is reproduced here**: the objective of wav2vec 2.0 {cite:p}`Baevski2020` on three-component seismograms. Loss
# and gradients agree with a public implementation on shared weights (a test, not this page). **Cost**: seconds.

# %% tags=["parameters"]
preset: str = "quick"  # smoke leaves the two large networks out of the table

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.gp2vec.figures import masks, response, temperatures, windows
from quakebook.gp2vec.pages import model_and_objective as page
from quakebook.publishing import claims, tables

# %% [markdown]
# ## Records without labels
#
# Events, tremor and noise from the synthetic generator, band-passed from 1 to 45 Hz. A window is 30 s long. The mean of
# each component is subtracted, and all three are divided by the same standard deviation, so that their ratios stay.

# %%
pool = page.example_pool()

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-windows", "caption": "Above: one synthetic window of each kind, components Z, N and E, divided by the standard deviation of the window (8 of these from one component to the next). Below: mean power spectrum of all windows of the kind among 96 records."}, "image": {"alt": "Three columns: noise, tremor, event. The event shows P and S onsets; the tremor's spectrum is raised below 7 Hz.", "width": "100%"}}
display(windows.kinds(pool))

# %% [markdown]
# Windows can also be cut from continuous recordings. {ref}`The page on archives <chap-data-archive>` maps the stations,
# shows what was recorded when, lets you move through the windows by station and time, compares the ground's spectra
# with noise models, and stores the windows in shards, from which a training reads them (`data.name=shards:FOLDER`).

# %% [markdown]
# ## From samples to frames
#
# Five convolutions turn 3000 samples into latent frames. Their strides decide how many frames a second there are. The
# published first layers have strides 5 and 4, which gives 5 frames a second at 100 Hz.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.rates_table(), "tab-gp2vec-rates",
                                   "Frame rates: frames of a window of 3000 samples without (valid) and with (same) "
                                   "padding, and how much of the record one frame sees.")))
display(Markdown(tables.myst_table(page.sizes_table(preset), "tab-gp2vec-sizes",
                                   "Sizes of the network, without metadata; operations of one training step by formula.")))

# %% [markdown]
# ## Hidden spans
#
# Every frame may start a hidden span; spans may overlap, so that less is hidden than the lengths of the spans add up to.
# The list sets this sum as a share of the window, the slider the length of a span in frames of 0.2 s. Left: hidden
# frames (dark) of 24 windows. Right: how much of a window is hidden, over 1000 windows.

# %% tags=["hide-input"]
display(plots.grid_explorer(masks.span_frames(), [str(n) for n in masks.LENGTHS], description="span", choice="share",
                            dpi=72))

# %% [markdown]
# ## Codes as targets
#
# The content of a hidden frame is first rounded to a code: one of 320 from each of two codebooks. Noise makes the choice
# random at first; its temperature falls during training, so that the choice becomes firm. The slider sets the
# temperature: the probabilities of 24 codes without noise, and after two draws of the noise.

# %% tags=["hide-input"]
display(plots.explorer([temperatures.choice(t) for t in temperatures.TEMPERATURES],
                       [f"{t:g}" for t in temperatures.TEMPERATURES], description="temperature", dpi=72))

# %% [markdown]
# ## The loss, and why the loss alone misleads
#
# $$
# L = -\frac{1}{|M|} \sum_{t \in M} \ln \frac{\exp(\cos(c_t, q_t)/\kappa)}
# {\exp(\cos(c_t, q_t)/\kappa) + \sum_{\tilde q} \exp(\cos(c_t, \tilde q)/\kappa)}
# $$ (eq-gp2vec-loss)
#
# $M$ are the hidden frames, $c_t$ is what the network says about hidden frame $t$, $q_t$ is the vector of its codes, and
# the temperature $\kappa$ is 0.1. The distractors $\tilde q$ come from other hidden frames of the same window. One with the
# same codes as the true target is left out, which makes guessing easier. The number that is reported is therefore the
# *gap*: the loss of guessing among the distractors that are left, minus the loss.

# %% tags=["hide-input"]
values = page.metrics(preset)
limits = page.limits()
display(Markdown(page.chance_sentence() + " " + page.limits_sentence(limits)))

# %% [markdown]
# ## What a network may know of its station
#
# The network can be told where a record comes from: codes of network, station and instrument, the position, and the
# response curve. There are four ways to use this: add it to the frames, scale the frames by it, let the frames attend to
# it, or join it to them. Each way changes nothing before training. The targets are made without it.
#
# The network can also be asked to predict the sampling rate, the channel or the region (`network.tasks`); what it must
# predict is then not shown to it. With `network.task_mode=adversarial` the aim is the opposite: features from which these
# cannot be predicted.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-responses", "caption": "Response curves of two sensors to ground velocity at the 64 frequencies that the network reads: log10 of the amplitude, relative to that at 1 Hz."}, "image": {"alt": "Two curves over frequency: the broadband sensor is flat down to long periods, the short-period sensor falls below 1 Hz."}}
display(response.curves(page.responses()))

# %% [markdown]
# ## Changes that must not matter
#
# Training windows can be changed at random. Shifts in time are not among the changes: each window is cut at another place
# of a longer record.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-augment", "caption": "One window with an event, unchanged and after each change alone (black: Z, grey: N and E), all on one scale."}, "image": {"alt": "Seven traces of one window: unchanged, amplitude, noise, band, component, polarity, taper.", "width": "100%"}}
display(windows.augmentations(page.example_window(pool)))

# %% [markdown]
# ## Checks

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("gp2vec", "01_model_and_objective", values, data="model-free")
display(claims.show("gp2vec", "model*", name="tab-gp2vec-claims-model", caption="The model against its description"))

# %% [markdown]
# ## Something to try
#
# 1. In the explorer of the spans, which settings leave windows with nothing visible?
# 2. `gp2vec.GP2Vec(size="tiny").encode(...)` gives frames of any window. How many at `rate="hz25"`?
# 3. Why does a hidden frame get a learned vector and not zeros?
