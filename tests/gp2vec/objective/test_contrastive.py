import math

import pytest
import torch
from torch.nn import functional as F

from quakebook.gp2vec.objective.contrastive import contrast
from quakebook.gp2vec.objective.negatives import draw_cross, draw_negatives


def inputs(b=3, m=6, seed=0):
    generator = torch.Generator().manual_seed(seed)
    contexts = torch.randn(b, m, 8, generator=generator, dtype=torch.float64)
    targets = torch.randn(b, m, 8, generator=generator, dtype=torch.float64)
    codes = torch.randint(4, (b, m, 2), generator=generator)
    valid = torch.ones(b, m, dtype=torch.bool)
    valid[0, 4:] = False
    return contexts, targets, codes, valid


def by_hand(contexts, targets, codes, valid, distractors, kappa=0.1):
    """The definition, one frame after another."""
    loss = chance = correct = count = 0
    for b in range(len(valid)):
        for m in range(valid.shape[1]):
            if not valid[b, m]:
                continue
            c = contexts[b, m]
            positive = float(F.cosine_similarity(c, targets[b, m], dim=0)) / kappa
            others = [float(F.cosine_similarity(c, targets[w, n], dim=0)) / kappa for w, n in distractors(b, m)
                      if not torch.equal(codes[w, n], codes[b, m])]
            loss += math.log(sum(math.exp(x) for x in (positive, *others))) - positive
            chance += math.log(1 + len(others))
            correct += bool(others) and positive > max(others)
            count += 1
    return loss, chance, correct, count


def check(result, expected):
    assert float(result.loss) == pytest.approx(expected[0], rel=1e-10)
    assert float(result.chance) == pytest.approx(expected[1], rel=1e-10)
    assert int(result.correct) == expected[2] and int(result.count) == expected[3]


def test_sampled_distractors():
    contexts, targets, codes, valid = inputs()
    ranks = draw_negatives(valid, 7, torch.Generator().manual_seed(1))
    check(contrast(contexts, targets, codes, valid, ranks),
          by_hand(contexts, targets, codes, valid, lambda b, m: [(b, int(n)) for n in ranks[b, m]]))


def test_every_other_frame_once():
    contexts, targets, codes, valid = inputs(seed=1)
    check(contrast(contexts, targets, codes, valid, None),
          by_hand(contexts, targets, codes, valid,
                  lambda b, m: [(b, n) for n in range(valid.shape[1]) if valid[b, n] and n != m]))


def test_distractors_of_other_windows():
    contexts, targets, codes, valid = inputs(seed=2)
    ranks = draw_negatives(valid, 3, torch.Generator().manual_seed(1))
    cross = draw_cross(valid, 4, torch.Generator().manual_seed(2))
    check(contrast(contexts, targets, codes, valid, ranks, cross),
          by_hand(contexts, targets, codes, valid, lambda b, m: [
              *((b, int(n)) for n in ranks[b, m]),
              *((int(f) // valid.shape[1], int(f) % valid.shape[1]) for f in cross[b, m])]))


def test_equal_targets_lose_exactly_at_chance_and_count_as_wrong():
    contexts, _, _, valid = inputs()
    targets = torch.ones_like(contexts)
    result = contrast(contexts, targets, None, valid, None)
    assert float(result.loss) == pytest.approx(float(result.chance), rel=1e-10)
    assert int(result.correct) == 0


def test_a_collapsed_book_cannot_earn_a_gap():
    contexts, targets, codes, valid = inputs()
    result = contrast(contexts, targets, torch.zeros_like(codes), valid, None)
    assert float(result.loss) == pytest.approx(0.0, abs=1e-12)
    assert float(result.chance) == 0.0 and int(result.correct) == 0


def test_half_precision_inputs_give_a_float32_loss():
    contexts, targets, codes, valid = (x.bfloat16() if x.is_floating_point() else x for x in inputs())
    assert contrast(contexts, targets, codes, valid, None).loss.dtype == torch.float32


def test_ranks_on_a_fan_of_targets():
    """All contexts point to 0 degrees, target m to 10 m degrees: m distractors are nearer than the true target."""
    angle = torch.arange(7, dtype=torch.float64) * math.pi / 18
    targets = torch.stack([angle.cos(), angle.sin()], 1)[None]
    contexts = torch.tensor([3.0, 0.0], dtype=torch.float64).expand(1, 7, 2)
    result = contrast(contexts, targets, None, torch.ones(1, 7, dtype=torch.bool), None, kappa=0.5)
    assert result.rank.tolist() == [list(range(7))]
    assert int(result.correct) == 1 and int(result.correct5) == 5 and int(result.count) == 7
    assert float(result.chance) == pytest.approx(7 * math.log(7))
    whole = math.log(sum(math.exp(2 * math.cos(math.radians(10 * k))) for k in range(7)))
    assert float(result.loss) == pytest.approx(sum(whole - 2 * math.cos(math.radians(10 * k)) for k in range(7)))
