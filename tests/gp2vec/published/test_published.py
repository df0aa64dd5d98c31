"""The published names, samples and command lines."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from safetensors.torch import load_file

from quakebook.gp2vec.published import verbs
from quakebook.gp2vec.published.configs import ARCHIVE, settings
from quakebook.gp2vec.published.verbs import (
    absolute_config_path,
    copy_to,
    experiment_first,
    main,
    register_resolvers,
    train_tree,
)
from quakebook.training.config import ConfigError

gp2vec = pytest.importorskip("gp2vec")


def tree(*overrides, name="config"):
    """The composed tree, by the same rewriting as on the command line."""
    register_resolvers()
    first, *rest = experiment_first(overrides) or [""]
    if first.startswith("--config-name="):
        name, overrides = first.removeprefix("--config-name="), rest
    with initialize_config_dir(str(gp2vec.CONFIGS), version_base=None):
        return OmegaConf.to_container(compose(name, overrides=list(overrides)), resolve=True)


def test_names_are_one():
    import quakebook.gp2vec
    from gp2vec.evaluation.downstream import DownstreamEvaluator
    from gp2vec.models.gp2vec import GP2Vec

    assert GP2Vec is quakebook.gp2vec.GP2Vec is gp2vec.GP2Vec
    assert DownstreamEvaluator is quakebook.gp2vec.DownstreamEvaluator is gp2vec.DownstreamEvaluator


def test_published_sample():
    from gp2vec.models.gp2vec import GP2Vec

    model = GP2Vec().eval()
    metadata = {"latitude": torch.tensor([34.0] * 4), "longitude": torch.tensor([-118.0] * 4),
                "elevation": torch.tensor([100.0] * 4)}
    with torch.no_grad():
        assert model.encode(torch.randn(4, 3, 3000), metadata).shape == (4, 150, 768)


def test_moments_of_adam_keep_their_order():
    made = settings(tree("train.optimizer.betas=[0.7,0.8]")).optimiser
    assert (made.beta1, made.beta2) == (0.7, 0.8)


def test_published_values():
    values = tree()
    assert values["data"]["processing"] | {"bandpass": 0} == {"target_sampling_rate": 100.0, "window_length": 30.0,
                                                             "overlap": 0.5, "bandpass": 0}
    assert values["data"]["augmentation"] == {"enabled": True, "probability": 0.8, "time_shift": {"max_shift": 0.1}}
    assert values["data"]["metadata"]["enabled"] is True and values["data"]["metadata"]["fdsn_client"] == "IRIS"
    context, quantiser = values["model"]["context_encoder"], values["model"]["quantizer"]
    assert (context["embed_dim"], context["num_heads"], context["num_layers"]) == (768, 12, 12)
    assert (quantiser["type"], quantiser["codebook_size"], quantiser["num_codebooks"]) == ("gumbel", 320, 2)
    assert values["model"]["feature_encoder"]["conv_layers"][:2] == [
        {"channels": 64, "kernel_size": 10, "stride": 5}, {"channels": 128, "kernel_size": 8, "stride": 4}]
    train = values["train"]
    assert (train["optimizer"]["name"], train["optimizer"]["lr"], train["optimizer"]["weight_decay"]) == (
        "adamw", 1e-4, 0.01)
    assert (train["lr_scheduler"]["name"], train["lr_scheduler"]["warmup_steps"]) == ("cosine_with_warmup", 10000)
    assert (train["trainer"]["max_epochs"], train["trainer"]["devices"], train["trainer"]["strategy"],
            train["trainer"]["precision"]) == (100, "auto", "ddp", "16-mixed")
    assert set(values["wandb"]) == {"enabled", "project", "entity", "tags"}
    assert set(values["loggers"]["tensorboard"]) == {"enabled", "log_graph"}


@pytest.mark.parametrize("overrides", [
    ["data.batch_size=32"], ["model.embed_dim=1024", "train.max_epochs=200"], ["+experiment=debug"],
    ["+experiment=production"], ["data=small", "model=small", "train=debug"], ["model=tiny", "model/encoder=hz25"],
    ["wandb.enabled=true", "wandb.project=mine", "wandb.tags=[a,b]"], ["train.trainer.strategy=fsdp"],
    ["train.trainer.strategy=deepspeed"], ["train.trainer.precision=bf16-mixed"], ["model.quantizer.type=ema"],
    ["model.metadata_fusion.type=cross_attention"], ["train.optimizer.lr=5e-4"], ["train.trainer.devices=1"]])
def test_overrides_compose_into_settings(overrides):
    extra = ["train.ema.enabled=false"] if any("strategy" in each for each in overrides) else []
    settings(tree(*overrides, *extra), devices=1, gpu=False)


def test_overrides_arrive():
    made = settings(tree("data.batch_size=24", "model.embed_dim=512", "train.max_epochs=3", "data.records=240",
                         "model/encoder=hz25", name="config"), devices=1, gpu=True)
    assert (made.data.batch_size, made.network.width, made.network.heads, made.training.steps) == (24, 512, 8, 30)
    assert made.network.strides == (2, 2, 1, 1, 1)
    assert made.training.precision == "16-mixed" and made.training.strategy == "auto"
    assert made.training.ema_decay == pytest.approx(1 - 10 / 30)


def test_debug_experiment_by_both_roads():
    by_name, by_group = tree("model.embed_dim=512", name="experiment/debug"), tree("model.embed_dim=512",
                                                                                  "+experiment=debug")
    first, second = settings(by_name), settings(by_group)
    assert first == second and first.network.heads == 8 and first.training.steps == 320


@pytest.mark.parametrize(("override", "words"), [
    ("data.s3.bucket=other", "data.source=archive"), ("checkpointing.save_top_k=3", "save_top_k"),
    ("data.processing.target_sampling_rate=50.0", "target_sampling_rate"),
    ("train.optimizer.name=sgd", "optimiser.name"),
    ("+model.nonsense=1", "model.nonsense"), ("data.source=archive", "manifest_path"),
    ("model.context_encoder.num_heads=5", "num_heads"), ("model/encoder=hz5 ", None)])
def test_what_would_change_nothing_is_refused(override, words):
    if words is None:
        settings(tree(override.strip()))
        return
    with pytest.raises(ConfigError, match=words):
        settings(tree(override))


def test_archive_keys_have_their_published_defaults():
    from quakebook.gp2vec.networks.published_model import flatten

    flat = flatten(tree())
    assert {key: flat[key] for key in ARCHIVE} == ARCHIVE


def test_published_config_path_without_such_a_folder_is_that_of_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert absolute_config_path(["--config-path=configs"]) == [f"--config-path={gp2vec.CONFIGS}"]
    assert absolute_config_path(["--config-path=./configs/", "-cp", "other"]) == [f"--config-path={gp2vec.CONFIGS}",
                                                                                 "-cp", "other"]


def test_config_path_below_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "configs").mkdir()
    monkeypatch.chdir(tmp_path)
    assert absolute_config_path(["--config-path=configs", "--data.batch_size=4", "--config-path", "configs"]) == [
        f"--config-path={tmp_path / 'configs'}", "data.batch_size=4", "--config-path", str(tmp_path / "configs")]


TINY = ["train.max_steps=2", "data.records=16", "data.val_records=8", "data.batch_size=4", "model.embed_dim=64",
        "model.context_encoder.num_layers=1", "train.trainer.val_check_interval=1", "train.trainer.log_every_n_steps=1"]


def test_command_line(tmp_path):
    env = {**os.environ, "QUAKEBOOK_RUNS": str(tmp_path), "OMP_NUM_THREADS": "1", "QUAKEBOOK_BATCH": "1"}
    out = subprocess.run([sys.executable, "-m", "gp2vec.train.train", "--config-path=configs",
                          "--config-name=experiment/debug", *TINY],
                         env=env, cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert out.returncode == 0, out.stderr
    assert Path(out.stdout.strip().split("run: ")[1], "gp2vec.safetensors").is_file()
    wrong = subprocess.run([sys.executable, "-m", "gp2vec.train.train", "train.optimizer.lr=-1"], env=env,
                           cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert wrong.returncode == 2 and "optimiser.lr" in wrong.stderr


def test_a_strategy_whose_package_is_absent_is_refused_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "deepspeed", None)  # whether or not it is installed
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    status = main(["--config-name=experiment/debug", *TINY, "train.ema.enabled=false",
                   "train.trainer.strategy=deepspeed"])
    said = capsys.readouterr().err.strip()
    assert status == 2 and "pip install deepspeed" in said and len(said.splitlines()) == 1


def test_notes_are_heard_in_training(tmp_path, monkeypatch, caplog):
    """The caller's log level stays, and what is said of a data set is told once, on no file."""
    notes, root = logging.getLogger("quakebook"), logging.getLogger()
    level = root.level
    monkeypatch.setattr(verbs, "train_tree", lambda tree: [notes.warning("set: 2 rows are odd") for _ in range(2)])
    monkeypatch.chdir(tmp_path)
    assert main(["--config-name=experiment/debug"]) == 0
    assert caplog.messages == ["set: 2 rows are odd"] and root.level == level and not notes.disabled
    assert not list(tmp_path.rglob("*.log"))


