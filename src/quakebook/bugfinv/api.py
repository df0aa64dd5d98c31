"""Train, evaluate: what the command line and the notebooks call."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from quakebook.data.elastic.model import ElasticModel
from quakebook.training import runs
from quakebook.training.config import ConfigError
from quakebook.training.run import Run

from .data.survey import Recording, Survey, build, check_size
from .settings import SYNTHETIC, UNTRAINED, BUGFInvConfig, DataConfig

PAPER = "bugfinv"
MODULES = ("quakebook.bugfinv.experiment", "quakebook.bugfinv.scoring.volumes", "quakebook.bugfinv.objective.lbfgs",
           "quakebook.data.elastic.synthetic")


def train(config: BUGFInvConfig) -> Run:
    """The finished run of a configuration; computed where it does not exist yet."""
    model = load_model(config.data)
    check_size(model, config.data.resolution_ratio)
    return runs.obtain(PAPER, config, model.fingerprint, MODULES, lambda run: _work(config, run))


def evaluate(run: Run, split: str = "test") -> dict[str, float]:
    """All scores, computed anew from the stored volumes.

    Parameters
    ----------
    run : Run
    split : {"test", "dev", "train"}
        All and blind traces ("test"), the validation wells ("dev"), or the wells that were trained on ("train").
    """
    from .scoring.volumes import score_volumes

    return score_volumes(run.read_arrays("volumes"), survey_of(settings_of(run).data), split)


def settings_of(run: Run) -> BUGFInvConfig:
    """The configuration that a run has stored."""
    return runs.settings_of(run, PAPER, BUGFInvConfig)


def open_run(name: str) -> Run:
    """A finished run of this chapter by identity (or its beginning) or folder."""
    return runs.open_finished(name, PAPER)


@lru_cache(maxsize=2)
def load_model(data: DataConfig) -> ElasticModel:
    """The elastic model of a configuration: made, or read from its path."""
    if data.name == SYNTHETIC:
        from quakebook.data.elastic import synthetic

        if data.every != 1:
            raise ConfigError("`data.every` leaves out traces of a model from files; the synthetic one is made in any "
                              "`data.shape`")
        return synthetic.make(data.shape, data.dt_s, data.seed)
    from quakebook.data.elastic.files import load_model as read

    return read(Path(data.name).expanduser(), dt_s=data.dt_s, shape=data.file_shape or None, dz_m=data.dz_m,
                byte_order="<" if data.byte_order == "little" else ">", every=data.every)


@lru_cache(maxsize=2)
def survey_of(data: DataConfig) -> Survey:
    """Gathers, wells and truth of a configuration."""
    recording = Recording(wavelet=data.wavelet, snr_db=data.snr_db, zoeppritz=data.zoeppritz, phase_deg=data.phase_deg,
                          frequency_error=data.frequency_error, resolution_ratio=data.resolution_ratio)
    return build(load_model(data), recording, data.n_wells, data.n_unlabelled, data.seed)


def _work(cfg: BUGFInvConfig, run: Run) -> None:
    survey = survey_of(cfg.data)
    if cfg.objective.method in UNTRAINED:
        _without_training(cfg, survey, run)
        return
    from quakebook.training.loop import fit

    from .experiment import Inversion

    fit(Inversion(cfg, survey), cfg.training, run)


def _without_training(cfg: BUGFInvConfig, survey: Survey, run: Any) -> None:
    import torch

    from .objective.lbfgs import invert
    from .scoring.volumes import report_volumes

    torch.set_num_threads(cfg.training.threads)
    if cfg.objective.method == "initial":
        report_volumes(run, survey, {"trained": survey.initial})
        return
    result = invert(survey)
    report_volumes(run, survey, {"trained": result.volume})
    run.report({"lbfgs.evaluations": result.evaluations, "lbfgs.misfit": result.misfit})
