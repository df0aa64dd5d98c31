"""What hides metadata from some samples, and attention to eight tokens, against PyTorch's own."""

import torch
from torch.nn import functional as F

from quakebook.gp2vec.networks.metadata_fusion import build_fusion

FIELDS = {"latitude": torch.tensor([35.0, -10.0, 3.0]), "network": torch.tensor([3, 5, 7])}


def started(kind):
    torch.manual_seed(0)
    fusion = build_fusion(kind, 8, 2).eval()
    for p in fusion.parameters():
        torch.nn.init.normal_(p, std=0.3)
    return fusion


def test_hidden_samples_have_the_vector_of_no_metadata():
    fusion, frames = started("add"), torch.randn(3, 5, 8)
    known = fusion.vector(frames, FIELDS)
    fusion.encoder.hidden = lambda batch, device: torch.tensor([[True], [False], [True]])
    found = fusion.vector(frames, FIELDS)
    assert torch.equal(found[1], known[1]) and torch.equal(found[[0, 2]], fusion.encoder.nothing.expand(2, 8))


def test_hidden_samples_ask_eight_times_nothing():
    fusion, frames = started("cross_attention"), torch.randn(3, 5, 8)
    known = fusion.tokens(frames, FIELDS)
    assert known.shape == (3, 8, 8) and fusion.tokens(frames, None).shape == (3, 8, 8)
    fusion.encoder.hidden = lambda batch, device: torch.tensor([[True], [False], [False]])
    found = fusion.tokens(frames, FIELDS)
    assert torch.equal(found[1:], known[1:]) and torch.equal(found[0], fusion.encoder.nothing.expand(8, 8))


def test_tokens_hold_the_joined_vector_beside_their_own_part():
    fusion, frames = started("cross_attention"), torch.randn(3, 5, 8)
    parts = fusion.encoder.parts(FIELDS, 3, frames.device)
    own = torch.cat([fusion.code(parts[0]), fusion.number(parts[1])[:, None], fusion.curve(parts[2])[:, None]], 1)
    joined = fusion.encoder.joined(parts)[:, None].expand(3, 8, 8)
    torch.testing.assert_close(fusion.tokens(frames, FIELDS) - own, joined)


def test_frames_ask_the_tokens_with_two_heads():
    fusion, frames = started("cross_attention"), torch.randn(3, 5, 8)
    tokens = fusion.tokens(frames, FIELDS)
    peer = torch.nn.MultiheadAttention(8, 2, batch_first=True)
    with torch.no_grad():
        peer.in_proj_weight.copy_(torch.cat([fusion.q.weight, fusion.k.weight, fusion.v.weight]))
        peer.in_proj_bias.copy_(torch.cat([fusion.q.bias, fusion.k.bias, fusion.v.bias]))
        peer.out_proj.load_state_dict(fusion.out.state_dict())
        answer = peer(F.layer_norm(frames, (8,), fusion.norm.weight, fusion.norm.bias), tokens, tokens)[0]
        torch.testing.assert_close(fusion(frames, FIELDS), frames + answer, rtol=1e-4, atol=1e-5)


def test_concatenation_is_linear_in_frame_and_vector():
    fusion, frames = started("concat"), torch.randn(3, 5, 8)
    vector = fusion.vector(frames, FIELDS)
    with torch.no_grad():
        want = frames @ fusion.mix.weight[:, :8].T + (vector @ fusion.mix.weight[:, 8:].T)[:, None] + fusion.mix.bias
        torch.testing.assert_close(fusion(frames, FIELDS), want, rtol=1e-4, atol=1e-5)