def test_sharded_on_one_processor(tmp_path, monkeypatch, capsys):
    """A process group of one: the whole network is gathered from and divided among this process alone."""
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    sharded, plain = (
        load_file(Path(run, "gp2vec.safetensors")) for run in (
            trained(capsys, "train.trainer.strategy=fsdp"), trained(capsys, "train.trainer.strategy=auto")))
    assert set(sharded) == set(plain)
    for name, value in plain.items():
        torch.testing.assert_close(sharded[name], value, rtol=1e-4, atol=1e-6)


def trained(capsys, *overrides):
    """Folder of the run that the command line names."""
    assert main(["--config-name=experiment/debug", *TINY, "device=cpu", "train.trainer.devices=1", *overrides]) == 0
    return capsys.readouterr().out.strip().split("run: ")[1]


def test_half_precision_becomes_bfloat16_without_a_gpu():
    assert settings(tree(), gpu=False).training.precision == "bf16-mixed"
    assert settings(tree(), gpu=True).training.precision == "16-mixed"


def test_upload(tmp_path, monkeypatch):
    import fsspec

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    run = train_tree(tree("+experiment=debug", *TINY, "checkpointing.upload=memory://bucket/models"))
    names = {path.rsplit("/", 1)[1] for path in fsspec.filesystem("memory").find("/bucket/models")}
    assert "gp2vec.safetensors" in names and any(name.endswith(".pt") for name in names)
    assert copy_to(run, "memory://other/") == f"memory://other/{run.id}"


