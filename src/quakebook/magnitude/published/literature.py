"""Mode ``literature``: train one model on a real data set and report the number that a paper states of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from quakebook.exits import UsageError
from quakebook.magnitude.api import train
from quakebook.magnitude.data.splits import Splits, load_splits
from quakebook.magnitude.networks.checkpoint import Checkpoint, load
from quakebook.magnitude.scoring.magnitude_errors import scores
from quakebook.magnitude.scoring.pick_scores import detection_scores
from quakebook.magnitude.scoring.predict import predict_magnitudes
from quakebook.magnitude.scoring.predict_picks import predict_phases
from quakebook.publishing import claims

from .flags import is_synthetic
from .training import config_of_flags

#: MagNet's records of STEAD: signal-to-noise ratio of at least so many dB, distance of at most so many km.
MAGNET_SNR_DB, MAGNET_DISTANCE_KM = 20.0, 110.0
#: PhaseNet's threshold and tolerance.
PHASENET_THRESHOLD, PHASENET_TOLERANCE_S = 0.5, 0.1
#: CREIME sees at most two seconds of P: windows of 3000 samples with P at this one.
TWO_SECONDS_BEFORE = 3000 - 200


def compare_with_literature(args: argparse.Namespace) -> int:
    """Train (or find) the model and keep its number where the claims look for it; prints both."""
    if is_synthetic(args):
        raise UsageError("--mode literature needs a real data set: --dataset STEAD, or the folder of another one")
    model_type = getattr(args, "model_type", "magnet")
    if model_type not in MEASURES:
        raise UsageError(f"--mode literature knows what papers state of {', '.join(MEASURES)}; found {model_type}")
    settings = config_of_flags(args, model_type)
    splits = load_splits(settings.data)
    run = train(settings, root=Path(args.output_dir) / "runs", splits=splits, progress=print)
    metric, value = MEASURES[model_type](load(Path(run.path) / "model_best.pt"), splits)
    path = claims.report("magnitude", f"literature_{model_type}", {metric: value}, data="real", run=run)
    stated = [claim for claim in claims.load("magnitude") if claim.metric == metric]
    for claim in stated:
        print(f"{claim.says}; found {value:.3f} on {splits.label}")
    print(path)
    return 0


def magnet_std(checkpoint: Checkpoint, splits: Splits) -> tuple[str, float]:
    """Standard deviation of the error on records as loud and near as the paper's."""
    found = predict_magnitudes(checkpoint.model, checkpoint.model_type, splits.test)
    chosen = found.is_event & (found.snr_db >= MAGNET_SNR_DB) & (found.distance_km <= MAGNET_DISTANCE_KM)
    if not chosen.any():
        raise ValueError(f"{splits.label} has no test record with a signal-to-noise ratio of {MAGNET_SNR_DB:g} dB and "
                         f"a distance of at most {MAGNET_DISTANCE_KM:g} km (trace_snr_db, path_hyp_distance_km)")
    return "stead.magnet.std", scores(found.true[chosen], found.values("scalar")[chosen])["std"]


def picker_f1(checkpoint: Checkpoint, splits: Splits) -> tuple[str, float]:
    """F1 of P at the paper's threshold and tolerance."""
    picks = predict_phases(checkpoint.model, checkpoint.model_type, splits.test).picks["P"]
    return "ncedc.P.f1", detection_scores(picks, PHASENET_THRESHOLD, PHASENET_TOLERANCE_S)["f1"]


def two_seconds_rmse(checkpoint: Checkpoint, splits: Splits) -> tuple[str, float]:
    """RMSE of the last sample of windows that end two seconds after P."""
    found = predict_magnitudes(checkpoint.model, checkpoint.model_type, splits.test, before=TWO_SECONDS_BEFORE)
    event = found.is_event & np.isfinite(found.onset_s)
    return "stead.two_seconds.rmse", scores(found.true[event], found.values("post_p_mean")[event])["rmse"]


MEASURES: dict[str, Callable[[Checkpoint, Splits], tuple[str, float]]] = {
    "magnet": magnet_std, "phasenet": picker_f1, "phasenet_mag": two_seconds_rmse}
