"""Cycles and identities with generators that can be followed by hand: G_AB adds the parts, G_BA splits 3 to 1."""

import pytest
import torch

from quakebook.uvcgan_s.data.norms import Scale
from quakebook.uvcgan_s.objective.images import Wanted, make_images, sums

A0, A1, B = (torch.full((2, 1, 2, 2), value) for value in (1.0, 2.0, 8.0))


def images(wanted, together, calls=None, scale=1.0):
    calls = [] if calls is None else calls

    def gen_ab(x):
        calls.append(("ab", len(x)))
        return x.sum(1, keepdim=True)

    def gen_ba(x):
        calls.append(("ba", len(x)))
        return torch.cat([0.75 * x, 0.25 * x], dim=1)

    return make_images(gen_ab, gen_ba, Scale(10.0), A0, A1, B, wanted, scale, together)


def channels(image):
    return [pytest.approx(float(value)) for value in image.mean((0, 2, 3))]


@pytest.mark.parametrize("together", [True, False])
def test_every_branch_in_image_values(together):
    found = images(Wanted(), together)
    assert channels(found.fake_b) == [3.0] and channels(found.reco_a) == [2.25, 0.75]
    assert channels(found.fake_a) == [6.0, 2.0] and channels(found.reco_b) == [8.0]
    assert channels(found.idt_bb) == [8.0] and channels(found.idt_aa) == [2.25, 0.75]


def test_six_passes_are_three_together():
    joint, single = [], []
    images(Wanted(), True, joint), images(Wanted(), False, single)
    assert joint == [("ab", 2), ("ba", 6), ("ab", 4)]
    assert single == [("ab", 2), ("ba", 2), ("ba", 2), ("ba", 2), ("ab", 2), ("ab", 2)]


def test_branches_that_are_not_wanted_stay_empty():
    found = images(Wanted(cycle=False, identity_aa=False, identity_bb=False), True)
    assert found.reco_a is found.reco_b is found.idt_aa is found.idt_bb is None
    assert channels(found.fake_b) == [3.0] and channels(found.fake_a) == [6.0, 2.0]
    assert channels(images(Wanted(cycle=False), True).idt_bb) == [8.0]


def test_sums_are_scaled():
    assert torch.equal(sums(A0, A1, 1), A0 + A1) and float(sums(A0, A1, 0.5).mean()) == 1.5
    assert channels(images(Wanted(), True, scale=0.5).idt_aa) == [1.125, 0.375]
