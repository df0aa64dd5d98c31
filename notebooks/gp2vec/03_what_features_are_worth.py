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
# (chap-gp2vec-features)=
# # GP2Vec 3: what the features are worth
#
# **Asked here**: are the features of a pretrained network better than those of the same network without training, than
# features that a seismologist writes down, and how many labels do they save?
#
# **What this page does**: probes a recorded network on windows that it has never seen, and shows recorded comparisons over
# seeds. **Cost**: about a minute on one core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: how many windows are probed live

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook.gp2vec.figures import differences, frame_rates
from quakebook.gp2vec.figures import scores as figures
from quakebook.gp2vec.figures import stations as station_figures
from quakebook.gp2vec.pages import features_live as live
from quakebook.gp2vec.pages import frame_rates as rates
from quakebook.gp2vec.pages import labels, stations
from quakebook.gp2vec.pages import real_records as real
from quakebook.gp2vec.pages import what_features_are_worth as page
from quakebook.publishing import claims, tables

# %% [markdown]
# ## Six questions for one window
#
# Is this moment before P, between P and S, or after S? Is it the onset of P, of S? Is the window noise, tremor or an
# event? How far apart are P and S, and how large was the event (its amplitude has been divided out)? The answers come
# from a linear map of frozen features. Layer and penalty are chosen on validation records; events are never shared
# between training, validation and test, and the network saw none of them.

# %%
results, features, metadata = live.probe_both(records=60 if preset == "smoke" else 600)

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(live.table(results), "tab-gp2vec-live",
                                   "Probes of this page: the recorded network, the same network without training, and "
                                   "handcrafted features. One seed; few test windows.")))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-differences", "caption": "Probes of this page: score of the recorded network minus that of another method on the same test windows, with the 95 % interval over events. Grey: the interval holds zero."}, "image": {"alt": "Two panels of dots with horizontal bars beside a line at zero, one row a question.", "width": "100%"}}
