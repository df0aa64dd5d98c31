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
# (chap-uvcgan-s-decomposition)=
# # UVCGAN-S 1: taking mixtures apart without pairs
#
# **Claim** {cite:p}`Go2025`: from pure backgrounds, pure signals and mixtures that cannot be paired, a pair of networks
# learns to take a mixture apart. **What this page does**: it explains networks and losses, trains the method and its
# cheapest rival on blends of handwritten digits while the page runs, and shows what each part of the method is worth.
# **Cost**: about four minutes on one core at the quick preset.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: length of the trainings here (paper: as long as the recorded ones)
seed: int = 0  # of start weights and batches
overrides: list = []  # more settings of both trainings, each a text of key and value

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import plots
from quakebook.publishing import claims, tables
from quakebook.uvcgan_s.figures import gallery, losses, variants
from quakebook.uvcgan_s.pages import decomposition as page
from quakebook.uvcgan_s.pages import decomposition_sentences as sentences
from quakebook.uvcgan_s.pages import faces

# %%
trained = {"full method": page.live("full", preset, seed, *overrides),
           "identity on sums": page.live("identity", preset, seed, *overrides)}
recorded = page.results()

# %% tags=["hide-input"]
display(Markdown(sentences.sentence(recorded)))

# %% [markdown]
# ## The method
#
# Domain A is a stack of two images, the background a0 and the signal a1; domain B is the mixture. One network mixes,
# $G_{AB}$: (a0, a1) → b, the other decomposes, $G_{BA}$: b → (a0, a1). Three critics say how real an image of each kind
# looks. Four losses act on the generators:
#
# * **A → B → A**: the made mixture must convince its critic, and taking it apart must give (a0, a1) back.
# * **B → A → B**: both extracted parts must convince their critics, and mixing them again must give b back.
# * **identity of B**: the mixture with an empty signal is mixed to itself.
# * **identity of A**: the plain sum of a background and a signal drawn independently must be taken apart into them. This is
#   ordinary supervised training on made-up sums, and the strongest hint at which part is which.
#
# The critics' loss is the hinge; a gradient penalty between real and made images keeps them smooth. One step of this
# package computes what the published one does with half of its passes through the generators, since four of the six
# wait for nothing.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.sizes(), "tab-uvcgan-s-sizes", "Trained numbers of the published networks.")))

# %% [markdown]
# ## Digits
#
# Backgrounds are round digits (0, 6, 8, 9), signals straight ones (1, 4, 7), 16 × 16 pixels, moved at random. A mixture is
# half of each, blurred: the networks are told neither the halves nor the blur, and no mixture is ever seen together with
# its parts. The trainings of this section run while the page is built.

# %% tags=["hide-input"]
display(Markdown(sentences.reached(trained, recorded, page.lengths())))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-digits", "caption": "Unseen blends, what the full method extracts, and the true parts."}, "image": {"alt": "Rows of small grey digits: blends, extracted round and straight digits, and the true ones, which resemble each other.", "width": "100%"}}
shown = page.shown(trained["full method"])
display(gallery.gallery(shown["mixtures"], shown["first"], shown["second"], shown["true_first"], shown["true_second"],
                        names=("round", "straight")))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-digits-training", "caption": "Error on unseen blends through the trainings of this page."}, "image": {"alt": "The error of the full method falls below that of splitting sums once critics and cycles join.", "width": "100%"}}
display(variants.through_training(page.curves(trained), trained["full method"].record["metrics"]["trivial_error"]))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-losses", "caption": "All recorded losses of the full method. Zero in the first steps: only sums are split there."}, "image": {"alt": "Six panels of losses through training; cycles and identities fall, critics stay away from zero.", "width": "100%"}}
log = trained["full method"].metrics()
history = trained["full method"].read_arrays("history")
display(losses.learning_curves(log["step"], {name: log[name] for name in log.columns},
                               (history["step"], history["error_a1"])))

# %% [markdown]
# The slider goes through the training.

