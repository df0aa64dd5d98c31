import pytest
import torch

from quakebook.picking import normalise

FUNCTIONS = [normalise.per_component_peak, normalise.per_component_std, normalise.per_window_peak,
             normalise.per_window_std]


@pytest.fixture
def x():
    wave = torch.randn(5, 3, 400, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return wave * torch.tensor([1.0, 5.0, 20.0])[:, None] + 3


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("scale", [1e-3, 7.0, 1e15])
def test_scale_and_offset_do_not_matter(function, x, scale):
    assert torch.allclose(function(scale * x + 2 * scale), function(x), atol=1e-6)
    assert function(x).mean(dim=-1).abs().max() < 1e-12


@pytest.mark.parametrize("function", FUNCTIONS)
def test_dead_components_stay_zero_and_finite(function, x):
    x[:, 1] = 4.0
    x[2] = 0.0
    out = function(x)
    assert out.isfinite().all() and out[:, 1].abs().max() == 0 and out[2].abs().max() == 0


def test_sizes(x):
    assert torch.allclose(normalise.per_component_peak(x).abs().amax(-1), torch.ones(5, 3, dtype=torch.float64))
    assert torch.allclose(normalise.per_component_std(x).std(-1, correction=0), torch.ones(5, 3, dtype=torch.float64))
    peak = normalise.per_window_peak(x).abs().amax(-1)
    assert torch.allclose(peak.amax(-1), torch.ones(5, dtype=torch.float64)) and (peak[:, 0] < 0.2).all()
    power = normalise.per_window_std(x).square().mean((-2, -1))
    assert torch.allclose(power, torch.ones(5, dtype=torch.float64))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_shape_is_named(function):
    with pytest.raises(ValueError, match="batch, component, sample"):
        function(torch.zeros(3, 10))
