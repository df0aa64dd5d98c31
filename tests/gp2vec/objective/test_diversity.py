import math

import pytest
import torch

from quakebook.gp2vec.objective.diversity import diversity_loss, hard_distribution, mean_probabilities, perplexity
from quakebook.gp2vec.objective.temperature import temperature


def test_limits():
    uniform = torch.full((2, 320), 1 / 320)
    assert float(perplexity(uniform)) == pytest.approx(640, rel=1e-3)
    assert float(diversity_loss(uniform)) == pytest.approx(0, abs=1e-3)
    single = torch.zeros(2, 320)
    single[:, 5] = 1
    assert float(perplexity(single)) == pytest.approx(2, rel=1e-4)
    assert float(diversity_loss(single)) == pytest.approx(1 - 1 / 320, rel=1e-4)


def test_gradient_is_finite_where_a_probability_underflows():
    logits = torch.tensor([[[0.0, -200.0, 3.0]]], requires_grad=True)
    diversity_loss(mean_probabilities(logits.softmax(-1), torch.ones(1))).backward()
    assert torch.isfinite(logits.grad).all()


def test_weights_leave_filling_out():
    codes = torch.tensor([[[0], [1], [2]]])
    share = hard_distribution(codes, 4, torch.tensor([[1.0, 1.0, 0.0]]))
    assert share.tolist() == [[0.5, 0.5, 0.0, 0.0]]


def test_temperature_schedules():
    assert temperature(0, 100) == 2.0
    assert temperature(35, 100) == pytest.approx(1.0)  # geometric mean of 2.0 and 0.5, half way to 70 %
    assert temperature(70, 100) == temperature(99, 100) == 0.5
    assert temperature(277_259, 1, schedule="published") == pytest.approx(0.5, rel=1e-5)
    assert temperature(50, 100, schedule="cosine") == pytest.approx(1.25)
    assert math.isclose(temperature(100, 100, schedule="cosine"), 0.5)


def rank_of_two(folder):
    """Each process has its own rows; the gradient of the common mean with respect to them goes into a file."""
    torch.distributed.init_process_group("gloo")
    rank = torch.distributed.get_rank()
    rows = rows_of_two()[2 * rank : 2 * rank + 2].requires_grad_()
    mean = mean_probabilities(rows, torch.ones(2))
    diversity_loss(mean).backward()
    torch.save({"mean": mean.detach(), "gradient": rows.grad}, folder / f"{rank}.pt")
    torch.distributed.destroy_process_group()


def rows_of_two():
    return torch.randn(4, 2, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64).softmax(-1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_two_processes_share_one_mean_and_its_gradient(tmp_path, two_processes):
    assert two_processes(rank_of_two, tmp_path) == [0, 0]
    rows = rows_of_two().requires_grad_()
    mean = mean_probabilities(rows, torch.ones(4))
    diversity_loss(mean).backward()
    for rank in range(2):
        found = torch.load(tmp_path / f"{rank}.pt", weights_only=True)
        torch.testing.assert_close(found["mean"], mean.detach())
        # each process adds its own loss, so every row's gradient arrives twice; DDP takes the mean over processes
        torch.testing.assert_close(found["gradient"], 2 * rows.grad[2 * rank : 2 * rank + 2])
