"""How the trainings of the chapter are recorded: digits, earthquakes in noise, jets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quakebook.training.recorded import Outcome

#: Decompositions of this many known mixtures are kept.
SHOWN = 6
#: Weights are kept of this seed alone: pages rebuild one generator of a method, and each takes half a megabyte.
KEPT_SEED = 0


def digits(variant: str, seed: int, device: str = "cpu", overrides: tuple[str, ...] = ()) -> Outcome:
    """One variant of the digits task, at the quick preset."""
    from .. import api
    from ..studies import digits as study

    settings = study.settings(variant, seed, f"training.device={device}", "training.progress=false", *overrides)
    run = api.train(settings)
    return Outcome({**run.record["metrics"], **_test(run)}, _through_training(run), settings=settings, run=run,
                   facts={"data": "synthetic", "title": study.VARIANTS[variant][0]}, weights=_weights(run, seed))


def seismic(method: str, seed: int, device: str = "cpu", overrides: tuple[str, ...] = ()) -> Outcome:
    """One method on spectrograms: errors, gains and picks on mixtures that no training saw."""
    from .. import api
    from ..data import spectrograms as task
    from ..studies import spectrograms as study

    settings = study.settings(method, seed, f"training.device={device}", "training.progress=false", *overrides)
    run = api.train(settings)
    mixtures = task.mixtures("test", task.DEFAULT["test"], settings.data.seed)
    scores = study.score(mixtures, lambda images: api.decompose(run, images))
    noise, signal = api.decompose(run, task.magnitudes(mixtures.mixture[:SHOWN]))
    extracted = task.waveforms_of(api.decompose(run, task.magnitudes(mixtures.mixture))[1], mixtures.mixture)
    arrays = {"mixture": mixtures.mixture[:SHOWN], "true_noise": mixtures.noise[:SHOWN],
              "true_signal": mixtures.signal[:SHOWN], "extracted": extracted[:SHOWN], "noise_magnitude": noise,
              "signal_magnitude": signal, "p_s": mixtures.p_s[:SHOWN]}
    return Outcome({**run.record["metrics"], **{f"test_{key}": value for key, value in scores.items()},
                    **_picks("extracted", extracted, mixtures)}, {**_through_training(run), **arrays},
                   settings=settings, run=run, weights=_weights(run, seed),
                   facts={"data": "synthetic", "title": study.METHODS[method][0]})


def seismic_classical() -> Outcome:
    """Filters that need no training, on the same mixtures as `seismic`."""
    from ..data import spectrograms as task
    from ..studies import spectrograms as study

    mixtures = task.mixtures("test", task.DEFAULT["test"])
    metrics = {f"{name.replace(' ', '_').replace('-', '_')}_{key}": value
               for name, row in study.baselines(mixtures).items() for key, value in row.items()}
    metrics |= {f"sum_{key}": value for key, value in study.sum_gap(mixtures).items()}
    waves = {"mixture": mixtures.mixture, "band_pass": study.band_pass(mixtures.mixture),
             "signal": mixtures.signal}
    for name, wave in waves.items():
        metrics |= _picks(name, wave, mixtures)
    return Outcome(metrics, {}, facts={"data": "model-free", "title": "classical filters"})


def jets(method: str, seed: int, steps: int, device: str = "auto", events: int = 4000,
         overrides: tuple[str, ...] = ()) -> Outcome:
    """One method on synthetic calorimeter jets, at the small configuration; one CUDA graph a step where it can be."""
    from .. import api
    from ..studies.regressions import jets as small
    from .jets import make_learned

    graph = device != "cpu" and torch.cuda.is_available()
    critics = () if method == "full" else ("objective.norm_critic=false", "objective.penalty=0")
    settings = small(method, seed, steps, f"training.device={device}", f"training.capture={str(graph).lower()}",
                     "training.progress=false", *critics, *overrides)
    run = api.train(settings)

    def separate(mixtures: Tensor) -> tuple[Tensor, Tensor]:
        parts = [api.decompose(run, images) for images in mixtures.float().split(500)]
        return torch.cat([a0 for a0, _ in parts]), torch.cat([a1 for _, a1 in parts])

    return make_learned(method, separate, events=events, arrays=_event_through_training(run), settings=settings,
                        run=run, weights=_weights(run, seed), facts={"data": "synthetic"})


def _test(run: Any) -> dict[str, float]:
    from .. import api

    return {f"test_{key}": value for key, value in api.evaluate(run, "test").items()}


def _through_training(run: Any) -> dict[str, Any]:
    """History of the scores and a few decompositions at every validation; the logged losses."""
    log = run.metrics()
    kinds = ("gen", "cycle", "idt", "disc", "gp", "pair", "flow")
    losses = {f"loss:{name}": log[name].to_numpy(float) for name in log.columns
              if name.split("_")[0] in kinds and log[name].notna().any()}
    arrays = {"log:step": log["step"].to_numpy(float), **losses}
    arrays |= {f"history:{key}": value for key, value in run.read_arrays("history").items()}
    return arrays | {f"shown:{key}": np.asarray(value, dtype=np.float32)
                     for key, value in run.read_arrays("shown").items()}


def _event_through_training(run: Any) -> dict[str, Any]:
    """The first known mixture at every validation, under the names that the jets page reads."""
    shown, arrays = run.read_arrays("shown"), _through_training(run)
    kept = {name: value for name, value in arrays.items() if not name.startswith("shown:")}
    return {**kept, "track:steps": shown["step"], "track:background": shown["parts"][:, 0, 0],
            "track:signal": shown["parts"][:, 0, 1], "track:true_background": shown["true_a0"][0, 0],
            "track:true_signal": shown["true_a1"][0, 0]}


def _weights(run: Any, seed: int) -> Mapping[str, Tensor]:
    """G_BA in float16: what decomposes, small enough to keep; nothing of other seeds than `KEPT_SEED`."""
    from .. import api

    if seed != KEPT_SEED:
        return {}
    network = api.generators_of(run)["gen_ba"]
    return {f"gen_ba.{key}": value.half().contiguous() for key, value in network.state_dict().items()}


def _picks(name: str, waveforms: Tensor, mixtures: Any) -> dict[str, float]:
    """What the classic trigger finds in waveforms."""
    from ..data.spectrograms import RATE_HZ
    from ..studies import picks

    score = picks.compare({name: waveforms}, mixtures.p_s, picks.sta_lta, RATE_HZ)[name]
    return {f"picks_{name}_{key}": value for key, value in vars(score).items()}
