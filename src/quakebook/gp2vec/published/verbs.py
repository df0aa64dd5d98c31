"""``python -m gp2vec.train.train``: compose the published tree, train, and print where the result lies."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quakebook.notes import told_once
from quakebook.training.config import ConfigError

from .configs import settings


def absolute_config_path(arguments: Sequence[str]) -> list[str]:
    """A relative ``--config-path`` that exists below the current folder, as an absolute one.

    Hydra would look for it beside the Python file. A leading ``--`` before ``key=value`` is taken off.
    """
    out, take = [], False
    for text in arguments:
        if take:
            text, take = _absolute(text), False
        elif text in ("--config-path", "-cp"):
            take = True
        elif text.startswith(("--config-path=", "-cp=")):
            name, path = text.split("=", 1)
            text = f"{name}={_absolute(path)}"
        elif text.startswith("--") and "=" in text and not text.startswith(("--config-", "--package")):
            text = text.removeprefix("--")
        out.append(text)
    return out


def _absolute(path: str) -> str:
    """The folder below the current one; ``configs`` without one is the published tree that comes with the package."""
    from gp2vec import CONFIGS

    if Path(path).is_dir():
        return str(Path(path).resolve())
    return str(CONFIGS) if path.strip("/").removeprefix("./") == "configs" else path


def experiment_first(arguments: Sequence[str]) -> list[str]:
    """``+experiment=NAME`` as ``--config-name=experiment/NAME``: an experiment file already holds the whole tree.

    >>> experiment_first(["+experiment=debug", "seed=1"])
    ['--config-name=experiment/debug', 'seed=1']
    """
    names = [text.split("=", 1)[1] for text in arguments if text.startswith(("+experiment=", "experiment="))]
    rest = [text for text in arguments if not text.startswith(("+experiment=", "experiment="))]
    return [f"--config-name=experiment/{names[-1]}", *rest] if names else rest


def register_resolvers() -> None:
    """``${gp2vec.heads:768}`` is 12: heads of 64 numbers each."""
    from omegaconf import OmegaConf

    from ..networks.architecture import heads_of

    OmegaConf.register_new_resolver("gp2vec.heads", lambda width: heads_of(int(width)), replace=True)


def train_tree(tree: Mapping[str, Any]) -> Any:
    """Train what a composed tree describes; the finished run."""
    import torch

    from ..api import train

    gpus, tree = torch.cuda.device_count(), with_shards(tree)
    config = settings(tree, devices=max(1, gpus), gpu=gpus > 0)
    _tracker_environment(tree)
    if upload := (tree.get("checkpointing") or {}).get("upload"):
        upload_store(str(upload))
    run = train(config)
    if upload:
        print(f"uploaded: {copy_to(run, str(upload))}")
    print(f"run: {run.path}")
    return run


def with_shards(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same tree with an archive's windows cut into shards (once), where the source is an archive."""
    data = tree.get("data") or {}
    if data.get("source") != "archive":
        return tree
    if not data.get("manifest_path"):
        raise ConfigError("data.source=archive needs `data.manifest_path`, a manifest made by make_manifest")
    from quakebook.data.archive import ShardSet

    from .pipeline import SeismicDataPipeline
    from .stations import StationMetadataManager

    meta, rule, s3 = data["metadata"], data["processing"], data["s3"]
    manager = StationMetadataManager(meta.get("path"), meta.get("fdsn_base_url") or meta["fdsn_client"])
    pipeline = SeismicDataPipeline(
        data["manifest_path"], manager, rule["target_sampling_rate"], rule["window_length"], rule["overlap"],
        (rule["bandpass"]["low"], rule["bandpass"]["high"]), region=s3["region"], endpoint_url=s3["endpoint_url"],
        anonymous=s3["anon"])
    shards = pipeline.build()
    count = len(ShardSet(shards.store.url, split="train"))
    return {**tree, "data": {**data, "source": f"shards:{shards.store.url}", "records": count}}


def copy_to(run: Any, address: str) -> str:
    """Copy the trained weights and the last checkpoint below a folder, ``s3://bucket/folder`` or any address that
    fsspec knows; the place of the copies."""
    store = upload_store(address)
    for path in (run.path / "gp2vec.safetensors", *sorted((run.path / "checkpoints").glob("*.pt"))):
        store.write(f"{run.id}/{path.name}", path.read_bytes())
    return f"{address.rstrip('/')}/{run.id}"


def upload_store(address: str) -> Any:
    """The store to copy to. Raises ConfigError where its keys or its package are absent: before a training, not after.

    S3 is written by the archive's own store: fsspec would need a further package for it.
    """
    from quakebook.data.archive import StoreError, open_store

    place, options = address.rstrip("/"), {}
    try:
        if place.startswith("s3://"):
            options = {"region": os.environ.get("AWS_DEFAULT_REGION", "us-west-2"), "anonymous": False}
        elif "://" in place and not place.startswith("file://"):
            import fsspec

            place = fsspec.core.url_to_fs(place)
        return open_store(place, **options)
    except (StoreError, ImportError, ValueError) as error:
        raise ConfigError(f"`checkpointing.upload` {address}: {error}") from error


def _tracker_environment(tree: Mapping[str, Any]) -> None:
    """Project, entity and tags for Weights & Biases, where it is asked for; its client reads them from there."""
    wandb = tree.get("wandb") or {}
    if wandb.get("enabled"):
        for name, value in (("WANDB_PROJECT", wandb.get("project")), ("WANDB_ENTITY", wandb.get("entity")),
                            ("WANDB_TAGS", ",".join(wandb.get("tags") or []))):
            if value:
                os.environ.setdefault(name, str(value))


def main(arguments: Sequence[str] | None = None) -> int:
    """Hydra's command line on the published tree. 0 done, 2 a wrong wish, 1 any other failure."""
    import hydra
    from omegaconf import OmegaConf

    from gp2vec import CONFIGS
    from quakebook.data.errors import DataError

    register_resolvers()
    given = experiment_first(absolute_config_path(sys.argv[1:] if arguments is None else list(arguments)))
    # no log file in the current folder; Hydra's "disabled" would silence the notes about a data set as well
    quiet = ["hydra/job_logging=none", "hydra/hydra_logging=none"]
    before, sys.argv = sys.argv, ["gp2vec.train.train", *given, *quiet]
    status = 0

    def run(tree: Any) -> None:
        nonlocal status
        try:
            with told_once():
                train_tree(OmegaConf.to_container(tree, resolve=True))
        except (ConfigError, DataError) as error:
            print(f"gp2vec: {error}", file=sys.stderr)
            status = 2 if isinstance(error, ConfigError) else 1

    try:
        hydra.main(version_base=None, config_path=str(CONFIGS), config_name="config")(run)()
    finally:
        sys.argv = before
    return status