# %% tags=["hide-input"]
steps, labels = page.frames_of(trained["full method"])
display(plots.explorer(steps, labels, description="step", dpi=80))

# %% [markdown]
# ## What each part is worth
#
# Recorded trainings with three seeds. *Told*: the split of sums knows that mixtures are blends of one half. *Paired bound*:
# trained on mixtures together with their parts, which nobody has in practice. *Flow* (where recorded): a flow carries
# mixtures to backgrounds, no mixture with its own; the signal is what is left, which needs the weights of the blend.

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.table(recorded), "tab-uvcgan-s-digits", "Mean absolute error on unseen blends.")
                 if recorded else "No training on digits is recorded yet."))
display(Markdown(sentences.variants(recorded)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-compared", "caption": "The method beside what can be trained in its place, as recorded; one dot a seed (without recorded trainings: those of this page)."}, "image": {"alt": "Rows of dots, one row a method; the sentences above say which errors are larger.", "width": "100%"}}
trivial = trained["full method"].record["metrics"]["trivial_error"]
display(variants.variant_errors(page.errors(recorded, page.digits.COMPARED) or page.errors_here(trained), trivial))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-ablations", "caption": "The method and the method without one of its parts; one dot a seed (without recorded trainings: those of this page)."}, "image": {"alt": "Rows of dots, one row for the full method and one for each of its parts left out; the sentences above say which errors are larger.", "width": "100%"}}
display(variants.variant_errors(page.errors(recorded, page.digits.ABLATIONS) or page.errors_here(trained), trivial))

# %% [markdown]
# ## Pictures in folders
#
# The published toy takes blends of cats and dogs apart, photographs of 256 × 256 pixels in folders named
# `SPLIT/cat` and `SPLIT/dog`. Here the same layout holds drawn faces of 16 × 16 pixels: one half of each, blurred. The
# training is far shorter than the published 100,000 steps, and a folder of photographs is read in the same way:
# `quakebook uvcgan-s train toy_mix_blur --data FOLDER`.

# %%
pictures = faces.live(preset, seed)
face_scores = faces.scores(pictures)

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-uvcgan-s-faces", "caption": "Unseen blends of drawn faces, what the full method extracts, and the true pictures."}, "image": {"alt": "Rows of small coloured faces: blends, extracted cats and dogs, and the true ones.", "width": "100%"}}
face = page.shown(pictures["full"])
display(gallery.gallery(face["mixtures"], face["first"], face["second"], face["true_first"], face["true_second"],
                        names=("cat", "dog")))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(faces.sentence(face_scores, pictures["full"].config["training"]["steps"])))
display(Markdown(tables.myst_table(faces.table(face_scores), "tab-uvcgan-s-faces",
                                   "Mean absolute error on unseen blends of drawn faces; one training each.")))

# %% tags=["hide-input"]
_ = claims.report("uvcgan_s", "01_decomposition", page.metrics(recorded) | faces.metrics(face_scores), data="synthetic")

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(claims.show("uvcgan_s", "digits.*", name="tab-uvcgan-s-claims-digits", caption="Digits: our own checks"))
display(claims.show("uvcgan_s", "toy.*", name="tab-uvcgan-s-claims-toy", caption="Pictures: the published toy"))

# %% [markdown]
# ## What differs, and why
#
# * The published tasks are photographs of 256 × 256 pixels and calorimeter images; both configurations are built here to
#   the last parameter, and `quakebook uvcgan-s train toy_mix_blur` or `sphenix` trains them on a GPU.
# * The digits train with a rate of one thousandth for both sides and begin with the split of sums alone. From a cold start
#   with smaller rates the critics stay flat for thousands of steps.
#
# ## Something to try
#
# 1. Set `overrides` to `["objective.sum_scale=0.5"]`: both methods are told that mixtures are blends of one half.
# 2. Set `overrides` to `["objective.penalty=0"]`: do the critics still lead?
# 3. Your own images: `quakebook.uvcgan_s.from_arrays(backgrounds, signals, mixtures)` gives domains that `train` takes.
