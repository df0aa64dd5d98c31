"""Weights in the published layout, random here, give the hidden states of the reference implementation."""

import json

import pytest
import torch
from safetensors.torch import save_file

from quakebook.gp2vec.networks.seislm import convert
from quakebook.gp2vec.published.seislm import load_seislm


def reference(stable, norm="group"):
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    return transformers.Wav2Vec2ForPreTraining(transformers.Wav2Vec2Config(
        hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96, conv_dim=[32, 32],
        conv_kernel=[3, 3], conv_stride=[2, 2], conv_bias=norm == "layer", feat_extract_norm=norm,
        do_stable_layer_norm=stable, num_conv_pos_embeddings=16, num_codevectors_per_group=10, codevector_dim=16,
        proj_codevector_dim=16)).eval()


def three_components(model):
    """Widen the first convolution to Z, N, E, as the published file has it."""
    conv = model.wav2vec2.feature_extractor.conv_layers[0].conv
    weight = torch.randn(32, 3, 3)
    conv.weight.data, conv.in_channels = weight, 3
    return model


@pytest.mark.parametrize(("stable", "norm"), [(True, "group"), (False, "group"), (True, "layer")])
def test_hidden_states(tmp_path, stable, norm):
    peer = three_components(reference(stable, norm))
    save_file({k: v.contiguous() for k, v in peer.state_dict().items()}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps({"num_attention_heads": 4, "do_stable_layer_norm": stable,
                                                      "conv_stride": [2, 2]}))
    ours = load_seislm(tmp_path)
    x = torch.randn(2, 3, 3001)
    with torch.no_grad():
        z = x
        for layer in peer.wav2vec2.feature_extractor.conv_layers:
            z = layer(z)
        hidden, _ = peer.wav2vec2.feature_projection(z.transpose(1, 2))
        expected = peer.wav2vec2.encoder(hidden).last_hidden_state
        found = ours.encode(x, normalize=False)
    assert found.shape == (2, 749, 64)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_missing_and_surplus_tensors_are_named(tmp_path):
    state = dict(three_components(reference(True)).state_dict())
    with pytest.raises(ValueError, match="surprise"):
        convert({**state, "surprise": torch.zeros(1)})
    del state["project_hid.bias"]
    with pytest.raises(ValueError, match="project_hid.bias"):
        convert(state)
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ValueError, match="model.safetensors"):
        load_seislm(tmp_path)
