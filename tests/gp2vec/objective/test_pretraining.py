"""Parts of the training objective by hand."""

from types import SimpleNamespace

import pytest
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


def test_numbers_that_nobody_gives():
    """As in wav2vec 2.0: 100 distractors, kappa 0.1, commitment a quarter; spans of 10 from 0.065; diversity 1."""
    rule = Objective()
    assert (rule.negatives, rule.cross_negatives, rule.negative_mode, rule.kappa) == (100, 0, "sample", 0.1)
    assert (rule.diversity_weight, rule.penalty_weight, rule.commitment_weight, rule.multitask_weight) == (1, 0, 0.25,
                                                                                                          0.05)
    assert (rule.mask.start_prob, rule.mask.length, rule.mask.least) == (0.065, 10, 2)


def test_codes_and_shares_belong_to_the_hidden_frames(tiny):
    torch.manual_seed(0)
    waves = torch.randn(4, 3, 1000)
    mask = torch.zeros(4, 50, dtype=torch.bool)
    for row, stop in enumerate((12, 20, 30, 48)):  # more than the rule itself would hide
        mask[row, 2:stop] = True
    found = tiny.eval()(waves, mask=mask)
    assert torch.equal((found.codes >= 0).all(-1), mask) and torch.equal((found.codes == -1).all(-1), ~mask)
    codes = tiny.codes(waves)
    assert torch.equal(found.codes[mask], codes[mask]) and found.index.shape == (4, 46)
    assert float(found.masked_fraction) == pytest.approx(102 / 200)
    hidden = found.rank[found.rank >= 0]
    assert len(hidden) == 102 and found.accuracy5 >= found.accuracy
    assert float(found.accuracy5) == pytest.approx(float((hidden < 5).float().mean()), abs=0.02)
    values, counts = codes[mask][:, 0].unique(return_counts=True)
    shares = counts / 102
    other = codes[mask][:, 1].unique(return_counts=True)[1] / 102
    want = sum(float(torch.exp(-(p * p.log()).sum())) for p in (shares, other))
    assert float(found.code_perplexity) == pytest.approx(want, rel=1e-3) and len(values) > 0


def test_scalars_are_logged_and_arrays_are_not(tiny):
    names = set(tiny.eval()(torch.randn(2, 3, 1000)).numbers())
    assert {"loss", "gap", "temperature", "masked_fraction"} <= names
    assert not names & {"mask", "codes", "rank", "index"}


def test_what_a_step_draws_depends_on_its_rule():
    from quakebook.gp2vec.data.masking import SpanMask
    from quakebook.gp2vec.objective.step import draw

    rule = Objective(SpanMask(), negatives=7, cross_negatives=3)
    drawn = draw(rule, 4, 150, torch.Generator().manual_seed(0), "cpu")
    assert drawn["mask"].shape == (4, 150) and drawn["negatives"].shape == (4, 100, 7)
    assert drawn["cross"].shape == (4, 100, 3)
    assert set(draw(Objective(negative_mode="all"), 4, 150, None, "cpu")) == {"mask"}


def test_short_names_of_the_published_program_are_taken():
    model = GP2Vec(embed_dim=64, num_layers=2, num_heads=2, fusion="none")
    assert (model.plan.width, model.plan.depth, model.plan.heads, model.plan.hidden) == (64, 2, 2, 256)
    assert GP2Vec({"embed_dim": 64, "fusion": "none"}, num_layers=1).plan.depth == 1
    assert GP2Vec(model.plan, depth=1).plan.depth == 1
