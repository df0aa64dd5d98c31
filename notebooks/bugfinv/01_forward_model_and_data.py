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
# (chap-bugfinv-data)=
# # BUGFInv 1: what six angles see
#
# **Claim** {cite:p}`Liu2026,Liu2025nash`: from partial-angle seismic traces a network can recover three properties of
# the rock at every time sample, the P velocity $V_P$, the S velocity $V_S$ and density $\rho$, if a few wells show it
# how they hang together.
#
# A seismic survey records each reflection at several angles of incidence. The reflection grows or fades with the
# angle, and how it does depends on the contrast of all three properties. Inversion runs this backwards. This page
# builds everything that the following pages invert: the physics that makes gathers from rock, an underground to test
# on, noise, wells and a first guess.
#
# **What is reproduced here**: the forward model and wavelets of the published code, and the size of its network. The
# authors' Overthrust data are a download of unknown format, so the model below is this book's own. **Cost**: seconds.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: size of the model
seed: int = 0  # of the model and of the noise

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook import bugfinv, plots
from quakebook.bugfinv import api
from quakebook.bugfinv.data import survey
from quakebook.bugfinv.figures import model, scheme, waves
from quakebook.bugfinv.pages import forward_model_and_data
from quakebook.bugfinv.scoring import metrics
from quakebook.publishing import claims, tables

config = bugfinv.config(f"data.seed={seed}", preset=preset)
earth = api.load_model(config.data)
data = api.survey_of(config.data)

# %% [markdown]
# ## From rock to gathers
#
# Elastic impedance {cite:p}`Connolly1999,Whitcombe2002` packs the three properties into one number per angle
# $\theta$,
#
# $$
# \begin{aligned}
# \mathrm{EI}(\theta) & \propto V_P^{\,a}\, V_S^{\,b}\, \rho^{\,c}, \\
# a & = 1 + \tan^2\theta, \\
# b & = -8K\sin^2\theta, \\
# c & = 1 - 4K\sin^2\theta,
# \end{aligned}
# $$ (eq-bugfinv-ei)
#
# with $K = 1/4$ for $(V_S/V_P)^2$. The reflection coefficient between two samples is the difference of the
# impedances over their sum. With $l = a \ln V_P + b \ln V_S + c \ln \rho$ this is exactly
#
# $$
# R_j = \tanh\frac{l_j - l_{j-1}}{2},
# $$ (eq-bugfinv-tanh)
#
# one matrix product, one difference, one hyperbolic tangent. The gather is $R$ convolved with a wavelet. The published
# code builds two wavelets, {numref}`fig-bugfinv-wavelets`, and uses one of them, the Ricker.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-wavelets", "caption": "The two wavelets of the published code (a) and their amplitude spectra (b), relative to the peak (Ricker) and to the plateau (Ormsby)."}, "image": {"alt": "Left: two symmetric pulses of 40 ms. Right: a bell-shaped spectrum with its peak at 40 Hz and a trapezoid from 10 to 60 Hz."}}
with plots.book_style():
    display(waves.wavelet_spectra())

# %% [markdown]
# ## Three unknowns, but the data constrain only two combinations well
#
# Equation {eq}`eq-bugfinv-tanh` makes one thing plain: what the gathers see is the six-by-three matrix of the
# exponents. Its singular values say how strongly the gathers depend on each
# combination of the three logs.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-sensitivity", "caption": "Singular values of the matrix of exponents, six angles by three properties, and the combination of logarithms that belongs to each."}, "image": {"alt": "Left: three bars on a logarithmic axis, the third more than two decades below the first. Right: groups of three bars, the weights of ln Vp, ln Vs and ln density."}}
with plots.book_style():
    display(waves.sensitivity())

# %% [markdown]
# The first combination is close to acoustic impedance and dominates. The second carries $V_S$. The third is hundreds of
# times weaker: at a usual noise level it is simply not in the data. Density and $V_S$ can then only come from what the
# wells teach about rock, and the three tasks pull the common features of a network in different directions. That is
# where the following pages begin.

