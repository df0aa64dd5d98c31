"""Fabric for a configuration, and an experiment's networks and optimisers put in its hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import lightning_utilities.core.rank_zero as _talk
import torch
from lightning.fabric import Fabric
from lightning.fabric.plugins.environments import LightningEnvironment

from . import world
from .config import ConfigError, TrainingConfig
from .experiment import Experiment

_SET_BY_LAUNCHERS = ("MASTER_ADDR", "MASTER_PORT", "NODE_RANK", "LOCAL_RANK", "WORLD_SIZE", world.PARENT)
COMPILE = {"options": {"fallback_random": True}}  # dropout draws the masks that it draws without compilation


@contextmanager
def launched(config: TrainingConfig) -> Iterator[Fabric]:
    """Fabric with its processes started; the process group and the environment are cleaned up afterwards."""
    before = {key: os.environ.get(key) for key in _SET_BY_LAUNCHERS}
    alone = not (torch.distributed.is_available() and torch.distributed.is_initialized())
    with _silence():
        fabric = fabric_for(config)
    try:
        _start(fabric)
        yield fabric
    finally:
        if alone and torch.distributed.is_available() and torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
            _restore(before)
        _restore({world.PARENT: before[world.PARENT]})  # a process started later has another parent


def _restore(before: dict[str, str | None]) -> None:
    for key, value in before.items():
        os.environ.pop(key, None) if value is None else os.environ.__setitem__(key, value)


def _start(fabric: Fabric) -> None:
    world.end_with_parent()
    os.environ.setdefault(world.PARENT, str(os.getpid()))
    with _silence():
        fabric.launch()


def fabric_for(config: TrainingConfig) -> Fabric:
    """Raises ConfigError for a device or a strategy that is not there."""
    accelerator, devices = _device(config)
    world.check_world({"devices": config.devices, "num_nodes": config.num_nodes})
    world.check_machine(accelerator, config.devices, config.threads)
    if accelerator == "cpu" and config.precision == "16-mixed":  # Fabric would run bf16-mixed under the other name
        raise ConfigError("training.precision=16-mixed needs a GPU; on the CPU give training.precision=bf16-mixed")
    try:
        return Fabric(accelerator=accelerator, devices=devices, num_nodes=config.num_nodes,
                      precision=config.precision, strategy=_strategy(config, accelerator),
                      plugins=LightningEnvironment() if config.devices * config.num_nodes == 1 else None)
    except ConfigError:
        raise
    except (ImportError, ValueError, RuntimeError, TypeError) as error:
        raise ConfigError(f"training.strategy={config.strategy} on training.device={config.device} with "
                          f"training.devices={config.devices} cannot be used here: {error}") from error


@contextmanager
def _silence() -> Iterator[None]:
    """No "Using bfloat16 Automatic Mixed Precision" on every page; warnings stay."""
    levels = {log: log.level for log in (_talk.log, logging.getLogger("lightning.fabric"))}
    try:
        for log in levels:
            log.setLevel(logging.WARNING)
        yield
    finally:
        for log, level in levels.items():
            log.setLevel(level)


def _device(config: TrainingConfig) -> tuple[str, Any]:
    kind, _, index = config.device.partition(":")
    if kind not in ("auto", "cpu", "cuda", "mps") or (index and not index.isdigit()):
        raise ConfigError(f"`training.device` must be auto, cpu, cuda, cuda:INDEX or mps; found {config.device!r}")
    if kind == "cuda" and not torch.cuda.is_available():
        raise ConfigError("`training.device` is cuda, but torch sees no CUDA device here; use training.device=auto")
    if kind == "auto":
        kind = "cuda" if torch.cuda.is_available() else "cpu"
    return kind, [int(index)] if index else config.devices


def _strategy(config: TrainingConfig, accelerator: str) -> Any:
    if config.strategy == "fsdp":
        from lightning.fabric.strategies import ModelParallelStrategy

        from .sharded import shard

        return ModelParallelStrategy(shard, config.devices * config.num_nodes, 1,
                                     process_group_backend="gloo" if accelerator == "cpu" else None)
    if config.strategy == "deepspeed":
        try:
            import deepspeed  # noqa: F401
        except ImportError as error:
            raise ConfigError("training.strategy=deepspeed needs the package: pip install deepspeed") from error
    if config.strategy == "ddp" and accelerator == "cpu":
        from lightning.fabric.strategies import DDPStrategy

        return DDPStrategy(process_group_backend="gloo")
    return config.strategy


def place(experiment: Experiment, fabric: Fabric, config: TrainingConfig) -> None:
    """Build networks, move and wrap them, compile where asked, then make and wrap optimisers."""
    experiment.device, experiment.seed, experiment.total_steps = fabric.device, config.seed, config.steps
    experiment.rank, experiment.world_size = fabric.global_rank, fabric.world_size
    experiment.clip_norm, experiment.strategy = config.clip_norm or 0.0, config.strategy
    experiment.build()
    _check(experiment, "networks", torch.nn.Module)
    if config.compile:
        experiment.networks = {name: compiled(network) for name, network in experiment.networks.items()}
    if config.strategy == "deepspeed":
        return _place_jointly(experiment, fabric)
    experiment.networks = {name: fabric.setup_module(network) for name, network in experiment.networks.items()}
    experiment.configure()
    _check(experiment, "optimisers", torch.optim.Optimizer)
    experiment.schedulers = dict(experiment.schedulers)
    experiment.optimisers = {name: fabric.setup_optimizers(each) for name, each in experiment.optimisers.items()}
    experiment.backward, experiment.clip = fabric.backward, _clipper(experiment, fabric)


def compiled(network: torch.nn.Module) -> torch.nn.Module:
    """`torch.compile`, not ``network.compile()``: that one passes over torch's own modules such as Sequential."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="`torch.jit", category=DeprecationWarning)  # torch's own, on import
        import torch._inductor.compile_fx  # noqa: F401
    return torch.compile(network, **COMPILE)


def _place_jointly(experiment: Experiment, fabric: Fabric) -> None:
    """DeepSpeed wraps a network and its optimiser together, one of each."""
    experiment.configure()
    pairs = {name: fabric.setup(network, experiment.optimisers[name]) for name, network in experiment.networks.items()}
    experiment.networks = {name: pair[0] for name, pair in pairs.items()}
    experiment.optimisers = {name: pair[1] for name, pair in pairs.items()}
    experiment.schedulers = dict(experiment.schedulers)
    experiment.clip = _clipper(experiment, fabric)
    only = next(iter(experiment.networks.values()))
    experiment.backward = lambda loss, **options: fabric.backward(loss, **{"model": only, **options})


def _check(experiment: Experiment, attribute: str, kind: type) -> None:
    made = getattr(experiment, attribute, None)
    if not isinstance(made, dict) or not made or not all(isinstance(each, kind) for each in made.values()):
        raise TypeError(f"{type(experiment).__name__}.{attribute} must be a dict of name -> {kind.__name__}; "
                        f"found {made!r}")


def _clipper(experiment: Experiment, fabric: Fabric) -> Any:
    def clip(network: str, optimiser: str | None = None) -> None:
        if experiment.clip_norm:
            fabric.clip_gradients(experiment.networks[network], experiment.optimisers[optimiser or network],
                                  max_norm=experiment.clip_norm, error_if_nonfinite=False)

    return clip


def data_device(device: str) -> torch.device | str:
    """Where records are made and kept: the training device, "auto" being CUDA where there is one."""
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return device
