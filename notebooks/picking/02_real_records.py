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
# (chap-picking-real)=
# # Picking 2: real continuous records
#
# ObsPy comes with four minutes of four stations of the Bavarian network from 27 May 2010, in which its tutorial finds
# small earthquakes by their coincidence. Two recorded pickers that have seen nothing but synthetic records go over them
# here. **Cost**: seconds on one core.

# %% tags=["parameters"]
preset: str = "quick"  # smoke, quick or paper: the same in each; the pickers are recorded ones

# %% tags=["hide-input"]
from IPython.display import Markdown, display

from quakebook.bluedisc.recorded import read as recorded
from quakebook.picking import figures
from quakebook.picking.pages import real_records as page
from quakebook.publishing import claims, tables

# %%
stream = page.records()
pickers = {"BCE": recorded.generator("bce-42"), "hybrid": recorded.generator("hybrid-42")}
annotations = page.annotations(pickers, stream)
events = page.event_table(annotations, stream)

# %% tags=["hide-input"]
display(Markdown(page.first_sentence(events)))

# %% tags=["hide-input"] mystnb={"figure": {"name": "fig-picking-real", "caption": "Four stations of the Bavarian network: vertical records with the picks of the hybrid picker, below each the P and S curves. UH3 has three components, the others the vertical only; three of them were recorded at 50 Hz."}, "image": {"alt": "Four seismograms with four bursts; blue P bars at each burst on most stations, orange S bars on UH3.", "width": "100%"}}
display(figures.stations_with_picks(stream, annotations["hybrid"]))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(events, "tab-picking-real-events", "Events at three stations or more: by ObsPy's coincidence of STA/LTA triggers, and by coincidence of P picks within 3 s.")))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
display(Markdown(tables.myst_table(page.pick_table(pickers, annotations, stream), "tab-picking-real-picks", "Picks over 0.3 of both pickers, with our resampler and with SeisBench's.")))

# %% tags=["hide-input"] mystnb={"markdown_format": "myst"}
_ = claims.report("picking", "02_real_records", page.metrics(events), data="real")
display(claims.show("picking", "real.*", name="tab-picking-claims-real", caption="Real continuous records: our check"))

# %% [markdown]
# ## What differs, and why
#
# Stations with one component are filled up with zeros, as SeisBench does; a picker that was trained on three components
# then has little to tell S by. The earthquakes are nearer than most of the training, with S about a second after P. No
# analyst has labelled these minutes, so nothing here is a score.
#
# ## Something to try
#
# The same for any file:
#
# ```bash
# quakebook annotate bluedisc:hybrid-42 my_day.mseed --threshold P=0.5 --picks picks.csv --probabilities curves.mseed
# ```
