"""Train, evaluate and apply: configuration in, run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quakebook.training.devices import data_device

from .data.load import fingerprint, load
from .settings import UvcganConfig

if TYPE_CHECKING:
    from torch import Tensor, nn

    from quakebook.training.runs import Run

    from .data.domains import Domains

PAPER = "uvcgan_s"
#: A run's identity holds the source of these modules and of all that they import.
MODULES = ("quakebook.uvcgan_s.experiment", "quakebook.uvcgan_s.data.load")


def train(config: UvcganConfig, domains: dict[str, Domains] | None = None) -> Run:
    """The finished run of this configuration: at once if it exists, else trained now (a killed one goes on).

    Parameters
    ----------
    config : UvcganConfig
    domains : dict, optional
        "train" and "dev" in place of those of ``config.data`` (their content then belongs to the run's identity).
    """
    from quakebook.training import loop, runs

    given = dict(domains or {})
    identity = fingerprint(config.data) if not given else "|".join(
        f"{split} {each.fingerprint}" for split, each in sorted(given.items()))

    def work(run: Run) -> None:
        from .experiment import DecompositionExperiment

        device = data_device(config.training.device)
        both = {split: given.get(split) or load(config.data, split, device) for split in ("train", "dev")}
        loop.fit(DecompositionExperiment(config, both["train"], both["dev"]), config.training, run)

    return runs.obtain(PAPER, config, identity, MODULES, work)


def open_run(name: str) -> Run:
    """A finished run of this chapter by identity (or its beginning) or folder."""
    from quakebook.training.runs import Run

    run = Run.open(name)
    if run.paper != PAPER:
        raise ValueError(f"run {run.id} belongs to {run.paper!r}, not to {PAPER}")
    if not run.finished:
        raise ValueError(f"run {run.id} is {run.record.get('status')}; the train command that began it finishes it")
    return run


def settings_of(run: Run) -> UvcganConfig:
    """The configuration that a run was made with."""
    from quakebook.training.config import from_dict

    if run.paper != PAPER:
        raise ValueError(f"run {run.id} belongs to {run.paper!r}, not to {PAPER}")
    return from_dict(UvcganConfig, run.config)


def generators_of(run: Run) -> dict[str, nn.Module]:
    """The trained generators (their moving averages) of a run, in evaluation mode: gen_ba and, if trained, gen_ab."""
    from .experiment import GENERATORS_FILE
    from .networks.checkpoint import load_generators

    return load_generators(run.path / GENERATORS_FILE)[0]


def decompose(run: Run, mixtures: Tensor) -> tuple[Tensor, Tensor]:
    """Background and signal of mixtures (n, C, H, W) by a run's averaged generator, on the CPU.

    Raises
    ------
    ValueError
        A value that the run's norm cannot take; the message names its place.
    """
    from .data.normalise import norm_of, refuse_undefined
    from .experiment import GENERATORS_FILE
    from .networks.checkpoint import load_generators
    from .scoring import translate

    networks, objective, shapes = load_generators(run.path / GENERATORS_FILE)
    norm = norm_of(objective)
    refuse_undefined(mixtures, norm, "mixtures")
    if objective.method == "uvcgan2":
        _, signal = translate.decompose(networks["gen_ba"], mixtures, norm, 0)
        return mixtures - signal, signal
    return translate.decompose(networks["gen_ba"], mixtures, norm, shapes[0][0])


def evaluate(run: Run, split: str = "dev") -> dict[str, float]:
    """Mean absolute errors of both parts of a split's known mixtures, beside the trivial answer.

    Returns
    -------
    dict
        error, error_a0, error_a1, sum_gap, and trivial_error, ... where mixture and parts have one shape.
    """
    import torch

    from .scoring.part_errors import additivity, errors, trivial_errors

    settings = settings_of(run)
    domains = load(settings.data, split)
    if domains.truth is None:
        raise ValueError(f"the parts of the mixtures of {domains.name} are not known, so nothing can be scored")
    rows = torch.arange(len(domains.b))
    mixture, truth = domains.b.read(rows), [part.read(rows) for part in domains.truth]
    size = settings.evaluation.batch_size
    parts = [decompose(run, images) for images in mixture.split(size)]
    a0, a1 = (torch.cat([each[k] for each in parts]) for k in (0, 1))
    scores = errors(a0, a1, *truth) | additivity(a0, a1, mixture)
    same = mixture.shape == truth[0].shape == truth[1].shape
    return scores | (trivial_errors(mixture, *truth) if same else {})
