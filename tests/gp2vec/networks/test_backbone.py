"""Which layer is read, what is normalised, and the targets of a network without a quantiser."""

import pytest
import torch

from quakebook.gp2vec.networks.backbone import ContinuousTargets
from quakebook.gp2vec.objective.pretraining import GP2Vec


def test_layers_are_counted_from_the_input_to_the_last_block(tiny):
    x = torch.randn(2, 3, 600)
    tiny.eval()
    with torch.no_grad():
        for layer in (-2, 3):
            with pytest.raises(ValueError, match=f"between -1 and 2; found {layer}"):
                tiny.encode(x, layer=layer)
        last = tiny.encode(x, layer=2)
        torch.testing.assert_close(tiny.encode(x), tiny.context.norm(last))
        first = tiny.encode(x, layer=0)
        torch.testing.assert_close(tiny.context.blocks[1](tiny.context.blocks[0](first)), last)


def test_amplitudes_and_means_do_not_matter_unless_told(tiny):
    x = torch.randn(2, 3, 600)
    tiny.train()
    codes = tiny.codes(x)
    assert torch.equal(codes, tiny.codes(50 * x + 7)) and tiny.training
    assert not tiny.eval().training and torch.equal(codes, tiny.codes(x)) and not tiny.training
    with torch.no_grad():
        torch.testing.assert_close(tiny.encode(x), tiny.encode(50 * x + 7), rtol=1e-3, atol=1e-4)
        assert not torch.allclose(tiny.encode(x, normalize=False), tiny.encode(50 * x + 7, normalize=False), atol=1e-2)


def test_hidden_frames_are_replaced_by_one_vector(tiny):
    features, mask = torch.randn(1, 4, tiny.encoder.out_channels), torch.tensor([[False, True, False, True]])
    seen = []
    tiny.context.forward = lambda x, *words: seen.append(x) or (x, [])
    tiny.contexts(features, mask=mask)
    assert torch.equal(seen[0][0, [1, 3]], tiny.mask_vector.expand(2, -1))
    torch.testing.assert_close(seen[0][0, [0, 2]], tiny.project(features)[0, [0, 2]])


def test_start_values_of_what_joins_the_parts():
    torch.manual_seed(0)
    model = GP2Vec(size="tiny", fusion="none")
    assert float(model.project.weight.detach().std()) == pytest.approx(0.02, rel=0.05)
    assert not model.project.bias.any() and model.feature_norm.eps == 1e-5
    assert bool(((model.mask_vector >= 0) & (model.mask_vector <= 1)).all())


def test_without_a_quantiser_the_features_are_the_targets():
    made, features = ContinuousTargets(6), torch.randn(2, 5, 6)
    out = made(features)
    assert torch.equal(out.vectors, features) and out.codes.shape == (2, 5, 1) and not out.codes.any()
    assert out.probabilities is None and float(out.commitment) == 0
    assert (made.groups, made.codes, made.width) == (1, 1, 6)
