"""Range checks of settings."""

from __future__ import annotations

from .config import ConfigError


def at_least(node: str, settings: object, **least: float) -> None:
    """Refuse values that are too small to mean anything."""
    for name, bound in least.items():
        if getattr(settings, name) < bound:
            raise ConfigError(f"`{node}.{name}` must be at least {bound}; found {getattr(settings, name)}")
