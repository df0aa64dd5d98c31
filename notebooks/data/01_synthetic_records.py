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
# (chap-data-synthetic-records)=
# # The records: made from physics, compared with real ones
#
# **Claim**: records that a computer makes from a source, a path, an instrument and an analyst look enough like
# recorded earthquakes to study pickers and magnitudes with, and differ in ways that can be named.
#
# The seismic chapters of this book need thousands of {term}`labelled <Label>` records. The large public collections
# fill hundreds of gigabytes, so each chapter runs on *synthetic* records that are made on the spot, and on a real
# collection by giving its name or folder. This page shows what the synthetic records are made of and compares them
# with real ones, as seismograms and as numbers.
#
# **Cost**: well under a minute on one processor core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: how many records are compared
real_path: str = ""  # folder of real records in SeisBench format; empty looks for the Northern California sample
seed: int = 42  # of the synthetic records

# %% tags=["hide-input"]
import numpy as np
from IPython.display import Markdown, display

from quakebook.data import (
         compare,
         compare_sentences,
         example_records,
         figures,
         load_records,
         real_sample_path,
         record_checks,
         synthetic,
)
from quakebook.data.synthetic import continuous, presets
from quakebook.publishing import claims

# %%
n = {"smoke": 150, "quick": 1200, "paper": 6000}[preset]
near = synthetic.make("near", n, seed)
picker = synthetic.make("picker", n, seed)
bundled = example_records()
folder = real_sample_path(real_path)
real = load_records(folder) if folder else None
sets = ({"real": real} if real else {}) | {"synthetic, near": near, "synthetic, picker": picker}
print(*(f"{name}: {len(records)} records, {records.source.rpartition('/')[2]}" for name, records in sets.items()), sep="\n")

# %% [markdown]
# The preset `near` imitates the setting of the real sample: small earthquakes within 35 km. The preset `picker`
# spreads magnitudes and distances evenly and lets S begin gradually; the BlueDisc chapter trains on it. The real
# sample, where it is present, comes from Northern California {cite:p}`NCEDC2014`, with the analysts' picks that
# PhaseNet was trained on {cite:p}`Zhu2019`. One more real record comes with ObsPy; it has no analyst's picks, so an
# automatic picker has put them there.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-side-by-side", "caption": "Synthetic and real records side by side: vertical (Z), north (N) and east (E), each record scaled to its largest value; P and S picks as coloured lines. Where the Northern California sample is absent, the real record is ObsPy's alone."}, "image": {"alt": "Columns of three seismograms each. In all of them a quiet start is followed by a sharp P on the vertical and a stronger S on the horizontals that fades away over some seconds.", "width": "100%"}}
columns = {"synthetic, near": (near, compare.typical(near))}
columns |= {"real, California": (real, compare.typical(real))} if real else {}
columns |= {"real, Bavaria (ObsPy)": (bundled, 0)}
display(figures.side_by_side(columns))

# %% [markdown]
# In {numref}`fig-data-side-by-side` P comes first and is strongest on the vertical, because it shakes along its way
# and arrives steeply. S comes later, across its way, on the horizontals. Both drag a tail behind them, the
# {term}`coda <Coda>`: waves scattered at the countless irregularities of the crust. The P coda still rings when S
# arrives. That is why S is the harder pick.
#
# ## How a record is made
#
# 1. **Source.** A {term}`magnitude <Magnitude>` gives the size of the slip, and size and stress together give the
#    {term}`corner frequency <Corner frequency>` above which the spectrum falls {cite:p}`Brune1970`. A randomly
#    oriented fault decides how strongly P and S leave towards the station {cite:p}`AkiRichards2002`.
# 2. **Path.** Travel times and angles are exact for a velocity that grows linearly with depth; beyond some 100 km the
#    wave along the Moho overtakes. Amplitudes fall with distance and by absorption {cite:p}`Boore2003`. Scattering
#    spreads each pulse into a packet with a coda {cite:p}`AkiChouet1975`.
# 3. **Station.** A fixed network of virtual stations ({numref}`fig-data-network`), each with its own sensor, site and
#    noise between Peterson's quiet and loud models {cite:p}`Peterson1993`. The result is rounded to
#    {term}`counts <Counts>`.
# 4. **Analyst.** The pick columns do not hold the truth, but what an analyst would pick: scattered, late on weak
#    onsets, now and then another phase, sometimes nothing. The truth stands in columns of its own.
#
# The local magnitude is not put in but measured: the simulated ground moves a simulated
# {term}`Wood-Anderson seismometer`, and the formula of {cite:t}`Hutton1987` turns its largest deflection into a number.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-network", "caption": "The virtual network and the epicentres of the preset `picker`. HH: broadband, EH: short-period, DP: geophone, HN: accelerometer."}, "image": {"alt": "Map with sixty stations of four kinds spread evenly over a square, and grey dots of epicentres around them.", "width": "75%"}}
display(figures.network_map(presets.get("picker"), picker))

# %% [markdown]
# ## How gradually S begins
#
# Three settings of the scattering give the same earthquake at the same station an S that is easier or harder to see.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-emergence", "caption": "One earthquake, three settings of the emergence of S: (a) default, (b) emergent (preset `picker`), (c) strong (preset `picker_strong`). The S line is the pick."}, "image": {"alt": "Three columns of seismograms of one event. From left to right the S wave grows more slowly out of the P coda.", "width": "100%"}}
few = min(n, 400)
kinds = {"default": synthetic.make("picker", few, seed, emergence="default"), "emergent": picker.subset(slice(few)),
         "strong": synthetic.make("picker_strong", few, seed)}
