"""The one training loop of the book, on Lightning Fabric: readable top to bottom, no host read inside a step.

Exact resume: a batch depends on (seed, step) only, and torch is seeded anew from (seed, step) before every step. A
training killed at any moment and started again ends, on one CPU, with the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim.lr_scheduler import ReduceLROnPlateau

from . import devices, facts
from .averages import Averages
from .capture import Captured
from .config import TrainingConfig
from .experiment import Experiment
from .interrupts import Interrupts
from .journal import Journal
from .resume import Memory
from .run import Run
from .seeding import Seeder, mix, torch_state

__all__ = ["Experiment", "fit"]

BUILDING, VALIDATING, FINISHING = -1, 1 << 40, 1 << 41  # "steps" of the seeds for what is no training step


def fit(experiment: Experiment, config: TrainingConfig, run: Run) -> None:
    """Train, from the last checkpoint of `run` where there is one, and let the experiment write its results.

    Parameters
    ----------
    experiment : Experiment
    config : TrainingConfig
    run : Run
        Open for writing; see `runs.obtain`.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C, after a checkpoint has been written: the same call goes on from there.
    FloatingPointError
        A loss became NaN or infinite.
    ConfigError, RunError
    """
    with torch_state(config.threads, config.precision == "64-true", config.deterministic), Interrupts() as interrupts:
        torch.manual_seed(mix(config.seed, BUILDING))
        with devices.launched(config) as fabric:
            devices.place(experiment, fabric, config)
            seed = Seeder(config.seed, fabric.device, fabric.global_rank)
            experiment.generator = seed.generator
            seed(BUILDING, shared=True)
            experiment.prepare(fabric.device)
            run.note(device=facts.device_name(fabric.device), devices=fabric.world_size,
                     precision=fabric._precision.precision)
            memory = Memory(experiment, fabric, run, _averages(experiment, config))
            start, state = memory.restore()
            with Journal(run, config, start, state) as journal:
                _train(experiment, config, start, memory, journal, seed, interrupts)
                journal.bar.close()
                seed(FINISHING, shared=True)
                for network in experiment.networks.values():
                    network.eval()
                with torch.no_grad():
                    experiment.finish(run)
            run.note(peak_memory_mb=facts.peak_memory_mb(fabric.device))


def _averages(experiment: Experiment, config: TrainingConfig) -> Averages | None:
    if not config.ema_decay:
        return None
    averages = Averages({name: experiment.original(name) for name in experiment.networks}, config.ema_decay)
    experiment.averages = averages.networks
    return averages


def _train(experiment: Experiment, config: TrainingConfig, start: int, memory: Memory, journal: Journal, seed: Seeder,
           interrupts: Interrupts) -> None:
    run_step = _stepper(experiment, config, seed)
    advance = [each for each in experiment.schedulers.values() if not isinstance(each, ReduceLROnPlateau)]
    done = start
    for step in range(config.steps if memory.stopped else start, config.steps):
        seed(step)
        losses = run_step(experiment.batch(step), step)
        for scheduler in advance:
            scheduler.step()
        if memory.averages:
            memory.averages.update()
        done = step + 1
        journal.add(done, losses, experiment.optimisers)
        with torch.no_grad():
            experiment.observe(done)
        if config.validate_every and done % config.validate_every == 0 and done < config.steps:
            memory.stopped = _validate(experiment, done, memory, journal, seed)
        leaving = interrupts.agreed(memory.fabric, done % config.log_every == 0)
        if leaving or memory.stopped or (config.checkpoint_every and done % config.checkpoint_every == 0):
            memory.save(done, journal)
        if leaving:
            interrupts.leave()
        if memory.stopped:
            break
    journal.flush(done, experiment.optimisers)
    if not memory.stopped:
        _validate(experiment, done, memory, journal, seed)
    memory.save(done, journal)


def _stepper(experiment: Experiment, config: TrainingConfig, seed: Seeder) -> Callable[[Any, int], dict[str, Tensor]]:
    for network in experiment.networks.values():
        network.train()
    return Captured(experiment, seed) if config.capture else lambda batch, _: experiment.step(batch)


def _validate(experiment: Experiment, step: int, memory: Memory, journal: Journal, seed: Seeder) -> bool:
    """Validation into the log, plateau schedules and the best checkpoint; true to stop early."""
    modes = {name: network.training for name, network in experiment.networks.items()}
    for network in experiment.networks.values():
        network.eval()
    seed(VALIDATING + step, shared=True)
    with torch.no_grad():
        values = {key: float(value) for key, value in experiment.validate(step).items()}
    for name, network in experiment.networks.items():
        network.train(modes[name])
    if not values:
        return False
    journal.record(step, values)
    for scheduler in experiment.schedulers.values():
        if isinstance(scheduler, ReduceLROnPlateau):
            scheduler.step(values[experiment.monitor])
    memory.keep_best(step, values)
    return bool(memory.fabric.broadcast(bool(experiment.stop_early(step))))