@pytest.fixture
def s3(monkeypatch):
    """An S3 server on loopback that the environment points to, with a bucket `models`."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    for name, value in (("AWS_ENDPOINT_URL", address), ("AWS_ACCESS_KEY_ID", "x"), ("AWS_SECRET_ACCESS_KEY", "x"),
                        ("AWS_DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=address)
    client.create_bucket(Bucket="models")
    yield client
    server.stop()


def test_upload_to_s3_gives_back_the_same_weights(s3, smoke_run):
    from quakebook.gp2vec.experiment import MODEL_FILE

    assert copy_to(smoke_run, "s3://models/gp2vec/") == f"s3://models/gp2vec/{smoke_run.id}"
    kept = s3.get_object(Bucket="models", Key=f"gp2vec/{smoke_run.id}/{MODEL_FILE}")["Body"].read()
    assert kept == (smoke_run.path / MODEL_FILE).read_bytes()
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="models")["Contents"]]
    assert any(key.endswith(".pt") for key in keys)


def test_an_upload_without_keys_is_refused_before_the_training(tmp_path, monkeypatch, capsys):
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    status = main(["--config-name=experiment/debug", *TINY, "checkpointing.upload=s3://models"])
    assert status == 2 and "AWS_ACCESS_KEY_ID" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_one_object_of_a_bucket_as_a_stream(s3, tmp_path):
    import numpy as np
    from obspy import Stream, Trace

    from gp2vec.data.decoder import read_mseed_s3

    samples = np.arange(500, dtype=np.int32)
    path = tmp_path / "one.ms"
    Stream([Trace(samples, {"station": "GPA", "sampling_rate": 100.0})]).write(str(path), "MSEED")
    s3.put_object(Bucket="models", Key="2022/one.ms", Body=path.read_bytes(), ACL="public-read")
    for found in (read_mseed_s3("s3://models/2022/one.ms"), read_mseed_s3("s3://models/2022/one.ms", anon=True),
                  read_mseed_s3(str(path))):
        assert found[0].stats.station == "GPA" and np.array_equal(found[0].data, samples)
