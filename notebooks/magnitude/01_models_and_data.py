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
# (chap-magnitude-models)=
# # Magnitude 1: six networks and what they are fed
#
# **Claim**: three phase pickers and three magnitude estimators can be trained with one framework on one kind of data;
# this page shows what each of them is, and three places where the published code does something else than it says.
#
# A {term}`magnitude` is a number for the size of an earthquake. The classical way reads the largest {term}`amplitude`
# off a seismogram and corrects for distance. The networks of this chapter are given 30 s of a three-component record
# and answer with a magnitude, most of them at every sample: zero before the earthquake arrives, the magnitude after it.
#
# **What is reproduced here**: the architectures with their parameter counts, the training data and labels, the
# learning-rate schedule. The framework has no paper; its sources are its README and its code, which disagree in many
# places. The defaults here are those of the README. **Cost**: seconds on one processor core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: how many synthetic records the histogram shows

# %% tags=["hide-input"]
import numpy as np
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.magnitude import MODEL_TYPES, build, count_parameters, figures, live
from quakebook.magnitude.data.example import training_sample
from quakebook.magnitude.data.magnitude_types import mix
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.objective.schedule import rates, rates_as_in_reference
from quakebook.magnitude.pages import tables
from quakebook.publishing import claims

# %% [markdown]
# ## The models
#
# PhaseNet {cite:p}`Zhu2019` is a U-Net: it halves and halves again the time resolution on the way down, and climbs
# back up to one answer per sample. Two variants put a recurrent block at the bottom, where a whole record is only a
# dozen steps long. PhaseNetMag is the same U-Net with a magnitude in place of probabilities. EQTransformerMag puts
# convolutions, LSTMs and a transformer in a row {cite:p}`Mousavi2020eqt`. MagnitudeNet is a U-Net with finer steps and
# attention at the bottom.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst(tables.model_table(), "tab-magnitude-models",
                             "The six networks: parameters, window in samples, learning rate, batch size, options")))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst(tables.capacity_table(), "tab-magnitude-capacity",
                             "Parameters when every filter count is multiplied. How the error changes with it needs a "
                             "GPU and is not run here")))

# %% [markdown]
# Doubling `filter_factor` about quadruples the U-Nets. A model is built with one call, and a wrong option is an error
# that lists the right ones.

# %%
model = build("phasenet_mag", norm="peak", filter_factor=2)
count_parameters(model)

# %% [markdown]
# ## The records
#
# All results of this chapter are on **synthetic** records unless a caption says otherwise: earthquakes of known size
# and distance, recorded by stations of different gain, with a catalogue magnitude computed from the simulated ground
# motion. Real sets are read by name in the same way, for example `data.name=ETHZ` {cite:p}`Woollam2022`.

# %%
config = live.live_config(preset)
splits = load_splits(config.data)
magnitude = splits.metadata["source_magnitude"].to_numpy(float)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-magnitude-data", "caption": "Magnitudes of the records, in half units, and the mix of magnitude types."}, "image": {"alt": "Histogram of source magnitudes; the bars are of similar height up to about magnitude five and a half."}}
with plots.book_style():
    display(figures.magnitude_histogram(magnitude, mix(splits.metadata), splits.label))

# %% [markdown]
# The magnitudes are drawn from an even distribution on purpose; the records that remain fill its bins unevenly. In a natural catalogue most events are small, and a model that always
# answers the mean would look good. Types of magnitude (local, moment, body wave...) are different quantities: a set
# that mixes them is refused until one says which to use.
#
# A training window is cut at random round one of the picks. The network sees the three components, scaled; it is
# asked for the curves below: a bump at each arrival for the pickers, a step at the first arrival for the others.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-magnitude-sample", "caption": "One training window: (a) components Z, N, E, (b) labels of the pickers, (c) label of the magnitude models."}, "image": {"alt": "Three seismogram traces, below them a blue bump at P and an orange bump at S with grey noise elsewhere, below that a step from zero to the magnitude at P."}}
row = int(splits.train.is_event.nonzero()[0])
sample = training_sample(splits.train, row)
with plots.book_style():
    display(figures.generator_sample(sample["waveforms"], sample["phases"], sample["magnitude"], splits.label))

# %% [markdown]
# A window drawn round S may miss P ({numref}`fig-magnitude-sample` shows a window of another seed that holds both phases): the label
# then rises at S. Events whose magnitude is zero or negative would look like noise to the network. They are left out
# and counted; with `label_offset=1` they can stay.
#
# ## The schedule that undid itself
#
# The learning rate climbs during a warm-up and is halved when the dev loss stays on a plateau. The published code uses
# two schedulers for that. The first one writes its own value every epoch, and so takes back every reduction of the
# second. Here one schedule does both.

# %%
dev_loss = [1 / (1 + k) for k in range(10)] + [0.1] * 30
correct, reference = rates(1e-3, dev_loss), rates_as_in_reference(1e-3, dev_loss)
events = [k for k in range(6, 40) if correct[k] < 0.75 * correct[k - 1]]

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-magnitude-schedule", "caption": "Learning rate per epoch for a dev loss that falls for ten epochs and then stays. Dotted: plateau events."}, "image": {"alt": "A blue staircase rises, then halves at each dotted line. The orange line dips for single epochs and jumps back to the top each time."}}
with plots.book_style():
    display(figures.schedule_figure(correct, reference, events))

# %% [markdown]
# In {numref}`fig-magnitude-schedule` the blue line is: base rate times warm-up times one half for
# each plateau so far. The orange line is what two schedulers make of it.
#
# ## Against the sources

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
metrics = {f"models.{name}.parameters": float(count_parameters(build(name)))
           for name, entry in MODEL_TYPES.items() if entry.family != "baseline"}
metrics["models.eqtransformer_mag_eqt.parameters"] = float(count_parameters(build("eqtransformer_mag", arch="eqt")))
metrics["schedule.final_rate_over_base"] = correct[-1] / 1e-3
metrics["schedule.reference_final_rate_over_base"] = float(np.max(reference[-7:])) / 1e-3
_ = claims.report("magnitude", "01_models_and_data", metrics, data="model-free")
display(claims.show("magnitude", "models.*", name="tab-magnitude-claims-models",
                    caption="Parameters of the published models and of ours"))
display(claims.show("magnitude", "schedule.*", name="tab-magnitude-claims-schedule",
                    caption="What becomes of the learning rate"))

# %% [markdown]
# ## What differs, and why
#
# The README describes the transformer variant of EQTransformerMag, the code has another trunk: both can be built, with
# `arch="transformer"` (default) and `arch="eqt"`. The "ConvLSTM" of the code has no recurrence in it: it is
# `variant="conv"` here, and the default is a real one. A checkpoint stores its whole configuration, so that nobody has
# to repeat options when a model is evaluated.
#
# ## Something to try
#
# 1. Draw other samples: `training_sample(splits.train, row, seed=1)`, and so on. How often is P missing?
# 2. `build("eqtransformer_mag", transformer_d_model=100)` fails. Read the message, and mend it.
# 3. Count the parameters of PhaseNetLSTM in one direction only. Where do the missing ones go?
