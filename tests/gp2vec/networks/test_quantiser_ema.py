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