display(figures.side_by_side(compare.shared_record(kinds, "emergent", snr_db=35.0)))

# %% [markdown]
# ## Signal-to-noise ratio and distance

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-distributions", "caption": "Share of records below (a) a P signal-to-noise ratio and (b) a delay of S after P."}, "image": {"alt": "Two panels of rising step curves, one for each set of records.", "width": "100%"}}
display(figures.distributions(sets))

# %% [markdown]
# {term}`SNR` is the ratio of the standard deviation in the 2 s after P to that before, in {term}`dB`. The delay of S
# after P measures distance, about 8 km a second. The preset `picker` in {numref}`fig-data-distributions` has as many
# large earthquakes as small ones, unlike any catalogue. That is on purpose: a network that never sees a large earthquake
# does not learn it. But a score on such records says nothing about a real network's day.

# %% tags=["hide-input"]
display(Markdown(compare_sentences.loudness_sentence(picker, real)))

# %% [markdown]
# ## Spectra

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-spectra", "caption": "Median amplitude spectra of 2 s windows, compared by shape (each divided by its mean between 5 and 20 Hz), from records with an SNR of at least 10 dB; in brackets their number."}, "image": {"alt": "Three panels of spectra over frequency. The near records follow the real ones between 5 and 40 hertz and lie above them below 3 hertz.", "width": "100%"}}
display(figures.spectra(sets))

# %% [markdown]
# ## S against P

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-s-over-p", "caption": "(a) How much larger S is than P, median and middle half of the records. (b) Median envelope of the horizontals round the S pick, relative to the 1.5 s after it."}, "image": {"alt": "Left, points with error bars for three components; S exceeds P more on the horizontals than on the vertical. Right, curves that rise steeply at S and decay slowly.", "width": "100%"}}
display(figures.s_over_p(sets))

# %% [markdown]
# All comparisons in one table. "Envelope" is the level of panel (b) of {numref}`fig-data-s-over-p` at that time.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(compare.myst_table(sets, "tab-data-comparison", "Synthetic beside real records: percentiles and medians")))

# %% [markdown]
# ## What differs, and why

# %% tags=["hide-input"]
display(Markdown(compare_sentences.differences_sentence(near, real)))

# %% [markdown]
# * Many sensors of the sample are geophones that hardly feel slow motion, and its earthquakes are smaller: both lower
#   its spectra below a few hertz.
# * Real stations sit on resonating ground of their own; the generator gives each station one factor for all frequencies.
# * The crust here has no third dimension, the source no length, and instruments do not age. Records of far
#   earthquakes do not exist.
#
# So what is learnt here shows an *effect*. Every number in this book that comes from these records says so, and none
# of them is a reproduction of a number measured on real data.
#
# ## Magnitudes

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-magnitudes", "caption": "(a) Local magnitude and distance of the records of the preset `picker`. (b) The local magnitude measured on the simulated motion against the moment magnitude that was put in."}, "image": {"alt": "Left, a cloud of dots that reaches farther for larger magnitudes. Right, dots along a curve steeper than the one-to-one line for small events and flatter for large ones.", "width": "100%"}}
display(figures.magnitudes(picker))

# %% [markdown]
# Larger earthquakes are recorded farther away, in {numref}`fig-data-magnitudes` (a) as in any catalogue: distance
# alone already tells something about magnitude. In (b) the two magnitudes of one event do not agree, and need not.
# The Wood-Anderson seismometer listens below the corner frequency of small events, where local magnitude grows faster
# than moment magnitude; for large ones it listens above, and the growth slows down.
#
# ## A day without a window
#
# Networks do not deliver windows but streams. The continuous mode makes them hour by hour, with background
# earthquakes at random times and aftershocks that follow Omori's law, and writes miniSEED and StationXML like any
# archive.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-hour", "caption": "One synthetic hour of one station, vertical component, five minutes a line. Blue: P picks of what an analyst could see."}, "image": {"alt": "Twelve lines of continuous seismogram with several small events and a few large ones, each marked by a blue tick.", "width": "100%"}}
hour = continuous.hour(presets.get("continuous"), seed, station=1, number=0)
time_s = np.arange(hour.counts.shape[1]) / 100
display(figures.continuous_hour(time_s, hour.counts[0].astype(float), hour.arrivals["p_s"].dropna(),
                                f"{hour.station}, {hour.channel}Z, synthetic"))

# %% [markdown]
# ## Checks

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("data", "01_synthetic_records", record_checks.metrics(near, picker, real), data="synthetic")
display(claims.show("data", "records.*", name="tab-data-claims", caption="The records: checks of our own"))

# %% [markdown]
# ## Something to try
#
# 1. Make your own: `synthetic.make("picker", 100, seed=7, emergence="strong", second_event=0.5)`. Which records hold
#    two earthquakes? (Look at `trace_P1_arrival_sample` in `.metadata`.)
# 2. Write them to disk with `quakebook data make --preset tiny --n 200 --seed 1 mydata`, look at them with
#    `quakebook data info mydata`, change one byte of the file and run `quakebook data verify mydata`.
# 3. Give `real_path` the folder of a collection of yours. Where does {numref}`fig-data-spectra` part from it?
# 4. Set `s_jitter_scale=0` and compare the picks with the true onsets. What is left of their difference?
