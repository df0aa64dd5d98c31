"""The convolution through frequencies beside torch's direct one: values, gradients, precisions, when it is used."""

import pytest
import torch
from torch.nn import functional as F

from quakebook.gp2vec.networks.context import ConvPosition
from quakebook.gp2vec.networks.spectral import convolved, pays


def inputs(frames, kernel, dtype=torch.float64, groups=4, width=12):
    torch.manual_seed(0)
    return (torch.randn(3, width, frames, dtype=dtype, requires_grad=True),
            torch.randn(width, width // groups, kernel, dtype=dtype, requires_grad=True),
            torch.randn(width, dtype=dtype, requires_grad=True))


@pytest.mark.parametrize(("frames", "kernel"), [(50, 16), (50, 17), (8, 16), (739, 128), (1, 16)])
def test_values_and_gradients_are_those_of_the_direct_way(frames, kernel):
    given = inputs(frames, kernel)
    direct = F.conv1d(*given, padding=kernel // 2, groups=4)[..., :frames]
    ours = convolved(*given, 4, kernel // 2)
    torch.testing.assert_close(ours, direct, rtol=1e-11, atol=1e-11)
    weight = torch.randn_like(direct)
    for mine, theirs in zip(torch.autograd.grad((ours * weight).sum(), given),
                            torch.autograd.grad((direct * weight).sum(), given), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-10, atol=1e-10)


def test_a_single_pulse_gives_the_kernel_turned_round():
    """x is 1 at frame 3 only: y[t] = w[3 - t + padding], worked by hand."""
    x = torch.zeros(1, 1, 8)
    x[0, 0, 3] = 1
    w = torch.arange(16.0)[None, None]
    assert convolved(x, w, torch.zeros(1), 1, 8)[0, 0].tolist() == pytest.approx([11, 10, 9, 8, 7, 6, 5, 4], abs=1e-5)


def test_half_precision_comes_back_as_it_went_in():
    x, w, b = (each.detach() for each in inputs(40, 16, torch.float32))
    with torch.autocast("cpu", torch.bfloat16):
        out = convolved(x.bfloat16(), w, b, 4, 8)
    assert out.dtype == torch.bfloat16
    torch.testing.assert_close(out.float(), convolved(x.bfloat16().float(), w, b, 4, 8), rtol=0.01, atol=0.01)


@pytest.mark.parametrize(("width", "kernel", "chosen"), [(256, 128, True), (128, 127, True), (768, 128, False),
                                                        (256, 8, False)])
def test_it_is_used_where_it_saves_time(width, kernel, chosen):
    layer = ConvPosition(width, kernel)
    x = torch.randn(1, width, 10)
    assert pays(x, layer.conv.weight) is chosen
    assert not pays(x.to("meta"), layer.conv.weight)


def test_the_positions_are_those_of_the_convolution():
    torch.manual_seed(0)
    layer, x = ConvPosition(64, 32), torch.randn(2, 30, 64)
    expected = x + F.gelu(layer.conv(x.transpose(1, 2))[..., :30]).transpose(1, 2)
    torch.testing.assert_close(layer(x), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("inputs", "kernel", "chosen"), [(32, 16, True), (33, 16, False), (32, 15, False)])
def test_the_edges_of_where_it_is_used(inputs, kernel, chosen):
    assert pays(torch.zeros(1, inputs, 9), torch.zeros(4, inputs, kernel)) is chosen
