"""How many processes were started for one training, which of them this is, and what the machine can carry.

torchrun's and SLURM's variables are read through Lightning Fabric's environments, as the training itself reads them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .schema import ConfigError

PARENT = "QUAKEBOOK_PARENT"  # process id of the one that starts helpers, for `end_with_parent`
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class World:
    """Processes of one training: how many, the number of this one, and who started them ("" for nobody yet)."""

    size: int
    rank: int
    launcher: str = ""


def world(training: Mapping[str, Any] | None = None) -> World:
    """The processes that this one belongs to.

    Parameters
    ----------
    training : mapping, optional
        ``devices`` and ``num_nodes``: what Fabric will start where no launcher has started anything.
    """
    devices, nodes = (int((training or {}).get(key) or 1) for key in ("devices", "num_nodes"))
    names = os.environ
    launched = "TORCHELASTIC_RUN_ID" in names or "SLURM_NTASKS" in names
    if launched and (outside := _launched(devices * nodes)) is not None:
        return outside
    node = int(names.get("NODE_RANK") or names.get("GROUP_RANK") or 0)
    size = int(names.get("WORLD_SIZE") or 0)
    if size > 1:
        each = int(names.get("LOCAL_WORLD_SIZE") or devices)
        rank = int(names["RANK"]) if names.get("RANK") else node * each + int(names.get("LOCAL_RANK") or 0)
        return World(size, rank, "" if PARENT in names else "the environment (WORLD_SIZE)")
    return World(devices * nodes, node * devices if nodes > 1 else 0)


def _launched(wanted: int) -> World | None:
    from lightning.fabric.plugins.environments import SLURMEnvironment, TorchElasticEnvironment

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "srun is available but is not used": the check below says what is wrong
        for kind, name in ((TorchElasticEnvironment, "torchrun (WORLD_SIZE)"),
                           (SLURMEnvironment, "SLURM (SLURM_NTASKS)")):
            if not kind.detect():
                continue
            if kind is SLURMEnvironment and wanted == 1 and "SLURM_STEP_ID" not in os.environ:
                return World(1, 0, name)  # in a batch script, outside srun: alone, however many tasks are reserved
            try:
                return World(kind().world_size(), kind().global_rank(), name)
            except (KeyError, ValueError, RuntimeError) as error:
                raise ConfigError(f"the variables of {name} do not describe one training ({error}); start with "
                                  "torchrun, or with srun --ntasks-per-node, or unset them") from error
    return None


def check_world(training: Mapping[str, Any]) -> World:
    """Refuse a number of processes that differs from what the settings say.

    Raises
    ------
    ConfigError
        Names both numbers and where each comes from.
    """
    found = world(training)
    devices, nodes = (int(training.get(key) or 1) for key in ("devices", "num_nodes"))
    if found.size != devices * nodes:
        raise ConfigError(f"training.devices={devices} on training.num_nodes={nodes} asks for {devices * nodes} "
                          f"process(es), but {found.launcher} has {found.size}; make the two agree")
    return found


def check_machine(kind: str, devices: int, threads: int) -> None:
    """Refuse more devices or threads than this machine has.

    Raises
    ------
    ConfigError
    """
    import torch

    cores = os.cpu_count() or 1
    have = torch.cuda.device_count() if kind == "cuda" else 1 if kind == "mps" else cores
    if devices > have:
        what = {"cuda": "CUDA devices", "mps": "MPS device"}.get(kind, "processor cores")
        raise ConfigError(f"`training.devices` is {devices}, but this machine has {have} {what}")
    if threads > cores:
        raise ConfigError(f"`training.threads` is {threads}, but this machine has {cores} processor cores")


def end_with_parent() -> None:
    """In a helping process that Fabric started: end when the process that started it ends, however that happens.

    On Linux by the kernel (PR_SET_PDEATHSIG); elsewhere nothing is done. Does nothing in other processes.
    """
    parent = os.environ.get(PARENT)
    if not parent or not sys.platform.startswith("linux") or parent == str(os.getpid()):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != int(parent):  # it ended before the kernel had been asked
        os._exit(128 + signal.SIGKILL)
