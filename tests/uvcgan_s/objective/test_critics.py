"""The critics' side by hand: what they see, how much it weighs, and when a penalty is due."""

import pytest
import torch

from quakebook.uvcgan_s.data.norms import Scale
from quakebook.uvcgan_s.objective.critics import PenaltyCache, critic_losses, make_queues
from quakebook.uvcgan_s.objective.losses import penalty_point
from quakebook.uvcgan_s.settings import ObjectiveConfig

REAL, FAKE, ALPHA = torch.full((2, 1, 1, 1), 0.5), torch.full((2, 1, 1, 1), 0.25), torch.tensor(0.5)


@pytest.mark.parametrize(("domain", "weight"), [("b", 0.5), ("a0", 0.25), ("a1", 0.25)])
def test_hinge_losses_are_halved_and_those_of_a_once_more(domain, weight):
    """Scores are the images: relu(1 - 0.5) + relu(1 + 0.25) = 1.75."""
    charge, loss = critic_losses(ObjectiveConfig(penalty=0.0), Scale(), domain, lambda x: x, REAL, FAKE, ALPHA)
    assert charge is None and float(loss) == pytest.approx(1.75 * weight)


def test_critics_may_look_at_normalised_values_but_the_penalty_does_not():
    """A scale of 2 inside: relu(1 - 1) + relu(1 + 0.5) = 1.5; the slope of x^2 at 0.375 is 0.75, squared 0.5625."""
    objective = ObjectiveConfig(norm="scale", norm_scale=2.0, norm_critic=True, penalty=0.5)
    _, loss = critic_losses(objective, Scale(2.0), "b", lambda x: x, REAL, FAKE, ALPHA)
    assert float(loss) == pytest.approx(0.75)
    charge, _ = critic_losses(objective, Scale(2.0), "b", lambda x: x**2, REAL, FAKE, ALPHA)
    assert float(charge.detach()) == pytest.approx(0.5 * 0.5625)
    bare, _ = critic_losses(objective, Scale(2.0), "b", lambda x: x**2, REAL, FAKE, ALPHA, bare=lambda x: 2 * x)
    assert float(bare.detach()) == pytest.approx(0.5 * 4)
    assert critic_losses(objective, Scale(2.0), "b", lambda x: x, REAL, FAKE, ALPHA, penalty=False)[0] is None


@pytest.mark.parametrize(("alpha", "want"), [(0.49, 0.25), (0.5, 0.25), (0.51, 0.5)])
def test_either_is_taken_by_half(alpha, want):
    assert float(penalty_point(REAL, FAKE, torch.tensor(alpha), "real-or-fake").mean()) == want


def test_a_period_of_two_computes_every_third_step():
    cache = PenaltyCache(2)
    assert [cache.recompute(k) for k in range(7)] == [True, False, False, True, False, False, True]
    assert [cache.draw(k) for k in range(7)] == [0, 0, 0, 1, 1, 1, 2]


def test_queues_of_both_kinds_for_each_domain():
    assert make_queues(0) is None
    made = make_queues(3)
    assert set(made) == {f"{kind}_{domain}" for kind in ("real", "fake") for domain in ("a0", "a1", "b")}
    assert {queue.size for queue in made.values()} == {3}
