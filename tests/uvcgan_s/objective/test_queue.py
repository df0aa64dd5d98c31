"""The ring of earlier bodies against a list."""

from __future__ import annotations

import torch

from quakebook.uvcgan_s.objective.queue import Queue


def rows(values):
    return torch.tensor(values, dtype=torch.float32)[:, None]


def test_the_last_rows_remain_in_a_ring():
    queue, pushed = Queue(3), []
    assert queue.query() is None
    for batch in ([1.0, 2.0], [3.0, 4.0], [5.0], [6.0, 7.0, 8.0, 9.0]):
        queue.push(rows(batch))
        pushed += batch
        assert sorted(queue.query().flatten().tolist()) == sorted(pushed[-3:])
    assert len(queue) == 3


def test_size_zero_gives_an_empty_tensor_after_the_first_push():
    queue = Queue(0)
    assert queue.query() is None
    queue.push(torch.rand(2, 5, 3, 3))
    assert queue.query().shape == (0, 5, 3, 3)


def test_state_comes_back():
    queue, other = Queue(3), Queue(3)
    queue.push(rows([1.0, 2.0]))
    other.load_state_dict(queue.state_dict())
    for each in (queue, other):
        each.push(rows([3.0, 4.0]))
    assert torch.equal(queue.query(), other.query())
