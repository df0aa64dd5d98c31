import pytest
import torch

from quakebook.gp2vec.networks.encoder import (
    PRESETS,
    FeatureEncoder,
    Layer,
    layers,
    lengths,
    receptive_field,
    total_stride,
)

CHANNELS = (8, 8, 8, 8, 8)
# preset: stride, frames of 3000 samples without and with padding, samples that a frame sees (by hand)
TABLE = {"hz5": (20, 142, 150, 165), "hz25": (4, 739, 750, 48), "hz50": (2, 1483, 1500, 36),
         "hz100": (1, 2978, 3000, 23), "draft160": (160, 16, 19, 465), "speech320": (320, 9, 10, 400),
         "seislm": (4, 749, 750, 7)}


@pytest.mark.parametrize("name", PRESETS)
def test_table(name):
    stack = layers(name, CHANNELS)
    assert (total_stride(stack), lengths(stack, 3000, "valid")[-1], lengths(stack, 3000, "same")[-1],
            receptive_field(stack)) == TABLE[name]


def test_lengths_layer_by_layer():
    assert lengths(layers("hz5", CHANNELS), 3000, "valid") == [599, 148, 146, 144, 142]
    assert lengths(layers("speech320", CHANNELS), 3000, "valid") == [599, 299, 149, 74, 36, 18, 9]


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("name", ["hz5", "hz25", "draft160"])
@pytest.mark.parametrize("samples", [3000, 2999, 1001])
def test_forward_has_the_promised_length(name, padding, samples):
    encoder = FeatureEncoder(layers(name, CHANNELS), padding=padding)
    assert encoder(torch.randn(2, 3, samples)).shape == (2, encoder.frames(samples), 8)


def test_a_frame_sees_its_receptive_field_and_no_more():
    stack = layers("hz5", CHANNELS)
    encoder = FeatureEncoder(stack, norm="layer", padding="valid").double()
    x = torch.randn(1, 3, 3000, dtype=torch.float64, requires_grad=True)
    encoder(x)[0, 70].sum().backward()
    touched = x.grad[0].abs().sum(0).nonzero()
    assert int(touched.max() - touched.min()) + 1 == receptive_field(stack)
    assert int(touched.min()) == 70 * total_stride(stack)


def test_group_norm_keeps_the_envelope_and_layer_norm_removes_it():
    torch.manual_seed(0)
    wave = torch.randn(1, 3, 3000)
    wave[..., 1500:] *= 20

    def contrast(norm):
        z = FeatureEncoder(layers("hz5", (32,) * 5), norm=norm)(wave)[0].detach()
        level = z.square().mean(-1).sqrt()
        return float(level[80:140].mean() / level[10:70].mean())

    assert contrast("group") > 3
    assert 0.5 < contrast("layer") < 2


def test_which_convolutions_are_normalised():
    """wav2vec 2.0: the base size after the first convolution only, the large one after every convolution."""
    kinds = {norm: [block.kind for block in FeatureEncoder(layers("hz5", (8,) * 5), norm=norm).blocks]
             for norm in ("group", "layer")}
    assert kinds == {"group": ["group", None, None, None, None], "layer": ["layer"] * 5}


def test_gradient_factor():
    def gradient(factor):
        torch.manual_seed(0)
        encoder = FeatureEncoder((Layer(4, 3, 2),), feature_grad_mult=factor)
        torch.manual_seed(1)
        encoder(torch.randn(2, 3, 50)).square().sum().backward()
        return encoder.blocks[0].conv.weight.grad

    torch.testing.assert_close(gradient(0.1), 0.1 * gradient(1.0))


@pytest.mark.parametrize(("shape", "words"), [((2, 1, 3000), "(batch, 3, samples)"), ((2, 3000), "(batch, 3")])
def test_wrong_shapes_are_named(shape, words):
    with pytest.raises(ValueError, match="waveforms") as error:
        FeatureEncoder(layers("hz5", CHANNELS))(torch.randn(*shape))
    assert words in str(error.value)


def test_a_window_without_a_frame_is_refused():
    with pytest.raises(ValueError, match="165"):
        FeatureEncoder(layers("hz5", CHANNELS), padding="valid")(torch.randn(1, 3, 100))


def test_unknown_rate():
    with pytest.raises(ValueError, match="hz25"):
        layers("hz7", CHANNELS)


def test_layers_have_sizes_of_one_at_least_and_norms_their_epsilon():
    assert Layer(1, 1, 1)
    for wrong in ((0, 1, 1), (1, 0, 1), (1, 1, 0)):
        with pytest.raises(ValueError, match=">= 1"):
            Layer(*wrong)
    for norm, count in (("layer", 5), ("group", 1)):
        encoder = FeatureEncoder(layers("hz5", CHANNELS), norm=norm)
        assert [block.norm.eps for block in encoder.blocks if hasattr(block, "norm")] == [1e-5] * count


def test_the_smaller_half_of_the_padding_stands_before():
    """Kernel 10, stride 5 over 20 samples: four frames need 25 samples, so two zeros stand before and three after."""
    encoder = FeatureEncoder((Layer(1, 10, 5),), channels=1).double()
    x = torch.randn(1, 1, 20, dtype=torch.float64)
    seen = torch.nn.functional.conv1d(torch.nn.functional.pad(x, (2, 3)), encoder.blocks[0].conv.weight,
                                      encoder.blocks[0].conv.bias, stride=5)
    normed = torch.nn.functional.group_norm(seen, 1, eps=1e-5)
    torch.testing.assert_close(encoder(x), torch.nn.functional.gelu(normed).transpose(1, 2))


def test_one_frame_is_enough():
    encoder = FeatureEncoder(layers("hz5", CHANNELS), norm="layer", padding="valid")
    assert encoder(torch.randn(1, 3, 165)).shape == (1, 1, 8)
    with pytest.raises(ValueError, match="of 164 samples give no latent frame"):
        encoder(torch.randn(1, 3, 164))


def test_channels_are_repeated_or_cut_to_the_layers():
    assert [layer.channels for layer in layers("speech320", (2, 4, 6, 8, 9))] == [2, 4, 6, 8, 9, 9, 9]
    assert [layer.channels for layer in layers("seislm", (2, 4, 6))] == [2, 6]
