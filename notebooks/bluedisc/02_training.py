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
# (chap-bluedisc-training)=
# # BlueDisc 2: an adversary that knows the shape
#
# **Claim** {cite:p}`Huang2025`: trained with the point-wise loss, PhaseNet draws many S peaks at the right time but
# below the threshold; with a second network that judges the *shape* of the curve these peaks rise over it, and the
# number of effective S detections grows by about two thirds.
#
# **What this page does**: it shows recorded trainings of both kinds on synthetic records, made with the same code as
# the short ones that run while the page is built, and sets them beside the published numbers. **Cost**: a few
# minutes on one core at the preset `quick`. The published data set (INSTANCE) is *not* used here; the commands that
# train on it stand near the end.

# %% tags=["parameters"]
preset: str = "quick"  # smoke (a handful of steps), quick (a few hundred) or paper (10,000 steps, needs a GPU)

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import bluedisc, plots
from quakebook.bluedisc import live
from quakebook.bluedisc.figures import (
    animation,
    architecture,
    curves,
    history,
    onset_delay,
    peaks,
    shares,
)
from quakebook.bluedisc.figures import (
    frames as explorers,
)
from quakebook.bluedisc.figures import sweep as sweep_figure
from quakebook.bluedisc.pages import (
    training_numbers,
    training_one_record,
    training_sweep,
    training_tables,
)
from quakebook.bluedisc.recorded import choose
from quakebook.bluedisc.recorded import sweep as recorded_sweep
from quakebook.bluedisc.studies import onset_delay as alignment
from quakebook.data import synthetic
from quakebook.picking.waveform_panels import around, channels_of
from quakebook.publishing import claims, tables

# %% [markdown]
# ## Two networks and a game
#
# The *generator* is PhaseNet {cite:p}`Zhu2019` with three independent outputs: P, S and noise. The *discriminator*
# sees a waveform together with a curve and says whether the curve is an analyst's label or the generator's
# prediction. No label has a broad or a half-high peak, so such a peak betrays itself. The generator is
# trained to be taken for an analyst, while the point-wise loss holds it to the right time.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-architecture", "caption": "(a) Who sees what: the data loss compares curve with label sample by sample, the discriminator judges curve and waveform together. (b, c) Channels and length behind each stage of the two networks; arcs: skip connections."}, "image": {"alt": "Boxes for waveform, generator, prediction, label and discriminator joined by arrows; below, bars for the stages of the two networks.", "width": "100%"}}
display(architecture.architecture())

# %% [markdown]
# The generator's loss is a weighted mean of both,
#
# $$
# L_G = \frac{L_{GAN} + \lambda\, L_{data}}{1 + \lambda}, \qquad \lambda = 4000,
# $$ (eq-bluedisc-hybrid)
#
# where $L_{GAN}$ says how surely the discriminator knows the prediction and $L_{data}$ is
# Equation {eq}`eq-bluedisc-bce`. The mode *BCE* leaves the discriminator out; *GAN only* leaves the data loss out.

# %% [markdown]
# ## Where S is hard to see
#
# The synthetic records are made so that S sets in as real S does: the direct pulse is weak, and the strong wave train
# comes later by a delay that differs from record to record.

# %%
records = synthetic.make("picker", 64 if preset == "smoke" else 4000, seed=7)
delays = alignment.onset_delays(records)
event = synthetic.make("picker", 120 if preset == "smoke" else 300, seed=3, stations_per_event=30, noise_fraction=0.0,
                       magnitude_min=4.0)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-phase", "caption": "One synthetic event, vertical component, (a) aligned on the P picks and (b) on the S picks; each trace is divided by its peak in the panel. Ticks mark the other phase. An event as large as this one shows the onsets clearly; those of the training are mostly smaller."}, "image": {"alt": "Two record sections. On the left all traces set in sharply at zero. On the right the strong motion begins at or somewhat after zero, irregularly.", "width": "100%"}}
