"""The objective beside the executable reference: same weights, mask, distractors and noise, same numbers."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from quakebook.gp2vec.data.masking import SpanMask, draw_mask, masked_order
from quakebook.gp2vec.networks.architecture import Architecture
from quakebook.gp2vec.networks.encoder import Layer
from quakebook.gp2vec.objective.negatives import draw_negatives
from quakebook.gp2vec.objective.pretraining import GP2Vec, Objective

pytest.importorskip("transformers")

CONVOLUTIONS = (Layer(16, 10, 5), Layer(24, 8, 4), Layer(24, 3, 1))
PLAN = Architecture(CONVOLUTIONS, width=32, depth=2, heads=2, hidden=64, channels=1, norm="layer", padding="valid",
                    position_kernel=16, dropout=0.0, attention_dropout=0.0, feature_dropout=0.0, codebooks=2, codes=12,
                    code_width=16, scale_logits=False, fusion="none")
K, DIVERSITY = 7, 0.1


class HardForward(torch.autograd.Function):
    """One-hot forward, identity backward, exactly: the reference tells equal targets by equal vectors."""

    @staticmethod
    def forward(ctx, soft):
        return F.one_hot(soft.argmax(-1), soft.shape[-1]).to(soft)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def reference():
    """The reference network of the same shape, without dropout."""
    from transformers import Wav2Vec2Config, Wav2Vec2ForPreTraining

    config = Wav2Vec2Config(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, hidden_dropout=0.0,
        attention_dropout=0.0, activation_dropout=0.0, feat_proj_dropout=0.0, feat_quantizer_dropout=0.0,
        layerdrop=0.0, feat_extract_norm="layer", conv_dim=[c.channels for c in CONVOLUTIONS],
        conv_kernel=[c.kernel_size for c in CONVOLUTIONS], conv_stride=[c.stride for c in CONVOLUTIONS],
        conv_bias=True, do_stable_layer_norm=True, num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=16,
        num_codevectors_per_group=12, num_codevector_groups=2, codevector_dim=16, proj_codevector_dim=16,
        num_negatives=K, contrastive_logits_temperature=0.1, diversity_loss_weight=DIVERSITY,
        attn_implementation="eager")
    return Wav2Vec2ForPreTraining(config)


def names(depth=2):
    """Our parameter name -> the reference's."""
    base = "wav2vec2."
    pairs = {"feature_norm": "feature_projection.layer_norm", "project": "feature_projection.projection",
             "context.norm": "encoder.layer_norm"}
    for i in range(len(CONVOLUTIONS)):
        pairs[f"encoder.blocks.{i}.conv"] = f"feature_extractor.conv_layers.{i}.conv"
        pairs[f"encoder.blocks.{i}.norm"] = f"feature_extractor.conv_layers.{i}.layer_norm"
    for i in range(depth):
        here, there = f"context.blocks.{i}", f"encoder.layers.{i}"
        pairs |= {f"{here}.attention.q": f"{there}.attention.q_proj",
                  f"{here}.attention.k": f"{there}.attention.k_proj",
                  f"{here}.attention.v": f"{there}.attention.v_proj",
                  f"{here}.attention.out": f"{there}.attention.out_proj",
                  f"{here}.attention_norm": f"{there}.layer_norm", f"{here}.norm": f"{there}.final_layer_norm",
                  f"{here}.up": f"{there}.feed_forward.intermediate_dense",
                  f"{here}.down": f"{there}.feed_forward.output_dense"}
    out = {f"{a}.{kind}": f"{base}{b}.{kind}" for a, b in pairs.items() for kind in ("weight", "bias")}
    out["mask_vector"] = f"{base}masked_spec_embed"
    out["context.position.conv.bias"] = f"{base}encoder.pos_conv_embed.conv.bias"
    for kind in ("original0", "original1"):
        out[f"context.position.conv.parametrizations.weight.{kind}"] = (
            f"{base}encoder.pos_conv_embed.conv.parametrizations.weight.{kind}")
    for a, b in (("quantiser.logits", "quantizer.weight_proj"), ("project_context", "project_hid"),
                 ("project_target", "project_q")):
        out |= {f"{a}.{kind}": f"{b}.{kind}" for kind in ("weight", "bias")}
    return out


