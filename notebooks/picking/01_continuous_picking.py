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
# (chap-picking-continuous)=
# # Picking 1: continuous data, from waveforms to events
#
# A picker is worth what it finds in continuous data. This page makes a small continuous archive whose earthquakes are
# known, lets a recorded picker go over it with `quakebook.picking.annotate`, hands the picks to the associator PyOcto
# {cite:p}`Muenchmeyer2024` and compares the events with the truth. **Cost**: half a minute on one core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke: 8 stations, 1 hour; quick: 14 stations, 1 hour; paper: 30 stations, 6 hours
picker: str = "hybrid-42"  # a recorded picker: hybrid-42 or bce-42
seed: int = 7  # of the archive; the picker was trained on others

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook.bluedisc.recorded import read as recorded
from quakebook.picking import figures
from quakebook.picking.pages import continuous_picking as page
from quakebook.picking.pages import sentences
from quakebook.picking.pages.archive import archive
from quakebook.publishing import claims, tables

# %%
continuous = archive(preset, seed)
model = recorded.generator(picker)
picked = page.pick(continuous, model)
located = page.locate(picked.picks, continuous)

# %% tags=["hide-input"]
display(Markdown(sentences.first_sentence(located, int((continuous.catalogue["stations"] >= 5).sum()), picked)))

# %% [markdown]
# ## Picks
#
# One row of the table of picks holds station, phase, time and probability, the width of the curve as a measure of its
# bluntness, the signal-to-noise ratio, and the largest ground velocity and displacement of the four seconds after the
# pick, with the instrument's response removed once for each trace.

# %%
picked.picks[["trace_id", "phase", "time", "probability", "uncertainty_s", "snr_db", "velocity_m_per_s", "displacement_m"]].head()

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.arrivals_table(page.against_arrivals(picked.picks, continuous.arrivals)), "tab-picking-arrivals", "Picks against the arrivals that an analyst would see. A pick without such an arrival may still belong to an event: the list holds only what stands clearly out of the noise.")))

# %% [markdown]
# ## Events
#
# PyOcto searches space and time for origins that explain many picks. It is given one P and one S speed, the archive has
# speeds that grow with depth, so locations cannot be exact.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.located_table(located, continuous), "tab-picking-events", "Events from picks, against the true catalogue (matched within 3 s and 30 km).")))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-picking-section", "caption": "Record section of the largest event that was found: vertical records, each scaled by itself, at their distances from the located epicentre. Solid bars: picks that PyOcto gave to the event."}, "image": {"alt": "Seismograms sorted by distance; blue P and orange S bars lie on two curves that spread with distance.", "width": "100%"}}
display(figures.record_section(continuous, picked.picks, located))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-picking-map", "caption": "Map: true and located events, joined where they match within 3 s and 30 km."}, "image": {"alt": "Map with triangles for stations, blue circles for true events and orange crosses for located ones, mostly on top of each other.", "width": "80%"}}
display(figures.event_map(continuous, located))

# %% [markdown]
# ## The same picks from a part of the stream
#
# Windows begin at whole strides after midnight, not where a file happens to begin. A part therefore sees the windows of
# the whole, and a day may be cut wherever a cluster likes it.

# %% tags=["hide-input"]
parts = page.parts_of(continuous, model)
display(Markdown(sentences.parts_sentence(parts)))

# %% [markdown]
# ## Other sampling rates
#
# The picker wants 100 Hz. SeisBench's `annotate` brings 40, 50 or 250 Hz there by ObsPy's Fourier method with its default
# Hann window, which multiplies the spectrum by $\tfrac{1}{2}(1 + \cos \pi f / f_N)$, with $f_N$ the lower of the two
# Nyquist frequencies; training does not use it. Ours passes the band and stops what lies above it.
# `resample="seisbench"` gives SeisBench's result.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-picking-gain", "caption": "Gain from 40 Hz to 100 Hz, measured with sine waves. Dotted: Nyquist frequency of the data."}, "image": {"alt": "The band-limited curve stays at 1 up to 18 Hz; SeisBench's falls from 1 at 0 Hz over one half at 10 Hz to 0 at 20 Hz.", "width": "70%"}}
display(figures.resampler_gains())

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
slow = page.resampled(continuous, model)
display(Markdown(tables.myst_table(page.resampled_table(slow), "tab-picking-resampled", "Picks of the first six stations: the data as they are, and the same data thinned out to 40 Hz and brought back by either resampler.")))

# %% tags=["hide-input"]
display(Markdown(sentences.resampling_sentence(slow)))

# %% [markdown]
# ## A year of a thousand stations
#
# Each station and day is a chunk of its own, named by what goes into it. Any number of workers may share a plan; a killed
# one loses at most the chunk at hand:
#
# ```bash
# quakebook annotate bluedisc:hybrid-42 s3://bucket/prefix/ --out work/ --plan-only
# quakebook annotate --out work/                    # a worker; start as many as you like, on any machine
# quakebook annotate --out work/ --executor dask --scheduler tcp://host:8786
# snakemake -s workflows/annotate.smk --executor slurm -j 200 --config out=work/
# ```

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(sentences.plan_table(picked), "tab-picking-plan", "What a large archive asks for: arithmetic from what this page measured and from the speed that one GPU is asked for.")))

# %% tags=["hide-input"]
display(Markdown(sentences.public_sentence(picked)))

# %% [markdown]
# ## Checks

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("picking", "01_continuous_picking", page.metrics(located, continuous, parts), data="synthetic")
display(claims.show("picking", "continuous.*", name="tab-picking-claims", caption="Continuous picking: checks of our own"))

# %% [markdown]
# ## What differs, and why
#
# * The archive comes from the generator that also made the picker's training records: other events, the same physics. On
#   real data picks are lower and false ones more frequent; see the [next page](02_real_records).
# * One seed, one network, one hour: shares may differ by several percent from another seed.
#
# ## Something to try
#
# * `picker = "bce-42"`: the picker without the adversarial critic. Which of the two gives the associator more S picks?
# * Export both for plain SeisBench: `quakebook export bluedisc:hybrid-42 --to seisbench models/`.
# * Write the picks for GaMMA: `quakebook export picks.parquet --to gamma picks_gamma.csv`.
