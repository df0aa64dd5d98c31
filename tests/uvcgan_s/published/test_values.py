"""Numbers of the published configurations, means of an epoch, and which images a domain gives, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.data.norms import Scale
from quakebook.uvcgan_s.published import configs, translate, work
from quakebook.uvcgan_s.published import training as module
from quakebook.uvcgan_s.published.meaning import shapes_of


def test_the_calorimeter_configuration_number_by_number():
    whole = configs.published("sphenix")
    assert (whole["batch_size"], whole["epochs"], whole["steps_per_epoch"], whole["seed"]) == (4, 400, 2000, 0)
    assert shapes_of(whole) == ((1, 24, 64),) * 3 and whole["data"]["workers"] == 1
    assert whole["scheduler"] == {"name": "linear-v2", "start_factor": 0.01, "end_factor": 1.0, "total_iters": 32}
    assert whole["gradient_penalty"] == {"center": 0, "lambda_gp": 0.01, "mix_type": "real-fake", "reduction": "mean"}
    assert whole["generator"]["optimizer"] == {"name": "Adam", "lr": 5e-5, "betas": [0.5, 0.99]}
    assert whole["discriminator"]["weight_init"] == {"name": "normal", "init_gain": 0.02}
    specs = whole["discriminator"]["model_args"]["block_specs"]
    assert specs[0] == ["stem", {"kernel_size": 3, "padding": 1, "stride": 1, "features": 64}]
    assert specs[2] == ["stem", {"kernel_size": 2, "padding": 0, "stride": 2, "features": 128}]
    assert [spec for kind, spec in specs if kind == "resnet"] == [3] * 4 and len(specs) == 8
    args = whole["model_args"]
    kinds = ("adv_a0", "adv_b", "cyc_a0", "cyc_a1", "cyc_b", "idt_aa", "idt_bb")
    assert [args[f"lambda_{kind}"] for kind in kinds] == [1, 1, 10, 100, 10, 0.5, 0.5]
    assert args["data_norm"] == {"name": "log", "bias": 0.1} and args["grad_clip"] == {"norm": 0.5}
    assert (args["gp_cache_period"], args["head_queue_size"], args["norm_disc_a1"]) == (0, 0, False)


def test_the_toy_configurations_number_by_number():
    toy = configs.published("toy_mix_blur")
    assert (toy["batch_size"], toy["epochs"], toy["steps_per_epoch"], toy["scheduler"]) == (1, 100, 1000, None)
    assert shapes_of(toy) == ((3, 256, 256),) * 3 and toy["gradient_penalty"]["lambda_gp"] == 1.0
    assert toy["data"]["datasets"][2]["dataset"] == {
        "name": "toy-mix-blur", "domain_a0": "cat", "domain_a1": "dog", "alpha": 0.5, "alpha_range": 0.0,
        "blur_kernel_size": 5, "seed": 0, "path": "afhq_resized_lanczos"}
    assert toy["discriminator"]["model_args"] == {"n_layers": 5} and toy["generator"]["optimizer"]["lr"] == 1e-4
    assert toy["model_args"]["ema_momentum"] == 0.999 and toy["model_args"]["lambda_cyc_a1"] == 10
    baseline = configs.published("toy_mix_blur", "uvcgan-v2")
    assert len(baseline["data"]["datasets"]) == 2 and shapes_of(baseline) == ((3, 256, 256),) * 3
    args = baseline["model_args"]
    assert (args["lambda_a"], args["lambda_b"], args["avg_momentum"]) == (10, 10, 0.999)
    assert {key: every for key, (_, _, every) in configs.PLACES.items()} == {
        ("sphenix", "uvcgan-s"): 50, ("toy_mix_blur", "uvcgan-s"): 10, ("toy_mix_blur", "uvcgan-v2"): 10}


def test_rows_of_the_history_are_means_over_an_epoch(tmp_path):
    """Two steps an epoch; sums 6 and 4 are means 3 and 2; every second epoch is a checkpoint."""
    written = []
    one = SimpleNamespace(epoch_steps=2, checkpoint=2, names=["gen_ab", "disc_b"], rows=[], folder=tmp_path,
                          sums=torch.zeros(len(module.LOSSES)), _write=written.append)
    for step in (1, 2, 3, 4):
        one.sums[module.LOSSES.index("gen_ab")] += 3.0
        one.sums[module.LOSSES.index("disc_b")] += 2.0
        module.PublishedExperiment.observe(one, step)
    assert [(row["gen_ab"], row["disc_b"], row["epoch"]) for row in one.rows] == [(3, 2, 1), (3, 2, 2)]
    assert written == [2] and float(one.sums.sum()) == 0
    assert (tmp_path / module.HISTORY).read_text().splitlines()[0] == "gen_ab,disc_b,epoch,time"


def model(baseline):
    """Generators that can be followed: G_BA triples and negates, G_AB sums the channels; values are divided by 10."""
    return SimpleNamespace(
        baseline=baseline, norm=Scale(0.1), shapes=((1, 2, 2),) * 3, folder=None, epoch=None, state="eval",
        device="cpu", gen_ba=lambda x: torch.cat([3 * x, -x], 1), gen_ab=lambda x: x.sum(1, keepdim=True))


def test_images_of_a_domain():
    images = torch.ones(2, 1, 2, 2)
    found = translate.Model.images(model(False), 2, images)
    assert {name: [round(float(v), 5) for v in image[0].mean((1, 2))] for name, image in found.items()} == {
        "real_b": [1.0], "fake_a": [3.0, -1.0], "fake_a0": [3.0], "fake_a1": [-1.0], "reco_b": [2.0]}
    assert set(translate.Model.images(model(True), 2, images)) == {"real_b", "fake_a", "reco_b"}
    assert list(translate.Model.images(model(False), 1, images)) == ["real_a1"]


@pytest.mark.parametrize(("count", "written"), [(None, 7), (3, 4), (4, 4), (7, 7), (99, 7)])
def test_counts_are_rounded_up_to_whole_batches(tmp_path, monkeypatch, count, written):
    one = model(False)
    one.folder = tmp_path
    one.images = lambda domain, images: {"real_b": images}
    source = type("S", (), {"__len__": lambda self: 7, "read": lambda self, rows: torch.ones(len(rows), 1, 2, 2)})()
    folder = translate.translate(one, source, 2, "val", "ndarray", batch_size=2, count=count, label="x")
    assert folder == tmp_path / "evals/final/translated(x)_domain(2)_eval-val"
    assert {path.name for path in (folder / "real_b").iterdir()} == {f"sample_{k}.npz" for k in range(written)}
    one.epoch = 7
    assert translate.output_folder(one, 0, "test", None).parent.name == "epoch_0007"


def test_pictures_are_rounded_and_cut(tmp_path):
    """0.5 is 127.5 and becomes 128 (to even); below 0 and above 1 is cut."""
    from PIL import Image

    path, = translate.write(tmp_path / "a", torch.tensor([[[-1.0, 0.5], [0.25, 2.0]]]), "image")
    assert np.asarray(Image.open(path)).tolist() == [[0, 128], [64, 255]]
    path, = translate.write(tmp_path / "b", torch.zeros(2, 3, 4), "image")
    assert np.load(path)["arr_0"].shape == (3, 4, 2)


@pytest.mark.parametrize(("baseline", "asked", "source", "domain"), [
    (False, 0, "a0", 0), (False, 1, "a1", 1), (False, 2, "b", 2), (True, 0, "a1", 0), (True, 1, "b", 2)])
def test_the_two_domain_baseline_calls_its_mixtures_domain_one(monkeypatch, baseline, asked, source, domain):
    told = []
    one = SimpleNamespace(baseline=baseline, config={"data": {"datasets": [{"dataset": {"path": "synthetic:tiny"}}]}})
    monkeypatch.setattr(translate, "Model", lambda *words: one)
    monkeypatch.setattr(translate, "translate", lambda model, images, number, *rest, **more: told.append(
        (images, number)) or "folder")
    monkeypatch.setattr(work, "_domains", lambda data, split: SimpleNamespace(a0="a0", a1="a1", b="b"))
    monkeypatch.setattr(work, "located", lambda name: name)
    args = SimpleNamespace(model=None, epoch=None, model_state="eval", device="cpu", split="val", domain=asked, n=None,
                           batch_size=1, format="image", ext=["png"], label=None)
    assert work.translate_verb(args) == 0 and told == [(source, domain)]


def test_what_the_verbs_take_unless_told():
    """As published: domain 0 of the test split, one image at a time, pictures as png, final weights in evaluation."""
    from quakebook.uvcgan_s.published.verbs import parser

    args = parser().parse_args(["translate", "m", "--format", "image"])
    assert (args.split, args.domain, args.ext, args.batch_size, args.model_state) == ("test", 0, ["png"], 1, "eval")
    assert (args.epoch, args.n, args.label, args.device) == (None, None, None, "auto")
    args = parser().parse_args(["train", "sphenix"])
    assert (args.method, args.device, args.capture) == ("uvcgan-s", "auto", False)
    assert [getattr(args, name) for name in ("epochs", "steps_per_epoch", "batch_size", "seed", "checkpoint", "data")
            ] == [None] * 6
    args = parser().parse_args(["resize", "a", "b", "-s", "4", "8"])
    assert args.size == [4, 8] and args.interpolation == "lanczos"


def test_one_image_a_batch_unless_told(tmp_path):
    one, sizes = model(False), []
    one.folder = tmp_path
    one.images = lambda domain, images: sizes.append(len(images)) or {"real_b": images}
    source = type("S", (), {"__len__": lambda self: 2, "read": lambda self, rows: torch.ones(len(rows), 1, 2, 2)})()
    folder = translate.translate(one, source, 2, "val", "image")
    assert sizes == [1, 1] and sorted(path.name for path in (folder / "real_b").iterdir()) == [
        "sample_0.png", "sample_1.png"]


def test_resizing_and_fetching_end_with_zero(tmp_path, monkeypatch, capsys):
    from PIL import Image

    from quakebook.data.calorimeter import download
    from quakebook.uvcgan_s.published import verbs

    (tmp_path / "in").mkdir()
    Image.new("L", (8, 8), 7).save(tmp_path / "in/b.png")
    assert verbs.main(["resize", str(tmp_path / "in"), str(tmp_path / "out"), "-s", "4", "2"]) == 0
    assert capsys.readouterr().out == f"1 images\n{tmp_path / 'out'}\n"
    monkeypatch.setenv("UVCGAN_S_DATA", str(tmp_path))
    monkeypatch.setattr(download, "download", lambda name, **more: (name, more["folder"], more["overwrite"]))
    assert verbs.main(["download", "afhq", "--overwrite"]) == 0
    assert capsys.readouterr().out == f"{('afhq', tmp_path, True)}\n"


def test_only_lines_that_differ_are_shown(tmp_path):
    from quakebook.training.config import ConfigError
    from quakebook.uvcgan_s.published import model_folder

    model_folder.claim(tmp_path / "m", configs.published("sphenix"), "x")
    with pytest.raises(ConfigError) as refused:
        model_folder.claim(tmp_path / "m", configs.published("sphenix", batch_size=8), "x")
    lines = str(refused.value).splitlines()[1:]
    assert lines[:2] == ["--- old", "+++ new"] and lines[3:] == ['-    "batch_size": 4,', '+    "batch_size": 8,']


def test_toy_and_baseline_mean_the_published_settings():
    """Adam at 1e-4 with betas 0.5 and 0.99; averages of 0.999; the baseline has lambda 10, a share of 1/2, no clip."""
    from quakebook.uvcgan_s.published.meaning import settings_of

    toy, plain = (settings_of(configs.published("toy_mix_blur", method)) for method in ("uvcgan-s", "uvcgan-v2"))
    for made in (toy, plain):
        assert (made.optimiser.lr, made.optimiser.critic_lr, made.optimiser.beta1, made.optimiser.beta2) == (
            1e-4, 1e-4, 0.5, 0.99)
        assert (made.training.ema_decay, made.training.checkpoint_every, made.data.batch_size) == (0.999, 1000, 1)
        assert (made.network.critic, made.network.critic_blocks, made.network.critic_norm, made.network.spectral_norm
                ) == ("n_layers", 0, "instance", False)
        assert (made.data.records, made.data.dev_records, made.training.validate_every) == (0, 0, 0)
    assert (toy.objective.cycle_a1, toy.training.clip_norm) == (10, 0.5)
    assert (plain.objective.cycle_a1, plain.objective.cycle_b, plain.objective.identity_aa) == (10, 10, 0.5)
