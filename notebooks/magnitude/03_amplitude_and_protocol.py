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
# (chap-magnitude-amplitude)=
# # Magnitude 3: what normalisation costs, and a score that flatters
#
# **Claim**: scaling every window by its own size throws away the quantity that magnitude measures. What the network
# still learns is indirect; handing the amplitude back as one extra number should lower the error. And R² with every
# sample as a data point should be higher than R² with one number a record.
#
# **Cost**: seconds; the trainings are recorded results (PhaseNetMag, one processor core, synthetic records).

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: this page reads recorded results and is the same in each

# %% tags=["hide-input"]
import numpy as np
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.magnitude import figures
from quakebook.magnitude.pages import amplitude_and_protocol, architecture, numbers, tables
from quakebook.magnitude.recorded import read as recorded
from quakebook.publishing import claims

groups = recorded.by_name()

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
rows = numbers.protocol_rows(groups)
display(Markdown(amplitude_and_protocol.amplitude_sentence(groups) + " "
                 + amplitude_and_protocol.protocol_sentence(rows)))
display(Markdown(architecture.architecture_note(groups)))

# %% [markdown]
# ## Where the magnitude goes
#
# A factor of ten in amplitude is one unit of magnitude: $M_L = \log_{10} A + f(\text{distance})$. The published
# preprocessing divides each component by its standard deviation (`std`) or its largest value (`peak`), so $A$ is gone.
# What remains is the S-P time (distance), the duration and shape of the coda, the frequency content (large sources are
# slow), and how far the earthquake stands above the noise. In a catalogue these go together with size, so training
# "works". The figure is the main message of this chapter.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-magnitude-ablation", "caption": "What the amplitude is worth. (a) Mean absolute error for two ways of scaling and three ways of telling the amplitude; dots are seeds. (b) Mean error against catalogue magnitude for scaling by the standard deviation. Recorded results on synthetic records."}, "image": {"alt": "Bars: the error is highest without amplitude, lower with amplitude in counts, lowest in metres per second. Lines: without amplitude, small events are overestimated and large ones underestimated."}}
cells = amplitude_and_protocol.ablation_cells(groups)
with plots.book_style():
    display(figures.amplitude_ablation(cells))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
chosen = {name: entries for name, entries in groups.items() if name.startswith("phasenet_mag-")}
display(Markdown(tables.myst(tables.ablation_table(chosen), "tab-magnitude-ablation",
                             "PhaseNetMag: scaling and amplitude input, mean and standard deviation over the seeds")))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(amplitude_and_protocol.scaling_sentence(groups)))
display(Markdown(amplitude_and_protocol.large_sentence(groups)))

# %% [markdown]
# Amplitude in counts says less than ground velocity where, as in this network, the stations have gains over a decade; in
# a network of one sensor type it would do. Panel (b) shows the price in geophysical terms: to underestimate the largest
# events is the worst error that a warning system can make.
#
# ## A score that flatters
#
# These models answer at every sample, with zeros before P. The published evaluation takes every sample as a data
# point, so all the easy zeros count. $R^2$ then has a floor: a model that knows only *when* the earthquake arrives and
# answers the mean magnitude $\mu$ for every event reaches
#
# $$
# R^2_0 = \frac{(1-q)\,\mu^2}{\sigma^2 + (1-q)\,\mu^2},
# $$ (eq-magnitude-floor)
#
# with $q$ the share of samples after P and $\sigma$ the spread of the magnitudes.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-magnitude-protocol", "caption": "The same predictions scored by record (blue) and by sample (orange). Black: the floor of Equation {eq}`eq-magnitude-floor`, reached without any skill."}, "image": {"alt": "Pairs of bars for each model. The black marks, what no skill at all reaches, stand well to the right of zero."}}
with plots.book_style():
    display(figures.protocol(rows))

# %%
entry = groups["phasenet_mag-std-none"][0]
event = np.isfinite(entry.arrays["true"])
simulated = amplitude_and_protocol.simulated_floor(entry.arrays["true"][event], entry.arrays["onset_s"][event])
abs(simulated - entry.content["flattened"]["floor_r2"])

# %% [markdown]
# The last number is the difference between the formula and a model that really answers like this, sample by sample.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(amplitude_and_protocol.floor_sentence(rows)))

# %% [markdown]
# How large the gain of the flattened score is depends on the windows and on the spread of the magnitudes: with
# magnitudes spread as widely as here, and P early in the window, there are few zeros before P and the inflation is
# small; a model that is late to rise after P can even lose. In a natural catalogue, where most magnitudes are alike, the floor is higher.
#
# ## Against the measurements

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
metrics = numbers.recorded_metrics(groups)
metrics["protocol.floor_difference"] = abs(simulated - entry.content["flattened"]["floor_r2"])
_ = claims.report("magnitude", "03_amplitude_and_protocol", metrics, data="recorded")
display(claims.show("magnitude", ["recorded.amplitude_ratio.*", "recorded.scaling_gain"], name="tab-magnitude-claims-amplitude",
                    caption="What the amplitude channel is worth"))
display(claims.show("magnitude", ["recorded.flattened_*", "protocol.*"], name="tab-magnitude-claims-protocol", caption="The flattened score"))

# %% [markdown]
# ## What differs, and why
#
# Other codes solve the same problem in other ways: MagNet {cite:p}`Mousavi2020mag` and CREIME
# {cite:p}`Chakraborty2022` feed raw counts, which works where all instruments are alike. The synthetic gains are known
# exactly; real metadata have errors, and a wrong gain is then a wrong magnitude.
#
# ## Something to try
#
# 1. Compare the slope of the error for the two scalings without amplitude. Is `peak` any better for large events?
# 2. Put other values of $q$, $\mu$ and $\sigma$ into `readout.skill_free_r2`. What is the floor for a catalogue of
#    magnitudes round 2 with a spread of 0.4?
# 3. Scale all waveforms of a test record by ten. Which models notice?
