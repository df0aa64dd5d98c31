import pytest
import torch
from sklearn.cluster import KMeans

from quakebook.gp2vec.networks.quantiser_ema import EMAQuantiser


def planted(n=600, seed=0):
    generator = torch.Generator().manual_seed(seed)
    centres = torch.tensor([[6.0, 0, 0, 0], [0, 6.0, 0, 0], [0, 0, 6.0, 0], [-6.0, -6.0, 0, 3.0]])
    label = torch.randint(4, (n,), generator=generator)
    return centres[label] + 0.3 * torch.randn(n, 4, generator=generator), centres


def identity(quantiser):
    torch.nn.init.eye_(quantiser.project.weight)
    torch.nn.init.zeros_(quantiser.project.bias)
    return quantiser


def test_codes_become_the_centroids_of_k_means():
    torch.manual_seed(3)
    quantiser = identity(EMAQuantiser(4, groups=1, codes=4, width=4, decay=0.8, restart_every=1)).train()
    x, _ = planted()
    for _ in range(120):
        quantiser(x)
    fitted = KMeans(4, n_init=5, random_state=0).fit(x.numpy()).cluster_centers_
    distance = torch.cdist(torch.as_tensor(fitted, dtype=torch.float32), quantiser.book[0])
    assert float(distance.amin(1).max()) < 0.05
    assert sorted(distance.argmin(1).tolist()) == [0, 1, 2, 3]


def test_codes_keep_the_norm_of_the_data():
    torch.manual_seed(0)
    quantiser = identity(EMAQuantiser(8, groups=2, codes=6, width=8)).train()
    x = 4 * torch.randn(400, 8)
    for _ in range(60):
        quantiser(x)
    data = x.unflatten(1, (2, 4)).norm(dim=-1).mean()
    assert 0.3 < float(quantiser.book.norm(dim=-1).mean() / data) < 1.5


def test_no_update_in_evaluation_and_filling_does_not_count():
    torch.manual_seed(0)
    quantiser = identity(EMAQuantiser(4, groups=1, codes=3, width=4)).train()
    x = torch.randn(50, 4)
    far = torch.cat([x, torch.full((10, 4), 1000.0)])
    quantiser(far, weights=torch.cat([torch.ones(50), torch.zeros(10)]))
    assert float(quantiser.book.abs().max()) < 10
    before = quantiser.book.clone()
    quantiser.eval()(x)
    assert torch.equal(before, quantiser.book)


def test_commitment_pulls_features_and_passes_the_gradient_straight():
    torch.manual_seed(0)
    quantiser = identity(EMAQuantiser(4, groups=1, codes=3, width=4)).eval()
    quantiser.book.copy_(torch.randn(1, 3, 4))
    x = torch.randn(5, 4, requires_grad=True)
    out = quantiser(x)
    torch.testing.assert_close(out.commitment, (x - out.vectors).square().mean())
    out.vectors.sum().backward()
    torch.testing.assert_close(x.grad, torch.ones_like(x))


def by_hand(decay=0.9, counts=(4.0, 4.0), sums=(0.0, 40.0), book=(0.0, 10.0), **options):
    """One group of two codes in one dimension, past its start."""
    quantiser = identity(EMAQuantiser(1, groups=1, codes=2, width=1, decay=decay, **options)).train()
    quantiser._started = True
    for name, values in (("counts", counts), ("sums", sums), ("book", book)):
        tensor = getattr(quantiser, name)
        tensor.copy_(torch.tensor(values).view(tensor.shape))
    return quantiser


def test_an_update_by_hand():
    """1, 2 and 9: N = 0.9 4 + 0.1 (2, 1), m = 0.9 (0, 40) + 0.1 (3, 9), and the code is their ratio."""
    quantiser = by_hand(restart_every=9)
    out = quantiser(torch.tensor([[1.0], [2.0], [9.0]]))
    assert out.codes.flatten().tolist() == [0, 0, 1] and out.vectors.flatten().tolist() == [0, 0, 10]
    assert float(out.commitment.detach()) == pytest.approx((1 + 4 + 1) / 3)
    assert quantiser.counts[0].tolist() == pytest.approx([3.8, 3.7])
    assert quantiser.sums.flatten().tolist() == pytest.approx([0.3, 36.9])
    assert quantiser.book.flatten().tolist() == pytest.approx([0.3 / 3.8, 36.9 / 3.7], rel=1e-4)
    assert float(quantiser.updates) == 1


def test_small_counts_are_lifted_by_the_published_epsilon():
    """N~ = (N + 1e-5) / (sum + 2e-5) sum: twice as large as the count 1e-5 itself."""
    quantiser = by_hand(1.0, (1e-5, 1.0), (2e-5, 10.0), restart_every=9)
    quantiser(torch.tensor([[9.0]]))
    assert quantiser.book.flatten().tolist() == pytest.approx([1.0, 10.0], rel=1e-3)


@pytest.mark.parametrize(("counts", "dead"), [((199.0, 1.0), False), ((199.01, 0.99), True)])
def test_codes_below_a_hundredth_of_the_mean_become_features_of_the_batch(counts, dead):
    """The mean count is 100; a dead code takes it, and a feature, here always 7."""
    quantiser = by_hand(1.0, counts, (0.0, 10.0 * counts[1]))
    quantiser(torch.full((4, 1), 7.0))
    assert quantiser.counts[0, 1] == pytest.approx(100.0 if dead else 1.0)
    assert float(quantiser.book[0, 1, 0]) == pytest.approx(7.0 if dead else 10.0, rel=1e-3)


def test_dead_codes_wait_for_their_turn():
    quantiser = by_hand(1.0, (200.0, 0.0), (0.0, 0.0), restart_every=2)
    for want in (0.0, 100.0):
        quantiser(torch.full((4, 1), 7.0))
        assert float(quantiser.counts[0, 1]) == pytest.approx(want)


def test_a_start_shares_the_features_among_codes_that_are_features():
    torch.manual_seed(0)
    quantiser = identity(EMAQuantiser(1, groups=1, codes=4, width=1))
    x = torch.tensor([[0.0], [5.0], [10.0], [20.0]]).repeat(5, 1)
    quantiser.start(x)
    assert sorted(quantiser.book.flatten().tolist()) == [0, 5, 10, 20] and (quantiser.counts == 5).all()
    assert torch.equal(quantiser.sums, 5 * quantiser.book)


def test_numbers_that_nobody_gives():
    quantiser = EMAQuantiser(8)
    assert quantiser.book.shape == (2, 320, 128) and (quantiser.decay, quantiser.restart_every) == (0.99, 1)
