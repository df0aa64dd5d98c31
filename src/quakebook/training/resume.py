"""Everything that a training must remember to go on as if it had not stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lightning.fabric import Fabric

from . import checkpoint, sharded
from .averages import Averages
from .experiment import Experiment
from .files import RunError
from .journal import Journal
from .run import Run

LAST, BEST = "last", "best"


class Memory:
    """Saves and restores one training: ``checkpoints/last.pt`` and, with a monitor, ``checkpoints/best.pt``."""

    def __init__(self, experiment: Experiment, fabric: Fabric, run: Run, averages: Averages | None) -> None:
        self.experiment, self.fabric, self.run, self.averages = experiment, fabric, run, averages
        self.best: float | None = None
        self.stopped = False

    def _parts(self) -> dict[str, dict[str, Any]]:
        found = {"networks": self.experiment.networks, "optimisers": self.experiment.optimisers,
                 "schedulers": self.experiment.schedulers}
        if self.averages:
            found["averages"] = self.averages.networks
        return found

    def save(self, step: int, journal: Journal) -> None:
        """After `step` completed steps."""
        state = {kind: {name: self._state_of(kind, name, each) for name, each in parts.items()}
                 for kind, parts in self._parts().items()}
        state |= {"step": step, "best": self.best, "stopped": self.stopped, "experiment": self.experiment.state_dict(),
                  "journal": journal.state_dict(), "precision": self.fabric._precision.state_dict()}
        journal.sync()
        if self.run.writable or self._each_for_itself:
            checkpoint.save(self._path, state)

    @property
    def _each_for_itself(self) -> bool:
        """DeepSpeed leaves each process its own part of the optimiser's state: each saves a file."""
        return self.experiment.strategy == "deepspeed"

    @property
    def _path(self) -> Path:
        rank = self.fabric.global_rank if self._each_for_itself else 0
        return self.run.path / "checkpoints" / f"{LAST}{f'-{rank}' if rank else ''}.pt"

    def _state_of(self, kind: str, name: str, each: Any) -> dict[str, Any]:
        if self.experiment.strategy == "fsdp" and kind == "networks":
            return sharded.network_state(each)
        if self.experiment.strategy == "fsdp" and kind == "optimisers":
            return sharded.optimiser_state(self.experiment.networks[name], each)
        return each.state_dict()

    def _load(self, kind: str, name: str, each: Any, state: dict[str, Any]) -> None:
        if self.experiment.strategy == "fsdp" and kind == "networks":
            sharded.load_network(each, state)
        elif self.experiment.strategy == "fsdp" and kind == "optimisers":
            sharded.load_optimiser(self.experiment.networks[name], each, state)
        else:
            each.load_state_dict(state)

    def restore(self) -> tuple[int, dict[str, Any] | None]:
        """Number of completed steps, and the journal's state; (0, None) for a fresh training."""
        if not self._path.is_file():
            return 0, None
        state = checkpoint.load(self._path, self.fabric.device)
        try:
            for kind, parts in self._parts().items():
                for name, each in parts.items():
                    self._load(kind, name, each, state[kind][name])
            self.experiment.load_state_dict(state["experiment"])
            self.fabric._precision.load_state_dict(state["precision"])
            self.best, self.stopped = state["best"], state["stopped"]
            return state["step"], state["journal"]
        except (KeyError, RuntimeError, ValueError) as error:
            raise RunError(f"checkpoint {self._path} does not fit this training "
                           f"({str(error).splitlines()[0]}); remove the run's folder to start again") from error

    def keep_best(self, step: int, values: dict[str, float]) -> None:
        """Save the networks when the monitored value is the best so far (NaN never is)."""
        name, sign = self.experiment.monitor, -1.0 if self.experiment.monitor_mode == "max" else 1.0
        if name is None:
            return
        if name not in values:
            raise KeyError(f"{type(self.experiment).__name__}.monitor is {name!r}, but validate returned "
                           f"{', '.join(values) or 'nothing'}")
        value = float(values[name])
        if value == value and (self.best is None or sign * value < sign * self.best):
            self.best = value
            networks = {key: self.experiment.weights(key) for key in self.experiment.networks}
            self.run.save_checkpoint(BEST, {"step": step, name: value, "networks": networks})
