"""Losses of the tracked windows, under the published names."""

import pandas as pd
import pytest
import torch

from quakebook.bluedisc.experiment import TRACKED_FILE
from quakebook.bluedisc.networks.discriminator import Discriminator
from quakebook.bluedisc.objective import losses
from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.followed_losses import TrackedScores


def test_a_run_keeps_losses_of_what_it_tracked(smoke_runs):
    table = pd.read_csv(smoke_runs["bce"].path / TRACKED_FILE)
    assert list(table) == ["step", "eval_loss", "sample_000_loss", "sample_001_loss"]
    track = Track.from_arrays(smoke_runs["bce"].read_arrays("track"))
    assert table["step"].tolist() == track.step.tolist()
    p, y = torch.from_numpy(track.prediction[-1]), torch.from_numpy(track.label)
    loss = torch.nn.functional.binary_cross_entropy(p, y, reduction="none").mean((1, 2))
    assert table.iloc[-1, 2:].to_numpy(float) == pytest.approx(loss.numpy(), rel=1e-4)
    assert table["eval_loss"].iloc[-1] == pytest.approx(float(loss.mean()), rel=1e-4)
    both = pd.read_csv(smoke_runs["hybrid"].path / TRACKED_FILE)
    assert {"sample_000_D_real", "sample_001_D_fake"} <= set(both) and both.notna().all().all()


def test_the_discriminator_is_asked_in_eval_mode_and_left_as_it_was():
    torch.manual_seed(0)
    x, y, logits = torch.randn(2, 3, 3001), torch.rand(2, 3, 3001), torch.randn(2, 3, 3001)
    judge = Discriminator().train()
    before = {name: value.clone() for name, value in judge.named_buffers()}
    scores = TrackedScores([5, 9], x, y)
    scores.keep(9, logits, judge)
    assert judge.training and all(torch.equal(value, before[name]) for name, value in judge.named_buffers())
    judge.eval().requires_grad_(False)
    row = scores.table().iloc[1]
    assert row["sample_001_D_real"] == pytest.approx(float(judge(torch.cat([y, x], 1))[1, 0]), rel=1e-5)
    assert row["sample_000_D_fake"] == pytest.approx(float(judge(torch.cat([logits.sigmoid(), x], 1))[0, 0]), rel=1e-5)
    assert row["eval_loss"] == pytest.approx(float(losses.data_loss(logits, y)), rel=1e-5)
    again = TrackedScores([5, 9], x, y)
    again.load_state_dict(scores.state_dict())
    pd.testing.assert_frame_equal(again.table(), scores.table())
