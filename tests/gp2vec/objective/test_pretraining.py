"""Parts of the training objective by hand."""

from types import SimpleNamespace

import torch

from quakebook.gp2vec.objective.pretraining import GP2Vec


def test_extra_heads_see_the_mean_of_frames_that_hold_data():
    """Three frames of which two are valid; a window without any has the pooled context zero."""
    model = SimpleNamespace(multitask=lambda pooled, labels: pooled)
    contexts = torch.tensor([[[2.0, 4.0], [6.0, 0.0], [50.0, 50.0]], [[1.0, 1.0]] * 3])
    valid = torch.tensor([[True, True, False], [False] * 3])
    pooled = GP2Vec._multitask(model, contexts, valid, None, 2, torch.device("cpu"))
    assert pooled.tolist() == [[4.0, 2.0], [0.0, 0.0]]


def test_without_heads_they_cost_nothing():
    model = SimpleNamespace(multitask=None)
    found = GP2Vec._multitask(model, torch.ones(1, 2, 3), torch.ones(1, 2, dtype=bool), None, 1, torch.device("cpu"))
    assert found.shape == () and found == 0
