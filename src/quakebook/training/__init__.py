"""Training wing: configuration, runs that remember themselves, one loop, optional trackers.

Nothing heavy is imported here: `quakebook.training.fit` and its neighbours load torch when they are first used.
"""

from importlib import import_module

_HOMES = {
    "ConfigError": "config", "TrainingConfig": "config", "compose": "config", "from_dict": "config",
    "to_dict": "config", "to_yaml": "config",
    "Run": "runs", "obtain": "runs", "runs_root": "runs", "RunError": "files",
    "Experiment": "experiment", "fit": "loop", "track": "progress",
}  # fmt: skip
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
