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
# (chap-uvcgan-s-earthquakes)=
# # UVCGAN-S 2: earthquakes in noise
#
# **Not in the paper**: the same method takes records apart into earthquake and station noise. Pure noise is plentiful, nearly
# pure signals are those of strong events, and what one wants to clean cannot be paired with either. **What this page does**:
# it makes records whose parts are known, and asks how many decibels each method wins, and what picks gain from it.
# **Cost**: a quarter of a minute on one core; the trainings are recorded.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: how many mixtures are made here

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook.publishing import claims, tables
from quakebook.uvcgan_s.figures import gains, variants, waveforms
from quakebook.uvcgan_s.pages import earthquakes as page
from quakebook.uvcgan_s.pages import earthquakes_real as real

# %%
mixtures = page.live(preset)
classical = page.study.baselines(mixtures)
recorded = page.results()
extracted = real.results()
here, waves_here = real.evaluated_here(mixtures)

# %% tags=["hide-input"]
display(Markdown(page.sentence(recorded, classical) + " " + real.sentence(extracted)))

# %% [markdown]
# ## The task
#
# A vertical record of 20 s at 50 Hz becomes an image: the magnitudes of its short-time spectra, 32 frequencies by 32 times.
# Backgrounds are images of synthetic station noise, signals those of strong synthetic earthquakes, mixtures those of both
# added as waveforms. The extracted magnitude keeps the phase of the mixture and is turned back into a waveform by
# overlap-add. Even true magnitudes with that phase do not give the true signal: the last row of the table is this limit.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-seismic", "caption": "One mixture, what was extracted, and the true signal: waveform and magnitudes. Line: P."}, "image": {"alt": "Three rows: a noisy record, a cleaner extracted one, and the true earthquake signal, each with its spectrogram.", "width": "100%"}}
waves, p_s = page.example() or page.live_example(mixtures)
display(waveforms.decomposed(waves, p_s))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-gains", "caption": "Gain in signal-to-noise ratio; one dot a seed."}, "image": {"alt": "Dots: gains in decibels of learned methods and filters; a band-pass wins least.", "width": "100%"}}
display(variants.variant_errors(page.gains(recorded, classical), label="Gain in signal-to-noise ratio (dB)",
                                better="larger is better"))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.table(recorded, classical), "tab-uvcgan-s-seismic",
                                   "Gain, and mean absolute error of the magnitudes in units of the noise. Learned methods as "
                                   "recorded; filters on the mixtures of this page.")))

# %% [markdown]
# ## The mixing network is of little use here

# %% tags=["hide-input"]
display(Markdown(page.cross_terms(mixtures)))

# %% [markdown]
# ## Evaluated while this page ran
#
# The recorded generators, rebuilt from their weights, on the mixtures that this page made.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(here, "tab-uvcgan-s-seismic-here",
                                   "Gain on the mixtures of this page: mean, and what nine of ten mixtures exceed.")))

# %% [markdown]
# ## Real records
#
# Vertical records of Northern California {cite:p}`NCEDC2014` whose signal lies 25 dB over their own noise stand for pure
# earthquakes; noise is what records of other stations hold before P. Both are added at known signal-to-noise ratios, as
# for the synthetic mixtures. No network here has seen a real record.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-real-gains", "caption": "Gain on synthetic and on real mixtures by generators of one training each. Bars: 95 % interval when earthquakes are drawn anew."}, "image": {"alt": "Rows of methods with two marks each, for synthetic and real mixtures; true magnitudes win most, a band-pass next to nothing.", "width": "100%"}}
display(gains.gains(real.gains(extracted)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-real", "caption": "A real earthquake in real noise (without a recorded one: a synthetic mixture), what was extracted, and the true signal. Line: P."}, "image": {"alt": "Rows: a noisy record, what spectral subtraction and the full method extract, and the true earthquake, each with its spectrogram.", "width": "100%"}}
waves, p_s = real.example(extracted, "real") or page.live_example(mixtures)
display(waveforms.decomposed(waves, p_s))

# %% [markdown]
# ## Picks
#
# What does extraction do to picks of P? Two pickers are asked: a classic trigger (short-term over long-term power), and a
# PhaseNet trained on synthetic records in another chapter, which is opened from its file. Magnitudes of a short-time
# spectrum say *when* to a window of 1.3 s only, and with the phase of a noisy mixture some of the signal's power leaks
# before P; the row of the true magnitudes shows how much even perfect magnitudes cost.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(real.pick_table(extracted, "phasenet"), "tab-uvcgan-s-picks-phasenet",
                                   "PhaseNet: P found within half a second / false picks / median error (s).")
                 if extracted else "No picks are recorded yet."))
display(Markdown(tables.myst_table(real.pick_table(extracted, "trigger"), "tab-uvcgan-s-picks-trigger",
                                   "The trigger: the same.") if extracted else ""))
display(Markdown(" ".join(real.pick_sentence(each, picker) for picker in real.PICKERS for each in extracted.values())))

# %% [markdown]
# Any other picker can be handed in: a function from waveforms and their rate to one onset for each. Here the trigger on the
# mixtures of this page:

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.pick_table(mixtures, extracted=waves_here), "tab-uvcgan-s-picks",
                                   "Share of P onsets with a pick within half a second, share of false picks, median and "
                                   "spread of the error.")))

# %% tags=["hide-input"]
_ = claims.report("uvcgan_s", "02_earthquakes_in_noise", page.metrics(recorded, classical), data="synthetic")

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(claims.show("uvcgan_s", "seismic*", name="tab-uvcgan-s-claims-seismic", caption="Earthquakes: our own checks"))

# %% [markdown]
# ## What differs, and why
#
# * Strong records stand for pure signals: their own noise lies 25 dB below, which bounds what can be learned.
# * On real records one training of each method was tried; the intervals are over earthquakes, not over trainings.
# * Spectral subtraction knows where P is and takes its noise from before it; the networks know neither.
#
# ## Something to try
#
# 1. Hand in a picker of your own: `page.pick_table(mixtures, picker)`, for instance a SeisBench model through
#    `quakebook.picking.onsets.p_onsets(model, "softmax")`.
# 2. Train with another seed: `quakebook train uvcgan_s data.name=synthetic:spectrograms objective.norm=log preset=quick`.