display(onset_delay.phase_alignment(event, alignment.choose_source(event, 0)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-delay", "caption": "Left: when the amplitude passes half of its maximum, relative to the pick, for P and S. Right: the same for S against distance."}, "image": {"alt": "A narrow blue histogram for P at zero and a broad orange one for S reaching beyond half a second; beside it a cloud of S delays against distance.", "width": "100%"}}
display(onset_delay.onset_delay_figure(delays))

# %% [markdown]
# For P the amplitude jumps where the analyst picks. For S it does so with much more scatter, and mostly later. In the
# published figure (one real event, 17 stations) the strong S motion begins some 0.3 to 1 s after the label, irregularly.
# No network can know from such a record where *this* analyst put the pick.

# %% [markdown]
# ## The recorded trainings

# %%
runs = choose.all_recorded()
pair = {"BCE": runs["bce-42"], "hybrid": runs["hybrid-42"]}
three = pair | ({"GAN only": runs["gan-42"]} if "gan-42" in runs else {})

# %% tags=["hide-input"]
display(Markdown(training_tables.facts_line(runs)))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(
    training_tables.recorded_table(runs), "tab-bluedisc-recorded",
    "Recorded trainings, synthetic records. Percent of the labels with a peak within 0.1 s of the "
    "label, at least 0.7 high (over) or lower (below); precision: percent of the peaks over 0.7 that lie within 0.1 s "
    "of a label; far: percent of them more than 0.5 s from any. Means over the last validations.")))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-effect", "caption": "Labels found within 0.1 s, over and below the threshold of 0.7: every recorded training, means over its last validations. Hatched, S only: trainings of 10,000 steps on a GPU with the published settings on synthetic records (mean of three seeds; quoted, not run here), and INSTANCE as published."}, "image": {"alt": "Stacked bars for each training. P: nearly full over the threshold except for GAN only. S: BCE splits into over and below, the hybrid stands almost wholly over the threshold.", "width": "100%"}}
display(shares.shares_of_seeds(choose.kinds(runs), {
    "BCE, 10,000 steps (GPU)": training_tables.LONG_RUNS["bce"], "hybrid, 10,000 steps (GPU)": training_tables.LONG_RUNS["hybrid"],
    "BCE, published": training_tables.PUBLISHED["bce"], "hybrid, published": training_tables.PUBLISHED["hybrid"]}))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(
    training_tables.against_published(runs), "tab-bluedisc-published",
    f"S with BCE and with the hybrid, of all S labels: INSTANCE as published ({training_tables.PUBLISHED_LABELS:,} labels of its "
    "dev split, although the published option says test; 10,000 steps, one seed), trainings as long on synthetic "
    "records (quoted), and the recorded ones from their lowest to their highest seed.")))

# %% [markdown]
# Read the bars for S. BCE puts many peaks at the right time but below 0.7. In the hybrid the peaks at the right time
# are about as many, but most of them stand over 0.7. So the gain is *height, not timing*: the number of peaks at the
# right time hardly changes. P is alike in both.

# %% tags=["hide-input"]
display(Markdown(training_tables.timing_sentence(runs)))

# %% [markdown]
# With exact labels on the very same waveforms BCE suppresses far less. With GAN only the curves are high, and nothing
# but the waveform holds them to a time: P wanders and is rarely found; S stays near its wave train, which the
# discriminator sees, but mostly more than 0.1 s from the label.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-jitter", "caption": "The same shares for S at every validation, one line a seed (early validations see fewer windows)."}, "image": {"alt": "Two panels of lines against the step: the share over the threshold rises fast and stays high for the hybrid and jumps up and down for BCE; the share below falls for the hybrid.", "width": "100%"}}
display(shares.shares_over_steps({kind: some for kind, some in choose.kinds(runs).items() if kind != "GAN only"}))

# %% [markdown]
# The lines do not settle: the published optimiser has no momentum, and BCE heights crowd round the threshold, so that a
# small step of the weights moves many of them across it. A single ratio such as the published one is *one draw*.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-peaks", "caption": "Every predicted peak that has a label, at the last step with seed 42: error and height, for P (left) and S (right), one row a training. Red: 0.1 s and 0.7. Black: the shape of a label. Margins: all peaks light, those over 0.7 (above) or within 0.1 s (right) dark."}, "image": {"alt": "Histograms of peak error and height. P peaks are high in all rows, in the last one at any time. S peaks of BCE form a broad cloud round 0.7, those of the hybrid lie above it, those of GAN only in a flat line near 1, spread over a second.", "width": "100%"}}
display(peaks.peak_statistics({name: run.peaks for name, run in three.items()}))

# %% [markdown]
# Scores jump between validations, and the last step is one sample of them: the shares written in the panels differ from the means
# in {numref}`tab-bluedisc-recorded`. The published histogram of BCE heights has a second bump at 0.44 to 0.52, a
# band of suppressed peaks below the broad hump. Here there is one hump and no such bump
# ({numref}`tab-bluedisc-claims-training`).

# %% [markdown]
# ## One record through training
#
# The record below was chosen by a rule, not by eye: the first of the records whose predictions were stored
# during training on which BCE ends with S at the right time
# but below 0.7. The rule asks nothing of the hybrid.

