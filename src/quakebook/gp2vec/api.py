"""Train and evaluate: configuration in, run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quakebook.training.config import ConfigError

from .data.splits import fingerprint, is_synthetic, load
from .settings import GP2VecConfig

if TYPE_CHECKING:
    import torch

    from quakebook.training.runs import Run

    from .data.windows import Pool
    from .objective.pretraining import GP2Vec

PAPER = "gp2vec"
#: A run's identity holds the source of these modules and of all that they import.
MODULES = ("quakebook.gp2vec.experiment", "quakebook.gp2vec.data.splits", "quakebook.gp2vec.scoring.evaluate",
           "quakebook.data.synthetic.generate")


def train(config: GP2VecConfig, pools: dict[str, Pool] | None = None) -> Run:
    """The finished pre-training of this configuration: at once if it exists, else trained now (a killed one goes on).

    Parameters
    ----------
    config : GP2VecConfig
    pools : dict, optional
        "train" and "dev" of ``config.data`` where a caller has them already; filled with what is loaded here. Only for
        synthetic records, whose identity is their settings.
    """
    from quakebook.training import loop, runs

    from .networks.build import architecture

    check_frames(config, architecture(config.network))
    loaded = {} if pools is None else pools
    for split, pool in loaded.items():
        count = config.data.records if split == "train" else config.data.dev_records
        if not is_synthetic(config.data.name) or (pool.source, len(pool)) != (config.data.name, count):
            raise ValueError(f"`pools[{split!r}]` must be {count} records of {config.data.name}; found {len(pool)} of "
                             f"{pool.source}")

    def work(run: Run) -> None:
        from .experiment import Pretrain

        device = data_device(config.training.device)
        for split in ("train", "dev"):
            if split not in loaded:
                loaded[split] = load(config.data, split, device=device)
        loop.fit(Pretrain(config, loaded["train"], loaded["dev"]), config.training, run)

    return runs.obtain(PAPER, config, fingerprint(config.data), MODULES, work)


def check_frames(config: GP2VecConfig, plan: object) -> None:
    """Refuse a window that gives too few latent frames to hide some and see others."""
    from .networks.encoder import lengths

    frames = lengths(plan.convolutions, config.data.samples, plan.padding)[-1]
    if frames < 8:
        raise ConfigError(f"`data.window_s` {config.data.window_s:g} gives {frames} latent frames at "
                          f"`network.rate` {config.network.rate}; at least 8 are needed")


def open_run(name: str) -> Run:
    """A finished run of this chapter by identity (or its beginning) or folder."""
    from quakebook.training.runs import Run

    run = Run.open(name)
    if run.paper != PAPER:
        raise ValueError(f"run {run.id} belongs to {run.paper!r}, not to {PAPER}")
    if not run.finished:
        raise ValueError(f"run {run.id} is {run.record.get('status')}; the train command that began it finishes it")
    return run


def settings_of(run: Run) -> GP2VecConfig:
    """The configuration that a run was made with."""
    from quakebook.training.config import from_dict

    if run.paper != PAPER:
        raise ValueError(f"run {run.id} belongs to {run.paper!r}, not to {PAPER}")
    return from_dict(GP2VecConfig, run.config)


def model_of(run: Run) -> GP2Vec:
    """The trained network of a run, in evaluation mode, with the run's objective."""
    from .experiment import MODEL_FILE, objective_of
    from .objective.pretraining import GP2Vec

    model = GP2Vec.from_pretrained(run.path / MODEL_FILE)
    model.objective = objective_of(settings_of(run).objective)
    return model


def evaluate(run: Run, split: str = "dev") -> dict[str, float]:
    """Score a run's network with the run's own settings.

    Parameters
    ----------
    run : Run
    split : {"dev", "train", "probe"}
        "dev" or "train": gap to chance, accuracy and code use on fixed windows; "probe": linear probes of the frozen
        features on records of their own.
    """
    from .scoring.evaluate import probe_metrics
    from .scoring.heldout import measure

    settings = settings_of(run)
    device = data_device(settings.training.device)
    model = model_of(run).to(device)
    if split == "probe":
        return probe_metrics(model, settings, device)
    pool = load(settings.data, split, device=device)
    return measure(model, pool, settings.data.samples, settings.evaluation.windows,
                   settings.evaluation.batch_size).metrics


def data_device(device: str) -> torch.device | str:
    """Where records are made and kept: the training device, "auto" being CUDA where there is one."""
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return device