display(differences.intervals(live.differences(results, 40 if preset == "smoke" else 200)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-operating", "caption": "Probes of this page (one seed): P and S onsets against other moments. Above: ROC curves, the area in the legend. Below: precision against recall."}, "image": {"alt": "Four panels with one curve a method: true against false positives above, precision against recall below.", "width": "100%"}}
display(figures.operating(results))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-embedding", "caption": "First two principal components of the pooled features of the recorded network, one dot a window; coloured by kind of window, and by station (the most frequent ones)."}, "image": {"alt": "Two panels with the same cloud of dots. Left: noise, tremor and event in three colours. Right: six stations in colours, the others grey.", "width": "100%"}}
display(live.embedding(features, metadata))

# %% tags=["hide-input"]
display(Markdown(live.clusters_sentence(features, metadata)))

# %% [markdown]
# ## Over three seeds

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-probes", "caption": "Recorded probes: dots are seeds, bars their mean; dashed: chance. Handcrafted features and trees have one dot, because nothing in them is drawn at random."}, "image": {"alt": "Six panels of bars: pretrained, untrained, handcrafted, trees.", "width": "100%"}}
family = page.family()
scores = page.scores(family) if family else {}
display(figures.probes(scores) if family else Markdown(page.comparison_missing()))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
if family:
    trained = labels.of_family(family)
    display(Markdown(tables.myst_table(page.table(scores, labels.all_labels(trained)), "tab-gp2vec-features",
                                       f"Recorded scores on the same test windows ({page.name_of(family)}): mean over "
                                       "the seeds and range. The first four methods are probes of fixed features; the "
                                       "last two train a network on all labels. Dash: not asked, because these two "
                                       "give one answer a window.")))
    display(Markdown(labels.all_labels_sentence(trained)))
    for other in ("untrained", "handcrafted", "trees"):
        display(Markdown(page.comparison_sentence(scores, other)))

# %% [markdown]
# ## How many labels?

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-labels", "caption": "Recorded: score on the test windows against the share of the training events whose labels are used, mean over the seeds (line) and range (shade). The seeds draw the events, and the random numbers of fine-tuning."}, "image": {"alt": "Three panels, one a question, with one curve a method against the share of labelled events.", "width": "100%"}}
few = labels.result()
display(figures.label_efficiency(few.arrays) if few else Markdown(labels.sentence(None)))

# %% tags=["hide-input"]
display(Markdown(labels.sentence(few)))

# %% [markdown]
# ## How many frames a second?
#
# The same tiny network with convolutions of other strides, trained for a few steps, and its onset probes.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-rates", "caption": "Recorded: onset probes (left) and operations of a step (right) against frames a second, one seed each. Dashed: chance."}, "image": {"alt": "Left: two curves of ROC AUC over frames a second. Right: a rising curve of operations.", "width": "100%"}}
by_rate = rates.rows()
display(frame_rates.onsets_and_cost(by_rate) if by_rate else Markdown(rates.missing()))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
if by_rate:
    display(Markdown(tables.myst_table(rates.table(by_rate), "tab-gp2vec-by-rate", "Frame rates (recorded), one seed "
                                       "each: held-out gap and accuracy, onset probes.")))
    display(Markdown(rates.sentence(by_rate)))
display(Markdown(rates.step_sentence(rates.step_seconds(preset))))

# %% [markdown]
# ## Real records
#
# The same network, which has seen synthetic records only, on a sample of real ones from Northern California with
# analysts' picks {cite:p}`Zhu2019,NCEDC2014`. A probe is fitted either on other real records (five parts in turn; no
# station is both fitted on and tested) or on synthetic records alone.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-real", "caption": "Real records, probes fitted on other real records (recorded): score of the pretrained features minus that of another method, with the 95 % interval over stations. Grey: the interval holds zero."}, "image": {"alt": "Three panels of dots with horizontal bars beside a line at zero, one row a question.", "width": "100%"}}
on_real = real.recorded_result()
display(differences.intervals(real.differences(real.values(on_real), "own")) if on_real else Markdown(real.missing()))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
if on_real:
    found = real.values(on_real)
    display(Markdown(tables.myst_table(real.table(found), "tab-gp2vec-real", "Probes on real records (recorded): score "
                                       "over all records; range over three untrained networks.")))
    for road in real.ROADS:
        display(Markdown(real.sentence(found, road)))
    display(Markdown(real.size_sentence(found)))

# %% [markdown]
# ## Metadata

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
fusion = page.fusion_table()
display(Markdown(tables.myst_table(fusion, "tab-gp2vec-fusion", "Ways to let station metadata act; one seed each, no "
                                   "order is read from it.") if len(fusion) else page.fusion_missing()))
if len(fusion):
    display(Markdown(page.fusion_sentence(fusion)))

# %% [markdown]
# A station reaches the network as a vector, made from its codes, position, elevation, gain and response. How alike two
# stations are to the network is the cosine of their vectors, after their mean over all stations has been subtracted.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-stations", "caption": "Cosine of the embeddings of each pair of stations of the windows probed above, from west to east: before training, and after it where a network trained with metadata is recorded."}, "image": {"alt": "A square of red and blue cells with a blue diagonal for each network."}}
told = stations.maps(metadata)
display(station_figures.cosine_maps(told))

# %% tags=["hide-input"]
display(Markdown(stations.sentence(told, stations.distances_km(metadata))))

# %% [markdown]
# ## What these numbers do not say
#
# Except in the section on real records, all records are synthetic, from one generator for training and test. No number of
# this page compares the features with a supervised picker such as PhaseNet. The onset probes tell an onset from moments
# at least half a second away; they do not pick a time, and no false alarms per hour follow from them. Windows with an
# event are cut so that P lies 2 to 25 s after their start, which nobody knows in continuous data. The S-P and magnitude
# probes are asked only of windows with an event, so their errors hold once the event has been found.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("gp2vec", "03_what_features_are_worth", page.metrics(), data="recorded")
display(claims.show("gp2vec", "features*", name="tab-gp2vec-claims-features", caption="Features: our checks"))

# %% [markdown]
# ## Something to try
#
# 1. `gp2vec.DownstreamEvaluator(model).evaluate_phase_picking(waveforms, labels, groups=events)` scores your own windows.
#    What changes when `groups` is left out although windows overlap?
# 2. A published network: `quakebook.gp2vec.published.seislm.load_seislm(folder)` opens SeisLM's weights, if you have them,
#    for the same evaluator.