@pytest.fixture(scope="module")
def pair():
    """Both networks in float64 with equal weights, and one batch."""
    torch.manual_seed(0)
    peer, model = reference().double(), GP2Vec(PLAN, objective=Objective(SpanMask(0.065, 5), K)).double()
    theirs = dict(peer.named_parameters())
    with torch.no_grad():
        for ours, other in names().items():
            model.get_parameter(ours).copy_(theirs[other])
        model.quantiser.book.copy_(peer.quantizer.codevectors[0].unflatten(0, (2, 12)))
    waves = torch.randn(3, 1, 1200, dtype=torch.float64)
    frames = model.frames(1200)
    mask = draw_mask(SpanMask(0.065, 5), 3, frames, torch.Generator().manual_seed(1))
    index, valid = masked_order(mask, int(mask.sum(1).max()))
    ranks = draw_negatives(valid, K, torch.Generator().manual_seed(2))
    return model, peer, waves, mask, index, valid, ranks


def flat_negatives(mask, index, valid, ranks):
    """The distractors as the reference wants them: (B, T, K) flat frame numbers over the batch."""
    batch, frames = mask.shape
    out = np.zeros((batch, frames, K), dtype=np.int64)
    for b in range(batch):
        for m in range(index.shape[1]):
            if valid[b, m]:
                out[b, index[b, m]] = b * frames + index[b][ranks[b, m]].numpy()
    return torch.from_numpy(out)


def run_peer(peer, waves, mask, negatives):
    return peer(waves[:, 0], mask_time_indices=mask, sampled_negative_indices=negatives, output_hidden_states=True)


def test_parameters_are_all_paired(pair):
    model, peer = pair[:2]
    assert {*names(), "quantiser.book"} == {name for name, _ in model.named_parameters()}
    assert sum(p.numel() for p in model.parameters()) == sum(p.numel() for p in peer.parameters())


def test_evaluation_agrees(pair):
    model, peer, waves, mask, index, valid, ranks = pair
    model.eval()
    peer.eval()
    with torch.no_grad():
        theirs = run_peer(peer, waves, mask, flat_negatives(mask, index, valid, ranks))
        ours = model(waves, mask=mask, negatives=ranks, normalize=False)
        contexts, hidden = model.contexts(model.latents(waves)[1], mask=mask, keep=True)
    for a, b in zip(hidden, theirs.hidden_states, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-10)
    torch.testing.assert_close(model.project_context(contexts), theirs.projected_states, rtol=1e-10, atol=1e-10)
    count = int(mask.sum())
    torch.testing.assert_close(ours.contrastive_loss * count, theirs.contrastive_loss.double(), rtol=1e-5,
                               atol=1e-5)  # the reference takes this part in float32
    torch.testing.assert_close(ours.code_perplexity.double(), theirs.codevector_perplexity.double(), rtol=1e-4,
                               atol=1e-4)


def test_gradients_agree_in_training(pair, monkeypatch):
    model, peer, waves, mask, index, valid, ranks = pair
    model.train()
    peer.train()
    frames, tau = mask.shape[1], 1.3
    noise = -torch.empty(3, frames, 2, 12, dtype=torch.float64).exponential_(
        generator=torch.Generator().manual_seed(3)).log()

    def with_noise(logits, tau, hard):
        return HardForward.apply(((logits + noise.view(-1, 12)) / tau).softmax(-1))

    monkeypatch.setattr(torch.nn.functional, "gumbel_softmax", with_noise)
    peer.set_gumbel_temperature(tau)
    model.quantiser.temperature.fill_(tau)
    model.zero_grad()
    peer.zero_grad()
    count = int(mask.sum())
    theirs = run_peer(peer, waves, mask, flat_negatives(mask, index, valid, ranks))
    (theirs.contrastive_loss / count + DIVERSITY * theirs.diversity_loss / count).backward()
    ours = model(waves, mask=mask, negatives=ranks, noise=noise, normalize=False)
    (ours.contrastive_loss + DIVERSITY * ours.diversity_loss).backward()
    torch.testing.assert_close(ours.contrastive_loss * count, theirs.contrastive_loss.double(), rtol=1e-5,
                               atol=1e-5)
    torch.testing.assert_close(ours.diversity_loss * count, theirs.diversity_loss.double(), rtol=1e-5,
                               atol=1e-5)
    other = dict(peer.named_parameters())
    for ours_name, their_name in names().items():
        a, b = model.get_parameter(ours_name).grad, other[their_name].grad
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6 * float(b.abs().max()) + 1e-9,
                                   msg=lambda m, n=ours_name: f"{n}: {m}")
    torch.testing.assert_close(model.quantiser.book.grad.flatten(0, 1), peer.quantizer.codevectors.grad[0], rtol=1e-4,
                               atol=1e-8)
