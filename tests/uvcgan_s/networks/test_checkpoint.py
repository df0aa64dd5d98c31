"""Weights to a file and back."""

from __future__ import annotations

import pytest
import torch

from quakebook.training.files import RunError
from quakebook.uvcgan_s import config
from quakebook.uvcgan_s.networks.build import build_networks
from quakebook.uvcgan_s.networks.checkpoint import load_generators, load_published, save_generators

SHAPES = ((1, 16, 16),) * 3


def test_generators_come_back_with_norm_and_shapes(tmp_path):
    settings = config("objective.norm=log", preset="smoke")
    made = build_networks(settings.network, SHAPES)
    generators = {name: made[name] for name in ("gen_ab", "gen_ba")}
    path = save_generators(generators, tmp_path / "g.safetensors", settings, SHAPES)
    loaded, objective, shapes = load_generators(path)
    image = torch.rand(2, 1, 16, 16)
    assert torch.equal(loaded["gen_ba"](image), made.gen_ba.eval()(image))
    assert (objective.norm, shapes) == ("log", SHAPES)
    half = load_generators(save_generators(generators, tmp_path / "h.safetensors", settings, SHAPES, half=True))[0]
    assert float((half["gen_ba"](image) - made.gen_ba(image)).detach().abs().max()) < 0.05


def test_damaged_generators_are_refused_by_name(tmp_path):
    path = tmp_path / "g.safetensors"
    path.write_bytes(b"\x08\0\0\0\0\0\0\0nonsense")
    with pytest.raises(RunError, match="g.safetensors: no readable file of generators"):
        load_generators(path)


def test_published_weights_load_by_name(tmp_path):
    settings = config(preset="smoke").network
    source, target = (build_networks(settings, SHAPES).gen_ab for _ in range(2))
    torch.save({f"module.{key}": value for key, value in source.state_dict().items()}, tmp_path / "net_gen_ab.pth")
    load_published(target, tmp_path / "net_gen_ab.pth")
    assert all(torch.equal(value, target.state_dict()[key]) for key, value in source.state_dict().items())
    state = source.state_dict()
    state["net.layer_output.bias"] = torch.zeros(7)
    torch.save(state, tmp_path / "other.pth")
    with pytest.raises(RunError, match=r"other.pth .*net.layer_output.bias is \(7,\), expected \(1,\)"):
        load_published(target, tmp_path / "other.pth")


def test_of_many_differences_three_are_named(tmp_path):
    target = build_networks(config(preset="smoke").network, SHAPES).gen_ab
    state, names = target.state_dict(), list(target.state_dict())
    torch.save({key: value for key, value in state.items() if key not in names[:3]}, tmp_path / "three.pth")
    with pytest.raises(RunError) as three:
        load_published(target, tmp_path / "three.pth")
    assert str(three.value).count("is absent") == 3 and not str(three.value).endswith("...")
    torch.save({**{key: value for key, value in state.items() if key not in names[:3]}, "x": state[names[0]]},
               tmp_path / "four.pth")
    with pytest.raises(RunError) as four:
        load_published(target, tmp_path / "four.pth")
    assert str(four.value).count(";") == 2 and str(four.value).endswith(" ...")
