import pytest
import torch

from quakebook.gp2vec.networks.metadata_fusion import FUSIONS, build_fusion
from quakebook.gp2vec.objective.pretraining import GP2Vec

KINDS = [kind for kind in FUSIONS if kind != "none"]
FIELDS = {"latitude": torch.tensor([35.0, -10.0]), "longitude": torch.tensor([-118.0, 20.0]),
          "elevation": torch.tensor([100.0, 2000.0]), "network": torch.tensor([3, 5]),
          "response": torch.randn(2, 64)}


@pytest.mark.parametrize("kind", KINDS)
def test_identity_before_training(kind):
    torch.manual_seed(0)
    fusion = build_fusion(kind, 32, 4).eval()
    x = torch.randn(2, 9, 32)
    torch.testing.assert_close(fusion(x, FIELDS), x, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(fusion(x, None), x, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_matter_after_a_step(kind):
    torch.manual_seed(0)
    fusion = build_fusion(kind, 32, 4)
    x, target = torch.randn(2, 9, 32), torch.randn(2, 9, 32)
    optimiser = torch.optim.SGD(fusion.parameters(), lr=1.0)
    for _ in range(3):
        optimiser.zero_grad()
        (fusion(x, FIELDS) - target).square().mean().backward()
        optimiser.step()
    fusion.eval()
    other = {**FIELDS, "latitude": FIELDS["latitude"].flip(0)}
    assert not torch.equal(fusion(x, FIELDS), fusion(x, other))


@pytest.mark.parametrize("kind", KINDS)
def test_none_equals_empty_and_unknown_codes_are_unknown(kind):
    torch.manual_seed(0)
    model = GP2Vec(size="tiny", width=32, depth=1, fusion=kind).eval()
    for p in model.fusion.parameters():
        torch.nn.init.normal_(p, std=0.1)
    wave = torch.randn(2, 3, 600)
    assert torch.equal(model.encode(wave), model.encode(wave, {}))
    unknown = model.encode(wave, {"station": torch.tensor([0, 0])})
    outside = model.encode(wave, {"station": torch.tensor([-4, 10**6])})
    assert torch.equal(unknown, outside)
    assert torch.isfinite(model.encode(wave, {"gain": torch.tensor([0.0, torch.nan])})).all()


def test_wrong_fields_are_refused():
    model = GP2Vec(size="tiny", width=32, depth=1).eval()
    with pytest.raises(ValueError, match="lattitude"):
        model.encode(torch.randn(2, 3, 600), {"lattitude": torch.zeros(2)})
    with pytest.raises(ValueError, match="latitude"):
        model.encode(torch.randn(2, 3, 600), {"latitude": torch.zeros(3)})


def test_fusion_before_named_blocks():
    torch.manual_seed(0)
    model = GP2Vec(size="tiny", width=32, depth=3, fusion="add", fusion_layers=(1,)).eval()
    torch.nn.init.normal_(model.fusion.encoder.nothing)
    wave = torch.randn(2, 3, 600)
    first = model.encode(wave, layer=1)
    torch.nn.init.zeros_(model.fusion.encoder.nothing)
    assert torch.equal(first, model.encode(wave, layer=1))
    second = model.encode(wave, layer=2)
    torch.nn.init.normal_(model.fusion.encoder.nothing)
    assert not torch.equal(second, model.encode(wave, layer=2))


def test_add_and_film_by_hand():
    """x + m, and (1 + gamma) x + beta with gamma 1/2 and beta 2."""
    x, m = torch.randn(2, 5, 8), torch.randn(2, 8)
    add, film = build_fusion("add", 8, 2), build_fusion("film", 8, 2)
    for fusion in (add, film):
        fusion.vector = lambda frames, metadata: m
    torch.testing.assert_close(add(x, FIELDS), x + m[:, None, :])
    with torch.no_grad():
        film.film.bias.copy_(torch.tensor([0.5] * 8 + [2.0] * 8))
    torch.testing.assert_close(film(x, FIELDS), 1.5 * x + 2)
