"""Amounts and costs of what is recorded: chosen."""

import inspect

import pytest
import torch

from quakebook.uvcgan_s.recorded import extraction, jets, jets_weights, make, plan, weights


def test_chosen_amounts():
    """Six decompositions and one waveform for figures; weights of seed 0; 4000 mixtures of each set of jets."""
    assert (make.SHOWN, make.KEPT_SEED, extraction.SHOWN, jets.EVENTS) == (6, 0, 1, 4000)
    assert inspect.signature(make.jets).parameters["events"].default == 4000
    assert jets_weights.MIXTURE == (1, 24, 64) and plan.SEEDS == (0, 1, 2)
    assert plan.JET_STEPS == {"full": 6000, "identity": 6000, "regression": 6000}
    assert plan.JET_STEPS_SHORT == {"identity": (3000, 0), "regression": (3000, 0), "full": (2500, 2000)}


@pytest.mark.parametrize(("name", "cost_s"), [
    ("digits-full-0", 220), ("digits-identity-1", 60), ("digits-told-2", 60), ("digits-flow-0", 220),
    ("seismic-classical", 60), ("seismic-full-1", 400), ("seismic-paired-0", 150), ("seismic-picks", 30),
    ("seismic-real", 30), ("jets-classical", 600), ("jets-full-0", 3600), ("jets-regression-2", 900),
    ("jets-short-full-1", 1000), ("jets-short-identity-1", 500)])
def test_seconds_of_an_entry(name, cost_s):
    entry, = (entry for entry in plan.PLAN if entry.name == name)
    assert entry.cost_s == cost_s


def test_a_separation_cuts_behind_the_first_channel_unless_told():
    from quakebook.uvcgan_s.settings import ObjectiveConfig

    network = torch.nn.Conv2d(1, 3, 1)
    objective = ObjectiveConfig(norm="none")
    parts = weights.separator(network, objective)(torch.rand(2, 1, 4, 4))
    assert [part.shape[1] for part in parts] == [1, 2]
    assert [part.shape[1] for part in weights.separator(network, objective, 2)(torch.rand(2, 1, 4, 4))] == [2, 1]


def test_which_picks_are_found():
    import numpy as np

    assert extraction.near(np.array([0.5, -0.5, 0.51, np.nan])).tolist() == [True, True, False, False]
