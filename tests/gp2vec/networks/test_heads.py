"""Extra heads: worked losses, labels that are unknown, gradients into the network, and what it must not read."""

import math

import pytest
import torch

from quakebook.gp2vec.networks import heads
from quakebook.gp2vec.networks.heads import CLASSES, HIDES, MultitaskHeads, labels
from quakebook.gp2vec.objective.pretraining import GP2Vec, Objective

FIELDS = {"latitude": torch.tensor([34.0, 34.0, -89.0, 19.4]),
          "longitude": torch.tensor([-118.0, -118.0, 179.0, -155.3]),
          "sample_rate": torch.tensor([100.0, 40.0, 200.0, 20.0]), "channel": torch.tensor([3, 5, 3, 9])}
UNKNOWN = {"latitude": torch.tensor([math.nan] * 4), "longitude": torch.tensor([-118.0] * 4),
           "sample_rate": torch.tensor([math.nan] * 4)}


def uniform(tasks, mode="predict"):
    """Heads whose classes are all equally probable."""
    module = MultitaskHeads(8, tasks, mode)
    for p in module.parameters():
        torch.nn.init.zeros_(p)
    return module


def test_labels_by_hand():
    """Rates between the edges 20, 50, 100 and 200 Hz; cells of 5 degrees, 72 a row, counted from the south-west."""
    found = labels(FIELDS, 4, torch.device("cpu"))
    assert found["sampling_rate"].tolist() == [3, 1, 4, 1]
    assert found["channel_family"].tolist() == [3, 5, 3, 9]
    # (34 + 90) / 5 = 24, (-118 + 180) / 5 = 12; (-89 + 90) / 5 = 0, 359 / 5 = 71; 109.4 / 5 = 21, 24.7 / 5 = 4
    assert found["region"].tolist() == [24 * 72 + 12, 24 * 72 + 12, 71, 21 * 72 + 4]


def test_absent_and_nan_fields_have_no_label():
    found = labels(UNKNOWN, 4, torch.device("cpu"))
    assert all(found[task].tolist() == [-1] * 4 for task in CLASSES)


def test_loss_of_heads_that_know_nothing_is_the_logarithm_of_their_classes():
    """5, 64 and 72 x 36 = 2592 classes."""
    loss = uniform(tuple(CLASSES))(torch.randn(4, 8), labels(FIELDS, 4, torch.device("cpu")))
    assert loss.item() == pytest.approx(math.log(5) + math.log(64) + math.log(2592), rel=1e-6)


def test_loss_of_a_worked_head():
    """Logits (ln 3, 0, 0, 0, 0) for class 0: 3 of 7 parts, so ln(7 / 3) for a right answer and ln 7 for a wrong one."""
    module = uniform(("sampling_rate",))
    with torch.no_grad():
        module.heads["sampling_rate"].bias[0] = math.log(3)
    pooled = torch.zeros(3, 8)
    one, two, unknown = ({"sampling_rate": torch.tensor(each)} for each in ([0, 0, 0], [0, 2, -1], [-1, -1, -1]))
    assert module(pooled, one).item() == pytest.approx(math.log(7 / 3), rel=1e-6)
    assert module(pooled, two).item() == pytest.approx((math.log(7 / 3) + math.log(7)) / 2, rel=1e-6)
    assert module(pooled, unknown).item() == 0.0


def test_rows_without_a_label_send_no_gradient():
    torch.manual_seed(0)
    module, pooled = MultitaskHeads(8, ("sampling_rate",)), torch.randn(3, 8, requires_grad=True)
    module(pooled, {"sampling_rate": torch.tensor([2, -1, 4])}).backward()
    assert pooled.grad[1].abs().max() == 0 and pooled.grad[[0, 2]].abs().amin(1).min() > 0


def test_adversarial_heads_reverse_the_gradient_and_learn_themselves():
    torch.manual_seed(0)
    predict, fight = MultitaskHeads(8, ("channel_family",)), MultitaskHeads(8, ("channel_family",), "adversarial")
    fight.load_state_dict(predict.state_dict())
    fight.strength.fill_(0.25)
    x, asked = torch.randn(4, 8), {"channel_family": torch.tensor([1, 2, 3, -1])}
    inputs = [x.clone().requires_grad_() for _ in range(2)]
    for module, given in zip((predict, fight), inputs, strict=True):
        module(given, asked).backward()
    torch.testing.assert_close(inputs[1].grad, -0.25 * inputs[0].grad)
    torch.testing.assert_close(fight.heads["channel_family"].weight.grad, predict.heads["channel_family"].weight.grad)


def network(mode="predict", tasks=("sampling_rate", "region"), weight=0.05):
    torch.manual_seed(0)
    return GP2Vec(size="tiny", width=32, depth=1, heads=2, hidden=64, codes=16, code_width=16, position_kernel=16,
                  dropout=0.0, attention_dropout=0.0, feature_dropout=0.0, tasks=tasks, task_mode=mode,
                  objective=Objective(multitask_weight=weight))


def test_the_loss_gains_the_weighted_heads():
    torch.manual_seed(1)
    waves = torch.randn(4, 3, 1000)
    outputs = [network(weight=weight).eval()(waves, FIELDS, generator=torch.Generator().manual_seed(3))
               for weight in (0.0, 0.5)]
    assert float(outputs[1].multitask_loss.detach()) > 1
    assert float((outputs[1].loss - outputs[0].loss).detach()) == pytest.approx(
        0.5 * float(outputs[1].multitask_loss.detach()), rel=1e-4)


def test_gradients_of_the_heads_reach_the_first_convolution():
    torch.manual_seed(1)
    waves, found = torch.randn(4, 3, 1000), {}
    for mode in ("predict", "adversarial"):
        model = network(mode).eval()
        model(waves, FIELDS, generator=torch.Generator().manual_seed(3)).multitask_loss.backward()
        found[mode] = model.encoder.blocks[0].conv.weight.grad
    assert found["predict"].abs().max() > 0
    torch.testing.assert_close(found["adversarial"], -heads.REVERSAL * found["predict"], rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("task", CLASSES)
def test_the_network_cannot_read_the_answer(task):
    visible = network(tasks=(task,))._visible({**FIELDS, "network": torch.zeros(4), "station": torch.zeros(4)})
    assert not set(visible) & set(HIDES[task]) and set(visible)


def test_an_unknown_head_is_refused_by_name():
    with pytest.raises(ValueError, match="weather"):
        MultitaskHeads(8, ("weather",))


def test_the_reversed_gradient_is_a_tenth():
    assert heads.REVERSAL == 0.1 and float(MultitaskHeads(8, ("region",)).strength) == pytest.approx(0.1)
    assert heads.RATE_EDGES_HZ == (20.0, 50.0, 100.0, 200.0)


def test_labels_at_the_edges_of_the_globe_and_of_the_channels():
    fields = {"latitude": torch.tensor([-90.0, 90.0, 0.0]), "longitude": torch.tensor([-180.0, 180.0, math.nan]),
              "channel": torch.tensor([-3, 63, 99]), "sample_rate": torch.tensor([19.9, 250.0, 50.0])}
    found = labels(fields, 3, torch.device("cpu"))
    assert found["region"].tolist() == [0, 35 * 72 + 71, -1] and found["channel_family"].tolist() == [0, 63, 63]
    assert found["sampling_rate"].tolist() == [0, 4, 2]
