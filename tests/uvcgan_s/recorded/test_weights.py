"""Generators rebuilt from recorded weights: those of the book separate, and a flow comes back as a flow."""

from __future__ import annotations

import torch

from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s import config
from quakebook.uvcgan_s.data import spectrograms as task
from quakebook.uvcgan_s.networks.flow import decomposer
from quakebook.uvcgan_s.recorded import seismic_weights
from quakebook.uvcgan_s.recorded.weights import rebuilt
from quakebook.uvcgan_s.studies import spectrograms as study


def test_recorded_generators_of_the_book_clean_unseen_mixtures():
    """Under five megabytes in all, as the quick preset loads them."""
    made = seismic_weights.separators()
    assert {"full", "identity"} <= set(made)
    sizes = [path.stat().st_size for path in recorded.folder("uvcgan_s").glob("*.safetensors")]
    assert sum(sizes) < 5e6
    mixtures = task.mixtures("test", 12, seed=5)
    assert study.score(mixtures, made["full"])["gain_db"] > 1


def test_without_weights_there_is_no_separation(tmp_path):
    recorded.keep("uvcgan_s", "seismic-full-0", Outcome({"gain_db": 1.0}), tmp_path)
    assert seismic_weights.separators(tmp_path) == {}


def test_a_flow_is_rebuilt_as_a_flow(tmp_path):
    torch.manual_seed(0)
    settings = config("objective.method=flow", "objective.sum_scale=0.5", preset="smoke")
    flow = decomposer(settings.network, settings.objective, (1, 16, 16), 2).eval()
    weights = {f"gen_ba.{key}": value.contiguous() for key, value in flow.state_dict().items()}
    recorded.keep("uvcgan_s", "digits-flow-0", Outcome({}, settings=settings, weights=weights), tmp_path)
    separate = rebuilt(recorded.read("uvcgan_s", "digits-flow-0", tmp_path), (1, 16, 16))
    images = torch.rand(2, 1, 16, 16)
    background, signal = separate(images)
    with torch.no_grad():
        torch.testing.assert_close(torch.cat([background, signal], 1), flow(images))
    torch.testing.assert_close(signal, (images / 0.5 - background).clamp(min=0))
