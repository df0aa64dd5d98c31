"""One P onset a waveform: by a stand-in network whose answer is known, and by a file."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from quakebook.picking.onsets import open_phasenet, p_onsets


class Jump(torch.nn.Module):
    """Answers with a P logit of `height` at the largest jump of the vertical component."""

    labels, component_order, in_samples, sampling_rate = "PSN", "ZNE", 200, 100.0

    def __init__(self, height=4.0):
        super().__init__()
        self.height = height

    def forward(self, x, logits=False):
        assert logits and not x[:, 1:].any()
        jump = x[:, 0].diff(dim=1, prepend=x[:, :1, 0]).abs()
        p = torch.where(jump == jump.amax(1, keepdim=True), self.height, -9.0)
        return torch.stack([p, torch.full_like(p, -9.0), torch.full_like(p, -9.0)], dim=1)


def waves(samples, steps):
    return np.stack([np.where(np.arange(samples) < step, 0.0, 1.0) for step in steps])


def test_onsets_are_seconds_after_the_first_sample():
    picks = p_onsets(Jump())(waves(150, [40, 111]), 100.0)
    assert picks.tolist() == [0.4, 1.11]


def test_other_rates_are_brought_to_that_of_the_model():
    picks = p_onsets(Jump())(waves(80, [20, 55]), 50.0)
    assert picks == pytest.approx([0.4, 1.1], abs=0.03)


def test_low_curves_give_no_pick_and_activations_differ():
    """A logit of -1 is 0.27 as a sigmoid; beside two of -9 it is almost 1 in a softmax."""
    wave = waves(150, [40])
    assert np.isnan(p_onsets(Jump(-1.0))(wave, 100.0)).all()
    assert p_onsets(Jump(-1.0), threshold=0.2)(wave, 100.0).tolist() == [0.4]
    assert p_onsets(Jump(-1.0), "softmax")(wave, 100.0).tolist() == [0.4]


@pytest.mark.parametrize("samples", [201, 100])
def test_lengths_that_a_window_cannot_hold_are_refused(samples):
    with pytest.raises(ValueError, match=f"found {samples} samples"):
        p_onsets(Jump())(waves(samples, [40]), 100.0)


def test_a_file_opens_as_seisbenchs_own_class(tmp_path):
    from seisbench.models import PhaseNet

    torch.manual_seed(0)
    model = PhaseNet(phases="PSN")
    save_file(model.state_dict(), tmp_path / "p.safetensors", metadata={"phases": "PSN"})
    opened = open_phasenet(tmp_path / "p.safetensors")
    assert type(opened) is PhaseNet and not opened.training and "".join(opened.labels) == "PSN"
    assert all(torch.equal(value, opened.state_dict()[key]) for key, value in model.state_dict().items())
    (tmp_path / "no.safetensors").write_text("nothing")
    for name in ("no.safetensors", "absent.safetensors"):
        with pytest.raises(ValueError, match=f"{name} holds no PhaseNet"):
            open_phasenet(tmp_path / name)


@pytest.mark.parametrize(("height", "picked"), [(0.301, True), (0.299, False)])
def test_three_tenths_are_a_pick_and_half_a_window_is_enough(height, picked):
    logit = float(np.log(height / (1 - height)))
    for samples in (101, 200):
        assert np.isfinite(p_onsets(Jump(logit))(waves(samples, [40]), 100.0)[0]) == picked
