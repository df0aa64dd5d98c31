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
# (chap-bugfinv-fusion)=
# # BUGFInv 2: three gradients into one
#
# **Claim** {cite:p}`Liu2026`: the gradients of three tasks should be weighed by how certain each of them is, sample by
# sample and feature by feature.
#
# A network with three outputs has three losses, and each of them wants to change the shared layers in its own way. The
# usual answer is to add the three and go on (constant weights, CW). Others look for one direction on which
# the three can agree. BUGFInv treats the last layer as uncertain: many heads would fit the wells about as well, so the
# gradient that a head sends down is a random number with a mean and a variance.
#
# **What is reproduced here**: the fusion rule of the public code {cite:p}`Liu2026,Achituve2024` and the Nash weights
# {cite:p}`Navon2022,Liu2025nash`, the first in a closed form that the code does not have. **Cost**: about half a
# minute.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: how many rows the cost is measured on
seed: int = 0  # of the random problems

# %% tags=["hide-input"]
import torch
from IPython.display import display

from quakebook import plots
from quakebook.bugfinv.figures import cost, frames, gradients, strategies, training, utility
from quakebook.bugfinv.pages import inversion
from quakebook.bugfinv.studies import cost as costs
from quakebook.bugfinv.studies import fusion_checks
from quakebook.bugfinv.studies import strategies as strategy_study
from quakebook.publishing import claims

# %% [markdown]
# ## Where the gradients meet

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-strategies", "caption": "Three strategies after the README's figure. Coloured arrows: gradients of the tasks; red arrows: the one shared gradient. (a) Constant weights add them. (b) A gradient solver weighs each task with one number, from the gradients of all shared layers. (c) Bayesian fusion weighs them for each sample and feature, at the last shared layer only."}, "image": {"alt": "Three network sketches side by side; the arrows of three heads meet in a sum, in a solver fed by all layers, and in a precision-weighted mean fed by the last layer."}}
with plots.book_style():
    display(strategies.schematic())

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-arrows", "caption": "The same, computed: the gradients of one sample in the plane of two features. In (c) the lengths differ from (a) because the heads are the posterior's, and the shaded ellipses are one standard deviation."}, "image": {"alt": "Three panels with three coloured arrows from the origin and one black arrow, their combination. In the third panel ellipses surround the coloured tips."}}
batch = costs.Batch.random(200, d=6, seed=seed, full_rows=1)
heads = 0.5 * torch.randn(3, 6, generator=torch.Generator().manual_seed(seed))
found = strategy_study.compute(batch.features, batch.labels, heads, 1.0, 0.3)
with plots.book_style():
    display(strategies.computed(found, row=4))

# %% [markdown]
# ## Mean and variance of a gradient
#
# A head $w$ predicts $w^T h$ from the features $h$; the loss is $(w^T h - y)^2$. Its gradient with respect to the
# features is $g = 2 (w^T h - y)\, w$. Let the head be Gaussian with mean $\mu$ and covariance $\Sigma$, and write
# $v = \Sigma h$, $q = h^T \Sigma h$, $m = \mu^T h - y$. Then
#
# $$
# \begin{aligned}
# \mathrm{E}[g] & = 2\,(v + m\mu), \\
# \mathrm{Var}[g_i] & = 4 \bigl[ (m^2 + q)\,\Sigma_{ii} + q\,\mu_i^2 \\
# & \qquad + 2 m\,\mu_i v_i + v_i^2 \bigr].
# \end{aligned}
# $$ (eq-bugfinv-moments)
#
# The public code builds the whole covariance of $g$, a square matrix for every sample and task, by multiplying square
# matrices, and keeps its diagonal. Equation {eq}`eq-bugfinv-moments` is that diagonal. Random heads agree:

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-draws", "caption": "Mean (left) and standard deviation (right) of the gradient of one sample: closed form against heads drawn from the posterior, one dot per task and feature."}, "image": {"alt": "Two scatter plots whose dots lie on the one-to-one line."}}
moments = fusion_checks.draw_moments(draws=20_000 if preset == "smoke" else 200_000, seed=seed)
with plots.book_style():
    display(gradients.against_draws(moments))

# %% [markdown]
# The tasks are then fused by their precisions $\lambda_t = 1 / \mathrm{Var}[g_t]$,
#
# $$
# \frac{\partial L}{\partial h_i} = \frac{1}{b}\,
# \frac{\sum_t \lambda_{ti}\, \mathrm{E}[g_t]_i}{\sum_t \lambda_{ti}},
# $$ (eq-bugfinv-fusion)
#
# with $b$ the number of samples. Two things to know before believing in it. The covariance $\Sigma$ does not depend on
# the labels, so it is *the same for all three tasks*: the weights of Equation {eq}`eq-bugfinv-fusion` differ only
# through $\mu$ and the residual $m$. And the README calls $\gamma$ a precision; the code uses it as a variance.
#
# ## What it costs

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-cost", "caption": "Time of one backward at the features (posterior, moments and fusion of three tasks, 64 features) on one processor core, measured while this page was made: the closed form, and this book's own version of the full-covariance form."}, "image": {"alt": "Two rising lines on logarithmic axes. The full-covariance line lies far above and ends early; the closed form follows slope one up to the largest number of rows."}}
largest = {"smoke": 1_000, "quick": 100_000, "paper": 1_000_000}[preset]
table = costs.cost_table([n for n in (100, 1_000, 10_000, 100_000, 1_000_000) if n <= largest], (30, 100, 300))
with plots.book_style():
    display(cost.cost(table))

