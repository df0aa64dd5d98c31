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
# (chap-data-archive)=
# # From archive to shards: continuous data, checked and streamed
#
# **Claim**: a network can be trained on continuous recordings from any archive without reading a sample that is not
# what it says it is, and without losing any in silence.
#
# Observatories keep their recordings as millions of files, one for each channel and day. Between such an archive and a
# training lie five steps: *list* what there is, *read* it and notice what is missing, bring all channels to *one
# rate*, cut *windows* and judge them, and *store* them so that a training can fetch any window at once. This page walks
# that road on a synthetic archive, which is written as real miniSEED and StationXML, so that the same code runs on a
# public archive or on your own disk.
#
# **Cost**: about a minute on one processor core at the preset `quick`; what was cut once is not cut again.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: size of the synthetic archive
seed: int = 42  # of the synthetic archive
archive_place: str = ""  # folder or s3://bucket with miniSEED of your own; empty: the synthetic archive
stationxml: str = ""  # StationXML for it: a file or a folder

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.data.archive import explorer, figures, page_tables, pages
from quakebook.publishing import claims, tables

# %%
road = pages.travel(preset, seed, archive_place, stationxml)
display(Markdown(pages.rejected_sentence(road)))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst(page_tables.summary(road), "tab-data-archive-steps", "What was listed, and what became of it.")))

# %% [markdown]
# ## What there is
#
# Listing asks for names and sizes, and for the first and the last record of each file: a record's header says when it
# begins, and how many samples it holds. Nothing else is transferred. Archives differ in how they name files; the layouts
# of the Southern and Northern California data centers, EarthScope and GeoNet are known, and any other place is read by
# the headers. The list is a table on disk that is brought up to date by listing again; its first rows:

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst(page_tables.listing(road), "tab-data-archive-list", "First rows of the list: each file with the times of its first and last sample (UTC).")))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-archive-map", "caption": "Stations of the archive (triangles, one colour a network) and earthquakes (grey, larger for larger magnitudes). Regions far from one another have panels of their own. In the synthetic archive all are invented; the lonely station watches a caldera."}, "image": {"alt": "Two maps. In the left one, eight triangles in four colours are spread among some sixty grey dots. In the right one stands a single triangle.", "width": "100%"}}
display(figures.station_map(pages.recorded_stations(road), road.events))

# %% [markdown]
# ## What is missing
#
# A file that was cut off while it was copied still opens: most readers return what they find. Here the number of
# samples that the record headers announce is compared with the number that the decoder gives, and the size of the file
# with the list. A difference stops the work with the name of the file, or is counted, never passed over.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-archive-availability", "caption": "Grey: from the first to the last sample of each file. Blue: time covered by windows that were kept. Each row is one instrument."}, "image": {"alt": "Horizontal bars in three panels, one a day. Most blue bars fill the grey ones; one grey bar has no blue in it, and two blue bars are broken.", "width": "100%"}}
display(figures.availability(pages.network_days(road), road.shards.table, road.maker.settings.window_s))

# %% [markdown]
# The holes in {numref}`fig-data-archive-availability` were planted: one instrument has no east component on the first
# day, one lost four seconds, one was clipped for a minute. The ends of each bar are tapered before filtering and give
# no windows.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-archive-rejected", "caption": "Share of windows that the quality control rejected, by instrument and reason. Every window that was tried is either kept or counted here."}, "image": {"alt": "Horizontal stacked bars. One instrument lacks a third of its windows for want of a component; the others lose a few percent, mostly at the tapered ends.", "width": "100%"}}
display(figures.rejected(road.shards.rejected, pages.kept(road)))

# %% [markdown]
# Choose an instrument and move through time: windows as they were stored, here above 1 Hz so that the microseism does not
# hide the rest. Lines mark when P and S of an earthquake of the synthetic archive arrive; many are weaker than the
# noise. A time without a window is one of those counted above.

# %% tags=["hide-input"]
moments, times = explorer.frames(road)
display(plots.grid_explorer(moments, times, description="time", choice="instrument", dpi=72))

# %% [markdown]
# ## What the ground does
#
# Dividing by the response of the instrument turns counts into ground motion. The models of {cite:t}`Peterson1993` bound
# what quiet and noisy places on Earth show.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-archive-spectra", "caption": "Power density of vertical ground acceleration after response removal, median over windows of the first day of each instrument; dashed: Peterson's low and high noise models."}, "image": {"alt": "Curves of acceleration against frequency. All lie between the two dashed curves and share a broad peak near a quarter of a hertz.", "width": "100%"}}
display(figures.against_peterson(*pages.ground_spectra(road)))

# %% [markdown]
# The synthetic noise was made between these curves, so that {numref}`fig-data-archive-spectra` checks the road and not
# the world: response and filters must bring back what was put in. With an archive of your own it shows whether the gains in
# the StationXML are right: a wrong one moves a curve as a whole.
#
# ## One rate for all
#
# Channels come at 40, 100 or 200 samples a second; a network wants one rate. Changing it should leave sines below the
# lower Nyquist frequency as they are.

# %% tags=["hide-input"]
curves = pages.resampling()
display(Markdown(pages.resampling_sentence(curves)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-data-archive-gain", "caption": "Amplitude that a sine keeps, up to the lower of the two Nyquist frequencies."}, "image": {"alt": "Two panels. Three of four curves stay at one up to nine tenths of the axis; the fourth falls like half a cosine from one to zero.", "width": "100%"}}
display(figures.resampler_gains(curves))

# %% [markdown]
# The default of ObsPy's `Trace.resample` multiplies the spectrum by a window that falls from the first hertz on
# ({numref}`fig-data-archive-gain`): a picker that is fed so sees an S wave without its upper half.
#
# ## How fast
#
# Windows are stored in tar files, as WebDataset does, beside a table that says at which byte each begins. Any window is
# one read away, its checksum is compared, and nothing that a file contains is ever run. The order of a training follows
# from its seed alone, so that a training that was killed goes on with the very next window, with any number of workers.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst(page_tables.as_text(page_tables.throughput(road)), "tab-data-archive-speed", "Windows a second of processor time, measured while this page was made.")))

# %% [markdown]
# Reading from shards saves decoding and filtering, which is most of the work ({numref}`tab-data-archive-speed`). It costs
# the disk space in {numref}`tab-data-archive-steps`.
#
# ## Checks

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("data", "02_from_archive_to_shards", pages.metrics(road, curves), data="synthetic")
display(claims.show("data", "archive.*", name="tab-data-archive-claims", caption="The road from archive to shards: checks of our own"))

# %% [markdown]
# ## Something to try
#
# 1. Write the archive to disk with `quakebook data archive myarchive --preset test`, cut a few bytes off one `.ms` file,
#    and run `quakebook data manifest --local myarchive`. Which line names it? Cut 512 bytes, a whole record, *after*
#    listing, and run `quakebook data shards manifest.parquet shards`.
# 2. One day of a real network: `quakebook data manifest --bucket scedc-pds --networks CI --start-date 2022-01-02
#    --end-date 2022-01-02`.
# 3. Make windows of 60 s: which reasons in {numref}`fig-data-archive-rejected` take more, and why?
