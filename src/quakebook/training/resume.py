"""Everything that a training must remember to go on as if it had not stopped."""

from __future__ import annotations

from typing import Any

from lightning.fabric import Fabric

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
        state = {kind: {name: each.state_dict() for name, each in parts.items()}
                 for kind, parts in self._parts().items()}
        state |= {"step": step, "best": self.best, "stopped": self.stopped, "experiment": self.experiment.state_dict(),
                  "journal": journal.state_dict(), "precision": self.fabric._precision.state_dict()}
        journal.sync()
        self.run.save_checkpoint(LAST, state)

    def restore(self) -> tuple[int, dict[str, Any] | None]:
        """Number of completed steps, and the journal's state; (0, None) for a fresh training."""
        if not (self.run.path / "checkpoints" / f"{LAST}.pt").is_file():
            return 0, None
        state = self.run.load_checkpoint(LAST, self.fabric.device)
        try:
            for kind, parts in self._parts().items():
                for name, each in parts.items():
                    each.load_state_dict(state[kind][name])
            self.experiment.load_state_dict(state["experiment"])
            self.fabric._precision.load_state_dict(state["precision"])
            self.best, self.stopped = state["best"], state["stopped"]
            return state["step"], state["journal"]
        except (KeyError, RuntimeError, ValueError) as error:
            raise RunError(f"checkpoint {self.run.path / 'checkpoints' / 'last.pt'} does not fit this training "
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
