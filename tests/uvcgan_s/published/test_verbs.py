"""The published interface end to end, on networks small enough for a test."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from quakebook.training.config import ConfigError
from quakebook.training.files import RunError
from quakebook.uvcgan_s import config
from quakebook.uvcgan_s.published import configs, meaning, model_folder, verbs


@pytest.fixture
def small(monkeypatch, tmp_path):
    """The calorimeter task with networks of a few thousand weights, and roots in a temporary folder."""
    build, critic = configs._generator, configs._critic

    def generator(levels, rate):
        made = build([4, 6], rate)
        made["model_args"] |= {"features": 8, "n_heads": 2, "n_blocks": 1, "ffn_features": 8, "embed_features": 8}
        return made

    def few(calorimeter, rate):
        made = critic(calorimeter, rate)
        made["model_args"]["block_specs"] = [["stem", {"kernel_size": 3, "padding": 1, "stride": 1, "features": 4}],
                                             ["resnet", 1]]
        return made

    monkeypatch.setattr(configs, "_generator", generator)
    monkeypatch.setattr(configs, "_critic", few)
    monkeypatch.setenv("UVCGAN_S_OUTDIR", str(tmp_path / "out"))
    monkeypatch.setenv("UVCGAN_S_DATA", str(tmp_path / "data"))
    from quakebook.data.calorimeter import write

    write(tmp_path / "data" / "tiny", "tiny", counts={"train": 8, "val": 6, "test": 4})
    return tmp_path


def train(*words):
    return verbs.main(["train", "sphenix", "--data", "tiny", "--epochs", "2", "--steps-per-epoch", "2",
                       "--batch-size", "2", "--checkpoint", "1", "--device", "cpu", *words])


def test_a_training_leaves_the_published_files(small, capsys):
    assert train() == 0
    folder = small / "out/sphenix/uvcgan-s/model_m(uvcgan-s)_d(resnet)_g(vit-modnet)_sgn_bkg_sub"
    assert str(folder) in capsys.readouterr().out
    names = {path.name for path in folder.iterdir()}
    networks = {f"net_{name}.pth" for name in ("gen_ab", "gen_ba", "ema_gen_ab", "ema_gen_ba", "disc_a0", "disc_a1",
                                               "disc_b")}
    assert names >= networks | {"config.json", "label", "history.csv", "opt_gen.pth", "opt_disc.pth", "sched_gen.pth",
                                "sched_disc.pth", "checkpoints"}
    assert {path.name for path in (folder / "checkpoints").glob("*gen_ba.pth")} == {
        f"000{k}_net_{name}.pth" for k in (1, 2) for name in ("gen_ba", "ema_gen_ba")}
    rows = (folder / "history.csv").read_text().splitlines()
    assert len(rows) == 3 and rows[0].endswith("epoch,time") and "gp_a1" in rows[0]
    text = (folder / "config.json").read_text()
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=4)
    with pytest.raises(ConfigError, match=r"other settings \(batch_size, epochs\)"):
        verbs.main(["train", "sphenix", "--data", "tiny", "--epochs", "3", "--steps-per-epoch", "2", "--device", "cpu"])
    for words, tree in ((["--format", "ndarray"], "final/translated(None)_domain(2)_eval-val"),
                        (["--format", "image", "--epoch", "-1", "--label", "x"],
                         "epoch_0002/translated(x)_domain(2)_eval-val")):
        verbs.main(["translate", str(folder), "--split", "val", "--domain", "2", "-n", "3", "--batch-size", "2",
                    "--device", "cpu", *words])
        place = folder / "evals" / tree
        assert {path.name for path in place.iterdir()} == {"real_b", "fake_a", "fake_a0", "fake_a1", "reco_b"}
        assert len(list((place / "fake_a0").iterdir())) == 4
    array = np.load(folder / "evals/final/translated(None)_domain(2)_eval-val/fake_a1/sample_3.npz")["arr_0"]
    assert array.shape == (24, 64) and array.min() > -0.1
    assert np.load(folder / "evals/final/translated(None)_domain(2)_eval-val/fake_a/sample_0.npz")["arr_0"].shape == (
        24, 64, 2)
    capsys.readouterr()
    assert verbs.main(["print-model", str(folder)]) == 0
    shown = {line.split()[0]: int(line.split()[1].replace(",", "")) for line in capsys.readouterr().out.splitlines()}
    for name in ("gen_ab", "gen_ba", "disc_a0", "disc_a1", "disc_b"):
        state = torch.load(folder / f"net_{name}.pth", weights_only=True)
        constant = ("running_mean", "running_var", "num_batches_tracked", "_u", "_v", "x_const", "y_const")
        assert shown.pop(name) == sum(v.numel() for key, v in state.items() if not key.endswith(constant)), name
    assert not shown


def test_published_configurations_mean_the_papers_settings():
    paper, made = config(), meaning.settings_of(configs.published("sphenix"))
    assert made.network == paper.network and made.optimiser == paper.optimiser
    assert made.objective == paper.objective
    assert (made.training.steps, made.training.ema_decay, made.training.clip_norm) == (800_000, 0.9999, 0.5)
    toy = meaning.settings_of(configs.published("toy_mix_blur"))
    assert (toy.network.critic_levels, toy.objective.penalty, toy.training.steps) == ((64, 128, 256, 512, 512), 1.0,
                                                                                    100_000)
    assert toy.optimiser.schedule == "constant" and toy.objective.norm == "none"
    plain = meaning.settings_of(configs.published("toy_mix_blur", "uvcgan-v2"))
    assert (plain.objective.method, plain.training.clip_norm) == ("uvcgan2", 0.0)
    with pytest.raises(ConfigError, match="uvcgan-v2 on sphenix was not published"):
        configs.published("sphenix", "uvcgan-v2")


def test_differences_are_named_by_their_keys(tmp_path):
    old, new = configs.published("sphenix"), configs.published("sphenix", batch_size=8)
    new["model_args"]["lambda_cyc_a1"] = 10
    new["generator"]["model_args"]["modnet_features_list"] = [96, 192]
    assert model_folder.differing(json.loads(json.dumps(old)), new) == [
        "batch_size", "generator.model_args.modnet_features_list", "model_args.lambda_cyc_a1"]
    model_folder.claim(tmp_path / "m", old, "x")
    model_folder.claim(tmp_path / "m", old, "x")
    with pytest.raises(ConfigError, match="lambda_cyc_a1.*delete .*config.json"):
        model_folder.claim(tmp_path / "m", new, "x")


def test_an_absent_checkpoint_is_refused_with_those_that_exist(tmp_path):
    model_folder.save_part(tmp_path, "net", "gen_ba", {"w": torch.zeros(1)}, 3)
    with pytest.raises(RunError, match="checkpoints of gen_ba: 3"):
        model_folder.weights_path(tmp_path, "gen_ba", 2)
    assert model_folder.weights_path(tmp_path, "gen_ba", 3).name == "0003_net_gen_ba.pth"
    for epoch in (12, 7):
        model_folder.save_part(tmp_path, "net", "gen_ba", {"w": torch.zeros(1)}, epoch)
    assert model_folder.epochs_of(tmp_path, "gen_ba") == [3, 7, 12]
    assert model_folder.last_epoch(tmp_path, "gen_ba") == 12
    with pytest.raises(RunError, match="no checkpoint of gen_ab in .*; without --epoch the final weights are taken"):
        model_folder.last_epoch(tmp_path, "gen_ab")


@pytest.mark.parametrize("words, message", [
    (("--batch-size", "0"), "--batch-size must be at least 1; found 0"), (("-n", "0"), "-n must be at least 1"),
    (("--epoch", "-2"), "--epoch must be at least -1; found -2"), (("--ext", "png", "doc"), "--ext doc: no such kind")])
def test_wrong_wishes_of_translate_are_refused_in_one_line(tmp_path, words, message):
    with pytest.raises(ConfigError, match=message) as refused:
        verbs.main(["translate", str(tmp_path), "--format", "image", *words])
    assert "\n" not in str(refused.value)


def test_a_folder_without_a_model_is_refused_by_name(tmp_path):
    with pytest.raises(RunError, match="config.json is not readable as the configuration of a model"):
        verbs.main(["translate", str(tmp_path), "--format", "image"])


def test_a_split_that_is_not_there_is_refused(tmp_path):
    from quakebook.uvcgan_s.published.work import _refuse_split

    for split in ("train", "val"):
        (tmp_path / split).mkdir()
    _refuse_split(str(tmp_path), "val")
    with pytest.raises(ConfigError, match="has no split test; it has train, val"):
        _refuse_split(str(tmp_path), "test")


def test_pictures_in_several_kinds_and_arrays(tmp_path):
    """round(255 clip(x, 0, 1)); what has neither one nor three channels stays an array."""
    from PIL import Image

    from quakebook.uvcgan_s.published.translate import write

    image = torch.tensor([[[-1.0, 0.5]], [[0.0, 2.0]], [[1.0, 0.1]]])
    paths = write(tmp_path / "sample_0", image, "image", ("png", "tif"))
    for path in paths:
        with Image.open(path) as picture:
            assert picture.size == (2, 1) and picture.getpixel((1, 0)) == (128, 255, 26)
    assert [path.name for path in write(tmp_path / "a", image[:2], "image")] == ["a.npz"]
    assert np.load(write(tmp_path / "b", image, "ndarray")[0])["arr_0"].shape == (1, 2, 3)
    assert np.load(write(tmp_path / "c", image[:1], "ndarray")[0])["arr_0"].shape == (1, 2)


def test_resize_keeps_the_tree(tmp_path):
    from PIL import Image

    (tmp_path / "in/cat").mkdir(parents=True)
    Image.new("RGB", (40, 20), (10, 200, 30)).save(tmp_path / "in/cat/a.jpg")
    Image.new("L", (40, 20), 7).save(tmp_path / "in/b.png")
    verbs.main(["resize", str(tmp_path / "in"), str(tmp_path / "out"), "-s", "16", "8", "-i", "bilinear"])
    for name in ("cat/a.jpg.png", "b.png"):
        with Image.open(tmp_path / "out" / name) as image:
            assert image.size == (16, 8)


def test_the_published_model_is_fetched_below_the_output_root(tmp_path, monkeypatch, capsys):
    from quakebook.data.calorimeter import download

    asked = []

    def fetch(folder, **more):
        asked.append((folder, more))
        return [folder / "a"]

    monkeypatch.setattr(download, "download_model", fetch)
    monkeypatch.setenv("UVCGAN_S_OUTDIR", str(tmp_path))
    assert verbs.main(["download", "model"]) == 0
    assert asked == [(tmp_path / "published", {"overwrite": False})]
    assert capsys.readouterr().out == f"{tmp_path / 'published' / 'a'}\n"


def test_absent_data_are_a_wrong_wish(tmp_path, monkeypatch):
    monkeypatch.setenv("UVCGAN_S_DATA", str(tmp_path))
    with pytest.raises(ConfigError, match="set UVCGAN_S_DATA"):
        verbs.main(["train", "sphenix", "--device", "cpu"])