# %%
sample = choose.chosen_sample(pair["BCE"], pair["hybrid"])
wave, label = (getattr(pair["BCE"].track, name)[sample] for name in ("waveform", "label"))
last = {name: run.track.prediction[-1, sample] for name, run in three.items()}

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-runs", "caption": "What the recorded pickers predict for one dev record at their last step. Bars in the upper panel: labels (wide) and picks over 0.7 (narrow)."}, "image": {"alt": "A waveform and, below, probability curves of each picker: similar P peaks, a low broad S peak for BCE and a high narrow one for the hybrid.", "width": "100%"}}
display(curves.runs_compared(wave, label, last, f"synthetic record {pair['BCE'].track.names[sample]}"))

# %% [markdown]
# The published picture shows the same on a record of INSTANCE near step 10,000: P alike at 0.97, S with BCE flat, broad
# and 0.38 high, with the hybrid 0.88 high, narrow and about 0.1 s late.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-time", "caption": "The same record at every kept step, downwards. Blue: P, red: S, each row divided by its own maximum. Dots: picks over 0.7, yellow within 0.1 s of the label of their phase. Grey lines: labels."}, "image": {"alt": "One image per training, time to the right and steps downwards. Early rows are a haze; later a blue and a red line at the labels; yellow dots on S appear in the hybrid.", "width": "100%"}}
display(history.time_history(wave, label, {name: (run.track.step, run.track.prediction[:, sample])
                                               for name, run in three.items()}))

# %% [markdown]
# In the published histories the first rows are a haze, and P and S cannot be told apart until about step 2,000 with BCE;
# there S hardly ever passes 0.7 with BCE and does from about step 700 with the hybrid, and with GAN only the dots wander.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-shape", "caption": "Curves of the same record, round its picks, at five steps. Filled: label. Blue P, orange S, grey noise; dotted: 0.7."}, "image": {"alt": "A grid of small panels, trainings side by side and steps downwards: S rises in the hybrid and stays low and broad in BCE.", "width": "100%"}}
five = pair["BCE"].track.spaced(5, first=50)
display(curves.shape_of_runs(label, {name: {step: run.track.at(step)[sample] for step in five
                                            if step in run.track.step} for name, run in three.items()},
                             around(label)))

# %% [markdown]
# Step by step, BCE beside the hybrid:

# %% tags=["hide-input"]
steps = pair["BCE"].track.spaced(6 if preset == "smoke" else 13)
frames = explorers.step_frames({name: run.track for name, run in pair.items()}, sample, steps)
display(plots.explorer(frames, [str(step) for step in steps], description="step", dpi=110))

# %% [markdown]
# And as a film (`quakebook bluedisc plot-runs --animation` makes one of any runs):

# %% tags=["hide-input"]
tracks = {name: run.track for name, run in pair.items()}
display(plots.film(animation.gif(tracks, sample, pair["BCE"].track.spaced(3 if preset == "smoke" else 24)), "One record through training: the P curves of BCE and hybrid rise "
                   "together, the S curve of the hybrid rises over that of BCE."))

# %% [markdown]
# ## How strong should the data loss be?
#
# The paper shows $\lambda = 4000$ and, with GAN only, $\lambda = 0$. The paper tests no other weights. The trainings below are shorter than those above and have one seed: read them as a trend, not as a ranking.

# %%
swept = recorded_sweep.read()

# %% tags=["hide-input"]
display(Markdown(training_sweep.facts_line(swept)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-sweep", "caption": "Left: S labels found in time, over and below the threshold, against the weight of the data loss. Right: how far the predicted peaks lie from their labels (peaks within 1 s, of any height). One seed, shorter trainings than above."}, "image": {"alt": "Stacked bars for trainings from GAN only to BCE only, and two lines of time error for P and S, largest for GAN only.", "width": "100%"}}
display(sweep_figure.figure(swept))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(training_sweep.table(swept), "tab-bluedisc-sweep",
                                       "Other weights of the data loss, and the box label D (a third channel that "
                                       "is 1 from P to well behind S) instead of the noise label N. Percent of the "
                                       "labels; median absolute errors of peaks within 1 s of their label; precision of "
                                       "S peaks over 0.7 (a dash: fewer than 50 of them).")))

# %% [markdown]
# The weight is a dial. The heavier the data loss, the more the training behaves like BCE: S stays low, and few peaks
# stand over the threshold. The lighter it is, the sooner S stands at full height, and the more of these peaks are
# wrong. The time errors grow only where it is very light or absent. Trainings as short as these have not come to rest:
# {numref}`fig-bluedisc-jitter` shows the published weight getting there later.
#
# With the box label, too, the hybrid lifts S over the threshold; both phases are found less often and S less exactly
# than with the noise label after as many steps. No number is published for it.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bluedisc-box", "caption": "The record of {numref}`fig-bluedisc-runs` with the box label, at the last step of these shorter trainings. Green: the box from P to well behind S, and its prediction."}, "image": {"alt": "A waveform and, below, curves of BCE and hybrid: P peaks, a low S peak for BCE and a higher one for the hybrid, and a box that begins at P.", "width": "100%"}}
box = recorded_sweep.box_label(swept)
display(curves.runs_compared(box["BCE"].waveform[sample], box["BCE"].label[sample],
                             {name: track.prediction[-1, sample] for name, track in box.items()},
                             f"synthetic record {box['BCE'].names[sample]}", channels_of("D")))