# %% [markdown]
# ## An underground to test on
#
# Folded layers of shale, sand, limestone and dolomite, cut by a thrust and a normal fault, worn down and covered by
# younger beds, with three sinuous channels. Every layer has its own deviation from the rock-physics trends: without
# it, one property would give the other two.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-chair", "caption": "P velocity of the embedded model. The front quarter is removed down to the time of a channel filled with gas sand."}, "image": {"alt": "A coloured block with a step cut into its front corner. Layers dip and are offset by faults; a winding slow channel shows on the floor of the cut."}}
with plots.book_style():
    display(model.chair(earth))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-sections", "caption": "One inline of the three properties, and their crossplots with the lines of Castagna (shale) and Gardner; r is the correlation of the points shown."}, "image": {"alt": "Three coloured sections with layers and channels; below, three point clouds along rising lines."}}
with plots.book_style():
    display(model.sections(earth))

# %% [markdown]
# ## Gathers, noise, wells
#
# White noise stands 15 dB below the signal. Twenty-four wells on a regular grid are known; everything else is blind.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-gathers", "caption": "Logs of one blind trace and its angle gather, without and with noise."}, "image": {"alt": "Three logs against time and two gathers of six wiggle traces, with small noise in the second."}}
trace = int(data.blind[0])
clean = survey.synthesise(data.true[trace:trace + 1], data.dt_s, survey.Recording(snr_db=None))[0]
noisy = data.gathers[trace] * data.seismic_std + data.seismic_mean
with plots.book_style():
    display(waves.gathers(clean.numpy(), noisy.numpy(), data.true[trace].numpy(), data.dt_s))

# %% [markdown]
# The first guess is the logs of the wells, smoothed to the lowest frequencies and spread between the wells by distance.
# Every method of the next pages has to beat it.

# %%
start = metrics.scores(data.initial.numpy(), data.true.numpy(), data.shape)
{name: round(value, 4) for name, value in metrics.headline(start).items()}

# %% [markdown]
# ## The network
#
# Four blocks of dilated convolutions, four more layers, and one linear head per property, applied at every sample.
# {numref}`tab-bugfinv-network` is counted on the network itself.

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-bugfinv-scheme", "caption": "The network and its training. The loss at the wells drives it; the forward model can add a loss at traces without wells."}, "image": {"alt": "Boxes from gathers through convolution blocks to three heads, with arrows to a loss at the wells and through the forward model to a loss against the gathers."}}
with plots.book_style():
    display(scheme.training_scheme())

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst(forward_model_and_data.layer_table(bugfinv.InversionNetwork()), "tab-bugfinv-network",
                            "The published network with six input angles.")))

# %% [markdown]
# ## Against the sources

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("bugfinv", "01_forward_model_and_data", forward_model_and_data.forward_metrics(data, earth), data="model-free",
                  seed=seed)
display(claims.show("bugfinv", ["forward*", "wavelet*", "network*"], name="tab-bugfinv-claims-forward",
                    caption="Forward model and network: the published code's numbers and ours"))

# %% [markdown]
# ## What differs, and why
#
# * The published code keeps every sixth sample of the logs and then applies the wavelet on that coarse grid as if it
#   were the fine one. Here the wavelet is sampled at the step of the model.
# * Until March 2026 it divided the reflection coefficient by the mean of the two impedances in place of their sum,
#   which doubles the synthetic. The published scores of the Nash paper predate the correction.
# * The embedded model is not the authors' Overthrust volume, so numbers of the next pages show effects and are never
#   called a reproduction of the README's table.
#
# ## Something to try
#
# 1. Add a seventh angle, 40 degrees: `exponents([5, 10, 15, 20, 25, 30, 40])` in `quakebook.bugfinv.data.forward`. What
#    happens to the third singular value? How much more noise could be tolerated?
# 2. Exchange the Ricker for the Ormsby wavelet, `bugfinv.config("data.wavelet=ormsby", preset="quick")`. Which of the
#    thin layers of {numref}`fig-bugfinv-gathers` appear?
# 3. Exact reflection coefficients: `data.zoeppritz=true`. How large is the model error beside the noise?