# %% [markdown]
# The closed form passes once over the samples in pieces that stay in the processor's cache; its memory does not grow
# with their number, but for the gradient itself. `benchmarks/bugfinv.py` measures the same at full size, and on a GPU
# where there is one.

# %% [markdown]
# ## Agreeing instead of adding
#
# Nash bargaining asks for the direction in which the product of the three gains is largest. Its weights solve
# $G\alpha = 1/\alpha$, with $G$ the inner products of the three gradients.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-utility", "caption": "Three gradients in a plane. In the shaded region every task gains. (a) Without conflict sum and Nash direction nearly agree. (b) With the density opposed the plain sum leaves that region; the Nash direction stays inside, and its length is always the root of three."}, "image": {"alt": "Two panels with three arrows, a grey triangle between their tips, a dotted line along the sum and a dashed green line to a star."}}
with plots.book_style():
    display(utility.utility_space())

# %% [markdown]
# ## How much conflict is there?
#
# From recorded trainings of 500 steps on the model of {ref}`the first page <chap-bugfinv-data>`: how the gradients
# stand to each other, and what the two rules make of it.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-conflict", "caption": "(a) Cosines between the task gradients at the features. (b) Nash weights. (c) Mean share of the tasks in BUGFInv's fusion; dashed: one third. (d) Part of BUGFInv's variances that lie below the floor. Recorded runs; thin lines are single steps."}, "image": {"alt": "Four panels against the step: cosines between small positive and slightly negative values; three Nash weights that rise together; shares close to one third; a line at zero."}}
nash, bayes = inversion.log_of("synthetic", "nash-seed0"), inversion.log_of("synthetic", "bugfinv-seed0")
with plots.book_style():
    display(training.conflict(nash, bayes))

# %% [markdown]
# The cosines in {numref}`fig-bugfinv-conflict` are small: summed over all samples and features, the three tasks neither
# help nor fight each other much. The *mean* of BUGFInv's shares stays close to one third; what the single shares do,
# and what it costs, stands on {ref}`the next page <chap-bugfinv-inversion>`. Nash does something else. Its weights grow as the losses shrink, so that the shared gradient never gets shorter
# (it is clipped to length one at every step). Adam divides each gradient by a running size, but that size remembers
# about a thousand steps: a gradient that fades is divided by what it once was, and the steps shrink with it. Under Nash
# they do not. How much of Nash's lead is bargaining, and how much is this length, is tested on
# {ref}`the next page <chap-bugfinv-inversion>`.
#
# Move the slider to see weights and losses grow step by step; no Python is needed.

# %% tags=["hide-input"]
steps = [25, 50, 100, 200, 300, 400, 500]
with plots.book_style():
    pictures = frames.weight_frames({"BUGFInv": bayes, "Nash": nash}, steps)
    explorer = plots.grid_explorer(pictures, [str(k) for k in steps], description="step", choice="rule", dpi=72)
display(explorer)

# %% [markdown]
# ## Against the sources

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("bugfinv", "02_gradient_fusion", fusion_checks.fusion_metrics(seed), data="model-free", seed=seed)
display(claims.show("bugfinv", "fusion.*", name="tab-bugfinv-claims-fusion",
                    caption="Fusion and Nash weights: what must hold, measured"))

# %% [markdown]
# ## What differs, and why
#
# * Posterior and precision are kept in information form and double precision; the code goes from precision to
#   covariance and back, twice, and needs a correction term in single precision.
# * The code reserves a weight for the bias and never uses it: an offset of the labels is read as noise. Here it can be
#   modelled (`model_bias=True`, which the following pages use).
# * The code ends the process, with the status of success, when a feature is not a number. Here it is an error that
#   names the tensor.
# * The published solver for the Nash weights works on three convex problems in turn and is wrong where the gradient
#   norms differ by decades. Three unknowns need a few Newton steps.
#
# ## Something to try
#
# 1. Normalise what can be normalised: in `utility.nash_direction` scale all three gradients by ten. What happens to the
#    star? And to the plain sum?
# 2. Give the tasks different noise, `BUGFInv(reg_hps={"obs_noise": [0.05, 0.05, 0.5]})`. Which shares move, and why?
# 3. Raise `gamma` by a factor of a thousand and watch {numref}`fig-bugfinv-conflict` (c) and (d).
