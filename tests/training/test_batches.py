"""Shuffled passes: every record once a pass, decided by seed and step."""

import pytest
import torch

from quakebook.training.batches import shuffled


@pytest.mark.parametrize(("n", "batch"), [(10, 3), (10, 10), (7, 25), (5, 1)])
def test_every_pass_holds_each_record_once(n, batch):
    steps = 3 * n
    drawn = torch.cat([shuffled(n, batch, step, seed=1) for step in range(steps)])
    assert len(drawn) == steps * batch
    passes = drawn[: len(drawn) // n * n].reshape(-1, n)
    assert (passes.sort(1).values == torch.arange(n)).all()
    assert n < 4 or len({tuple(row) for row in passes.tolist()}) > 1


def test_a_step_does_not_depend_on_what_was_asked_before():
    later = shuffled(11, 4, 9, seed=3)
    shuffled(11, 4, 0, seed=3), shuffled(5, 4, 2, seed=8)
    assert torch.equal(shuffled(11, 4, 9, seed=3), later)
    assert not torch.equal(shuffled(11, 4, 9, seed=4), later)


def test_the_records_lie_on_the_device_that_was_asked_for():
    assert shuffled(6, 4, 2, seed=0, device="meta").device.type == "meta"