# %% [markdown]
# ## A training of your own
#
# The same code, much shorter, run while this page was built. A few hundred steps are too few for the effect; compare
# with the first steps of the recorded trainings, and run it longer.

# %%
live = {mode: bluedisc.train(live.live_config(preset, mode)) for mode in ("bce", "hybrid")}

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(training_tables.live_table(live), "tab-bluedisc-live",
                                       f"Trained live on this page (preset {preset}); columns as above. A dash: "
                                       f"fewer than {training_tables.LEAST_PEAKS} peaks over 0.7.")))

# %% [markdown]
# ## On INSTANCE
#
# With the data set on disk (SeisBench downloads it on first use) the same commands train on it, apply the picker and
# count; `report` puts the numbers into the tables of this book:
#
# ```sh
# quakebook bluedisc train --label N --dataset InstanceCounts data.records=0 data.dev_records=0                     # BCE
# quakebook bluedisc train --label N --dataset InstanceCounts --data-weight 4000 data.records=0 data.dev_records=0  # hybrid
# quakebook bluedisc infer --run-id RUN --data-split dev
# quakebook bluedisc evaluate --run-id RUN --data-split dev
# quakebook bluedisc report --run-id BCE_RUN --run-id2 HYBRID_RUN
# ```
#
# `records=0` means all of them, held in memory at once (about 100 GB for training and 17 GB for dev, on the GPU if there
# is one); without it the first 160,000 and 20,000 are taken.

# %% [markdown]
# ## Against the paper

# %% tags=["hide-input"]
_ = claims.report("bluedisc", "02_training", training_numbers.effect_metrics(runs) | {
    "alignment.spread_ratio": delays.spread("S") / delays.spread("P")}, data="synthetic")
_ = claims.report("bluedisc", "02_record", training_one_record.numbers(
    {run.facts["mode"]: run.track for run in three.values()}, sample), data="synthetic")
_ = claims.report("bluedisc", "02_sweep", recorded_sweep.metrics(swept), data="synthetic")
_ = claims.report("bluedisc", "02_networks", {
    "networks.generator_parameters": sum(p.numel() for p in bluedisc.Generator().parameters()),
    "networks.discriminator_parameters": sum(p.numel() for p in bluedisc.Discriminator().parameters())},
    data="model-free")

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(claims.show("bluedisc", ("networks*", "alignment*", "recorded*", "record.*", "paper*", "instance*"),
                    name="tab-bluedisc-claims-training", caption="Trained pickers: the paper's numbers and ours"))

# %% [markdown]
# ## What differs, and why
#
# * **Data.** Synthetic records, whose pick scatter was chosen so that BCE behaves as published. That BCE suppresses S is therefore built in; what the hybrid does to it is not.
# * **Length.** The recorded trainings see far fewer windows than the published ones. Those on a GPU, drawn hatched
#   above, had the published steps, batches and start, and records made by the same recipe, more than ten times as many.
# * **Start.** Each training starts from the weights that PhaseNet draws for its seed, the same in all modes, except for
#   three numbers: the biases of the last layer. With PhaseNet's own biases some seeds meet a ceiling in the network's
#   head, which looks like suppression and is none. The other biases were chosen after it had been met with two of the
#   three seeds, and then used for all of them; the next page shows both starts.
# * **Counting.** Peaks are compared with the picks as they are given, in fractions of a sample. The published program (and
#   `quakebook bluedisc evaluate`, which writes its tables) takes whole-sample peaks of the label curves for the picks; on
#   these pickers it counts slightly more.
# * **Limits.** Those of the table that no paper states were set before these trainings ended. Every row takes its worst
#   seed.

# %% [markdown]
# ## Something to try
#
# 1. Train longer: `quakebook bluedisc train --label N --dataset synthetic:picker --data-weight 4000 preset=quick`.
# 2. Give the generator a box label instead of noise: `--label D`. What does the discriminator learn to like?
# 3. Change the weight, `--data-weight 100`. What wins, shape or time?
# 4. Begin as the recorded trainings do: add `network.start=base_rate` to the command. When does P appear?
# 5. With INSTANCE on disk: `quakebook bluedisc train --label N --dataset InstanceCounts --data-weight 4000`.
