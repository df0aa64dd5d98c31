"""Parts of the training objective by hand."""

from types import SimpleNamespace

import torch

from quakebook.gp2vec.objective.pretraining import GP2Vec, Objective


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


def test_the_loss_is_the_weighted_sum_of_its_parts():
    torch.manual_seed(0)
    rule = Objective(diversity_weight=0.3, penalty_weight=0.2, commitment_weight=0.5, multitask_weight=0.7)
    for quantiser in ("gumbel", "ema"):
        model = GP2Vec(size="tiny", width=32, depth=1, quantiser=quantiser, tasks=("sampling_rate",), objective=rule)
        found = model.eval()(torch.randn(4, 3, 1000), {"sample_rate": torch.tensor([20.0, 50.0, 100.0, 200.0])})
        expected = (found.contrastive_loss + 0.3 * found.diversity_loss + 0.2 * found.feature_penalty
                    + 0.5 * found.commitment_loss + 0.7 * found.multitask_loss)
        torch.testing.assert_close(found.loss, expected)
        torch.testing.assert_close(found.gap, (found.chance - found.contrastive_loss).detach())
        assert found.multitask_loss > 0 and (found.diversity_loss > 0 if quantiser == "gumbel"
                                             else found.commitment_loss > 0)
