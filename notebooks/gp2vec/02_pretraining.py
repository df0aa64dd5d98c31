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
# (chap-gp2vec-pretraining)=
# # GP2Vec 2: pre-training, what works and what fails
#
# **Asked here**: which recipe learns anything at all, that is, leaves the loss of guessing; which keeps its codes in use;
# and how do the others fail?
#
# **What this page does**: one training of its own, and recorded ones with several seeds or, for the recipes, one. **Cost**:
# three to four minutes on one core for the training of this page (preset quick).

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: the training of this page

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import gp2vec
from quakebook.gp2vec.figures import masks, temperatures, training_curves
from quakebook.gp2vec.pages import codes, losses, quantisers, recipes, throughput
from quakebook.gp2vec.pages import pretraining as page
from quakebook.publishing import claims, tables

# %% [markdown]
# ## A training
#
# The tiny network with an averaged codebook: codes are running means of the features that choose them, and codes that
# nobody chooses are replaced.

# %%
run = gp2vec.train(gp2vec.config("training.progress=false", "training.log_every=1", preset=preset))

# %% tags=["hide-input"]
display(Markdown(page.live_sentence(run)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-curves", "caption": "Held-out windows through training: gap to the loss of guessing (nats), share of hidden frames whose true target comes first, and code perplexity. Recorded trainings, one line a seed, and the training of this page. Dotted: a codebook used evenly."}, "image": {"alt": "Three panels of rising curves over training steps.", "width": "100%"}}
display(training_curves.curves(page.histories(run)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-losses", "caption": "Training of this page (one seed), loss at each step: mean over the hidden frames of its batch. A distractor that has the codes of the true target is left out, so that guessing becomes easier when few codes are in use; what the network has learnt is the distance between the two curves."}, "image": {"alt": "Two curves over steps, the loss of the network and that of guessing, and a dotted horizontal line.", "width": "100%"}}
live_losses = losses.of_run(run)
display(training_curves.losses(live_losses.loss, live_losses.chance, live_losses.guessing))

# %% tags=["hide-input"]
display(Markdown(losses.sentence(live_losses, page.recorded_losses())))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-schedule", "caption": "Training of this page: learning rate, temperature where the codes are drawn with noise, and share of hidden frames at each step (grey: 30 to 60 %)."}, "image": {"alt": "A learning rate that rises steeply and falls like half a cosine, and a hidden share that scatters about one half.", "width": "100%"}}
display(training_curves.schedule(page.logged(run)))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.seeds_table(), "tab-gp2vec-seeds",
                                   "Recorded trainings: mean over the seeds and range. Gap, accuracy and codes on "
                                   "held-out windows; the last six columns are linear probes of the frozen features.")))

# %% [markdown]
# ## Which hidden frames are found?
#
# Frames at the edge of a hidden span lie next to visible ones; a wave train that goes on can be continued there.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-one-window", "caption": "Training of this page: a held-out window with an event, its hidden spans shaded (above), and how many distractors are at least as similar as the true target at each hidden frame (below; 0: found at once)."}, "image": {"alt": "Three traces of one window with grey spans, and dots of ranks below the spans.", "width": "100%"}}
window = codes.one_window(run)
display(masks.one_window(window))

# %% tags=["hide-input"]
display(Markdown(codes.guesses_sentence(window)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-ranks", "caption": "Training of this page, held-out windows. Left: how many distractors are at least as similar as the true target (dashed: no knowledge). Right: how often the true target comes first, against the distance to the nearest visible frame, with two standard errors."}, "image": {"alt": "A histogram with a peak at zero, and a curve of accuracy over distance.", "width": "100%"}}
held = run.read_arrays("held_out")
display(masks.ranks(held["rank"], held["depth"]))

# %% [markdown]
# ## Codes in use

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-codebook", "caption": "Share of the held-out frames that choose each code, without noise, most frequent code first; solid and dashed: the two codebooks. First seed of each recorded training, and the training of this page. Dotted: even use."}, "image": {"alt": "Falling curves of code shares on a logarithmic axis.", "width": "100%"}}
display(training_curves.codebook(page.usage(run)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-joint-codes", "caption": "Training of this page: how often a code of the first book goes with one of the second on held-out windows, most frequent codes first. White: never."}, "image": {"alt": "A square of coloured cells, codes of one codebook against those of the other."}}
chosen, kind = codes.held_out_codes(run)
display(training_curves.joint_codes(codes.pairs(chosen)))

# %% tags=["hide-input"]
display(Markdown(codes.codes_sentence(codes.what_codes_tell(chosen, kind), kind)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-temperature", "caption": "Temperature of the Gumbel noise over a run: the schedule used here, half a cosine, and the published decay per step, which hardly moves in a short run."}, "image": {"alt": "Three curves of temperature over steps."}}
display(temperatures.schedules())

# %% [markdown]
# ## What failed, and why
#
# Recipes that differ in one or two settings, with fewer steps and one seed each.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
rows = recipes.table()
display(Markdown(tables.myst_table(rows, "tab-gp2vec-recipes", recipes.caption()) if len(rows)
                 else page.not_recorded("comparison of recipes")))
display(Markdown(recipes.failures_sentences()))
display(Markdown(recipes.accuracy_is_not_quality()))

# %% [markdown]
# Two of these recipes differ only in how a code is chosen: as the nearest of running means (averaged codebook), or by a
# layer whose choice is made random by Gumbel noise.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
both = quantisers.recorded()
if len(both):
    display(Markdown(tables.myst_table(quantisers.table(both), "tab-gp2vec-quantisers",
                                       "The two ways to choose a code (recorded, one seed each), on held-out windows: "
                                       "code perplexity beside the largest possible one, how often the true target "
                                       "comes first, and the gap in nats.")))
display(Markdown(quantisers.sentence(both)))

# %% [markdown]
# Three numbers can look good for the wrong reason. The *loss* falls when few codes are left in use, because distractors
# that equal the target are left out; the gap is counted from the distractors that remain. The *accuracy* is then easy,
# too. And the *perplexity* during training counts codes that only the noise chose; here it is counted on held-out windows
# without noise.

# %% [markdown]
# ## How fast
#
# Whole steps of the tiny network on this machine: draw hidden spans and distractors, compute the loss and its gradient,
# change the weights.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-gp2vec-throughput", "caption": "Windows a second against windows of a step, in single precision and in bfloat16, measured while this page was made."}, "image": {"alt": "Two curves of windows a second over windows of a step, both axes logarithmic."}}
speeds = codes.speeds(preset)
display(training_curves.throughput(speeds))

# %% tags=["hide-input"]
display(Markdown(codes.throughput_sentence(speeds)))

# %% [markdown]
# A training also waits for its windows where they come from a continuous archive. Recorded, because compiling a network
# takes longer than this page may:

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
fast = throughput.recorded_result()
if fast:
    display(Markdown(tables.myst_table(throughput.table(fast), "tab-gp2vec-throughput", throughput.caption(fast))))
display(Markdown(throughput.sentence(fast)))

# %% [markdown]
# ## Checks

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
values = page.metrics(run) | quantisers.metrics() | throughput.metrics(fast)
_ = claims.report("gp2vec", "02_pretraining", values, data="synthetic", run=run)
display(claims.show("gp2vec", "pretraining*", name="tab-gp2vec-claims-pretraining", caption="Pre-training: our checks"))

# %% [markdown]
# ## Something to try
#
# 1. `gp2vec.config("objective.diversity_weight=0", "network.quantiser=gumbel", preset="quick")`: what happens to the
#    perplexity, and what to the gap?
# 2. Draw distractors from other windows, too: `objective.cross_negatives=50`.
# 3. Hide shorter spans (`objective.mask_length=5`). The accuracy rises. Do the probes?
