import pytest
import torch

from quakebook.gp2vec.networks import checkpoint
from quakebook.gp2vec.objective.pretraining import GP2Vec


def test_round_trip(tmp_path):
    torch.manual_seed(0)
    model = GP2Vec(size="tiny", rate="hz25", fusion="film", quantiser="ema", width=32, depth=1).eval()
    path = checkpoint.save(tmp_path / "m.safetensors", model.plan, model.state_dict(), run="abc")
    again = GP2Vec.from_pretrained(path)
    x = torch.randn(1, 3, 600)
    assert torch.equal(model.encode(x), again.encode(x)) and checkpoint.facts(path) == {"run": "abc"}
    half = checkpoint.save(tmp_path / "h.safetensors", model.plan, model.state_dict(), half=True)
    assert half.stat().st_size < 0.6 * path.stat().st_size
    torch.testing.assert_close(GP2Vec.from_pretrained(half).encode(x), model.encode(x), atol=0.02, rtol=0.02)


def test_other_files_are_refused(tmp_path):
    from safetensors.torch import save_file

    (tmp_path / "a.safetensors").write_bytes(b"123")
    with pytest.raises(ValueError, match=r"a\.safetensors"):
        GP2Vec.from_pretrained(tmp_path / "a.safetensors")
    save_file({"x": torch.zeros(1)}, tmp_path / "b.safetensors")
    with pytest.raises(ValueError, match="kind"):
        GP2Vec.from_pretrained(tmp_path / "b.safetensors")


def test_packed_weights_are_small_and_near():
    torch.manual_seed(0)
    model = GP2Vec(size="tiny", width=64, depth=2).eval()
    packed = checkpoint.pack(model.state_dict())
    size = sum(v.numel() * v.element_size() for v in packed.values())
    assert size < 0.3 * sum(v.numel() * 4 for v in model.state_dict().values())
    again = GP2Vec(model.plan).eval()
    again.load_state_dict(checkpoint.unpack(packed))
    x = torch.randn(2, 3, 600)
    assert float((model.encode(x) - again.encode(x)).detach().abs().mean()) < 0.02


def test_packed_rows_reach_from_minus_127_to_127():
    """Each row has its own scale; vectors are kept in half precision, whole numbers as they are."""
    state = {"w": torch.tensor([[1.0, -2.0], [0.0, 0.5]]), "b": torch.tensor([1.0, 0.1]), "n": torch.tensor([3, 4]),
             "c": torch.tensor([[[4.0, 1.0]], [[0.0, 0.0]]])}
    packed = checkpoint.pack(state)
    assert packed["w.levels"].tolist() == [[64, -127], [0, 127]] and packed["c.levels"].tolist() == [[[127, 32]],
                                                                                                    [[0, 0]]]
    assert packed["w.scale"].tolist() == pytest.approx([2 / 127, 0.5 / 127]) and packed["b"].dtype == torch.float16
    again = checkpoint.unpack(packed)
    assert set(again) == set(state) and again["n"].tolist() == [3, 4] and again["b"].dtype == torch.float32
    assert again["w"].tolist() == [pytest.approx([128 / 127, -2.0]), pytest.approx([0.0, 0.5])]
    assert again["c"].shape == (2, 1, 2)
