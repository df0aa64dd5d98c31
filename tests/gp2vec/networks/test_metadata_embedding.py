"""Embeddings of station metadata: unknown codes, what is hidden in training, response curves that are absent."""

import math

import pytest
import torch

from quakebook.gp2vec.networks import metadata_embedding as module

CPU = torch.device("cpu")


def test_widths_of_the_parts():
    """Six codes of 32, 128 numbers, 64 of the response: 384 together."""
    encoder = module.MetadataEncoder(16).eval()
    codes, numbers, curve = encoder.parts({"latitude": torch.zeros(5)}, 5, CPU)
    assert codes.shape == (5, 6, 32) and numbers.shape == (5, 128) and curve.shape == (5, 64)
    assert module.JOINED_WIDTH == 384 and encoder.joined((codes, numbers, curve)).shape == (5, 16)
    assert [conv.weight.shape[:3] for conv in encoder.response.convs] == [(16, 1, 5), (32, 16, 5), (64, 32, 5)]


def test_codes_outside_their_table_are_unknown():
    """Channels have 64 rows, of which the first is the unknown one."""
    codes = module.CategoricalEmbedding().eval()
    names = list(codes.tables)
    found = codes({"channel": torch.tensor([63, 64, -1, 0, 1])}, 5, CPU)[:, names.index("channel")]
    table = codes.tables["channel"].weight
    assert torch.equal(found, table[[63, 0, 0, 0, 1]])
    assert float(codes.tables["station"].weight.detach().std()) == pytest.approx(0.02, rel=0.02)
    assert torch.equal(codes({}, 2, CPU)[:, 0], codes.tables[names[0]].weight[[0, 0]])


def test_half_of_the_station_codes_are_hidden_in_training_and_no_other_code():
    torch.manual_seed(0)
    codes = module.CategoricalEmbedding().train()
    fields = {name: torch.ones(4000, dtype=torch.int64) for name in codes.tables}
    found = codes(fields, 4000, CPU)
    for k, (name, table) in enumerate(codes.tables.items()):
        hidden = (found[:, k] == table.weight[0]).all(1).float().mean()
        assert float(hidden) == pytest.approx(0.5 if name == "station" else 0.0, abs=0.03)


def test_a_tenth_of_the_samples_see_no_metadata_in_training():
    torch.manual_seed(0)
    encoder = module.MetadataEncoder(4).train()
    assert float(encoder.hidden(20_000, CPU).float().mean()) == pytest.approx(0.1, abs=0.006)
    assert encoder.hidden(3, CPU).shape == (3, 1)
    assert encoder.eval().hidden(3, CPU) is None and module.MetadataEncoder(4, drop=0.0).train().hidden(3, CPU) is None


def test_adding_starts_with_nothing_unless_told():
    encoder = module.MetadataEncoder(4)
    assert not encoder.out.weight.any() and not encoder.out.bias.any() and not encoder.nothing.any()
    assert module.MetadataEncoder(4, zero=False).out.weight.any()


def test_absent_points_of_a_response_count_as_zero():
    torch.manual_seed(0)
    response = module.ResponseEmbedding()
    curve = torch.zeros(2, 64)
    curve[0, 40:] = math.nan
    assert torch.equal(response({"response": curve}, 2, CPU), response({}, 2, CPU))
    x = torch.randn(1, 64)
    y = x[:, None]
    for conv in response.convs:
        y = torch.nn.functional.gelu(conv(y))
    assert y.shape == (1, 64, 8)
    torch.testing.assert_close(response({"response": x}, 1, CPU), y.mean(-1))
