"""Train and evaluate: configuration in, run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quakebook.training.devices import data_device

from .data.splits import fingerprint, is_synthetic, load, size_of
from .settings import BlueDiscConfig

if TYPE_CHECKING:

    from quakebook.data.records import Records
    from quakebook.training.runs import Run

    from .networks.generator import Generator
    from .scoring.predict import Evaluation

PAPER = "bluedisc"
#: A run's identity holds the source of these modules and of all that they import.
MODULES = ("quakebook.bluedisc.experiment", "quakebook.bluedisc.data.splits", "quakebook.data.synthetic.generate")


def train(config: BlueDiscConfig, records: dict[str, Records] | None = None) -> Run:
    """The finished run of this configuration: at once if it exists, else trained now (a killed one goes on).

    Parameters
    ----------
    config : BlueDiscConfig
    records : dict, optional
        "train" and "dev" of ``config.data`` where a caller has them already; filled with what is loaded here.
    """
    from quakebook.training import loop, runs

    loaded = {} if records is None else records
    for split, given in loaded.items():
        _expect(config, split, given)
    identity = fingerprint(config.data, loaded)

    def work(run: Run) -> None:
        from .experiment import PickerExperiment

        for split in ("train", "dev"):
            if split not in loaded:
                loaded[split] = load(config.data, split, device=data_device(config.training.device))
        loop.fit(PickerExperiment(config, loaded["train"], loaded["dev"]), config.training, run)

    return runs.obtain(PAPER, config, identity, MODULES, work)


def _expect(config: BlueDiscConfig, split: str, given: Records) -> None:
    """Refuse records that are not those of the configuration: a run's identity is made from the configuration."""
    count = size_of(config.data, split)
    if is_synthetic(config.data.name) and (given.source, len(given)) != (config.data.name, count):
        raise ValueError(f"`records[{split!r}]` must be {count} of {config.data.name}; found {len(given)} of "
                         f"{given.source}")


def open_run(name: str) -> Run:
    """A finished BlueDisc run by identity (or its beginning) or folder."""
    from quakebook.training import runs

    return runs.open_finished(name, PAPER)


def settings_of(run: Run) -> BlueDiscConfig:
    """The configuration that a run was made with."""
    from quakebook.training import runs

    return runs.settings_of(run, PAPER, BlueDiscConfig)


def generator_of(run: Run, label: str | None = None) -> Generator:
    """The trained generator of a run, in eval mode; `label` refuses a run with another third channel."""
    from .experiment import GENERATOR_FILE
    from .networks.generator import load_generator

    return load_generator(run.path / GENERATOR_FILE, label)


def evaluate(run: Run, split: str = "dev") -> dict[str, float]:
    """Score a run's generator on the fixed windows of a split, with the run's own settings.

    Peaks are compared with the picks as they are given, in fractions of a sample. The table that `artefacts` writes
    follows the published program, which takes whole-sample peaks of the label curve for the picks: there a peak may lie
    up to half a sample farther away on both sides and still count, and picks of one phase closer than 1 s are one.

    Returns
    -------
    dict
        ``P.tp``, ``S.tp``, ``S.below``, ...: see `evaluation.statistics`.
    """
    return evaluate_split(run, split).metrics()


def evaluate_split(run: Run, split: str = "dev", limit: int = 0) -> Evaluation:
    """As `evaluate`, with all peaks; only the first `limit` windows, 0 = all."""
    from .data.windows import Samples
    from .scoring.predict import evaluate_generator

    settings = settings_of(run)
    device = data_device(settings.training.device)
    samples = Samples(load(settings.data, split, device=device).to(device), settings.objective.label)
    return evaluate_generator(generator_of(run, settings.objective.label).to(device), samples, settings.evaluation,
                              limit)


