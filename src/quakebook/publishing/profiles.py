"""``profiles.yml``: which notebooks the batch runs, with which parameters, at each preset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from quakebook.project import PRESETS, Project

KEYS = (*PRESETS, "cost_s", "reads", "after")


class ProfileError(ValueError):
    """A fault in profiles.yml, or a notebook or preset that it does not have."""


@dataclass(frozen=True)
class Entry:
    """One notebook of the batch.

    Parameters
    ----------
    name : str
        Path below ``notebooks/`` without the ending, for example "bluedisc/01_without_a_model".
    parameters : dict of preset to dict
    cost_s : dict of preset to float
        Rough seconds on one core.
    reads : tuple of str
        Further files or folders, relative to the project, whose change reruns the notebook.
    last : bool
        Runs after all others and depends on them.
    """

    name: str
    parameters: dict[str, dict[str, Any]]
    cost_s: dict[str, float] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    last: bool = False

    @property
    def paper(self) -> str:
        """First folder of the name: the chapter; the name itself for a notebook outside a chapter."""
        return self.name.split("/")[0]


def load_profiles(project: Project) -> dict[str, Entry]:
    """Read and check ``profiles.yml``; every fault names the block."""
    try:
        blocks = yaml.safe_load(project.profiles.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, RecursionError) as error:
        raise ProfileError(f"{project.profiles}: not readable as YAML: {error}") from error
    if not isinstance(blocks, dict):
        raise ProfileError(f"{project.profiles}: expected one block a notebook; found {type(blocks).__name__}")
    return {name: _entry(name, block, f"{project.profiles}: {name}") for name, block in blocks.items()}


def _entry(name: Any, block: Any, where: str) -> Entry:
    if not isinstance(name, str) or name.startswith(("/", ".")) or ".." in name or name.endswith((".ipynb", ".py")):
        raise ProfileError(f"{where}: a notebook is named by its path below notebooks/ without the ending")
    if not isinstance(block, dict):
        raise ProfileError(f"{where}: expected the keys {', '.join(KEYS)}; found {block!r}")
    if unknown := sorted(set(block) - set(KEYS)):
        raise ProfileError(f"{where}: unknown {', '.join(map(str, unknown))}; known: {', '.join(KEYS)}")
    for preset in PRESETS:
        if not isinstance(block.get(preset), dict):
            raise ProfileError(f"{where}: {preset} must be a mapping of parameters; found {block.get(preset)!r}")
    costs = block.get("cost_s", {})
    if not isinstance(costs, dict) or set(costs) - set(PRESETS) or not all(
            isinstance(v, (int, float)) and v >= 0 for v in costs.values()):
        raise ProfileError(f"{where}: cost_s must give seconds per preset; found {costs!r}")
    reads = block.get("reads", [])
    if not isinstance(reads, list) or not all(isinstance(r, str) for r in reads):
        raise ProfileError(f"{where}: reads must be a list of paths; found {reads!r}")
    if block.get("after", "all") != "all":
        raise ProfileError(f"{where}: after can only be 'all'; found {block['after']!r}")
    return Entry(name, {preset: block[preset] for preset in PRESETS}, costs, tuple(reads), "after" in block)


def select(entries: dict[str, Entry], papers: list[str] | None) -> dict[str, Entry]:
    """Entries of the named chapters (or single notebooks); the notebooks that run last are left out then."""
    if not papers:
        return entries
    for word in papers:
        if not any(word in (e.name, e.paper) for e in entries.values()):
            known = ", ".join(sorted({e.paper for e in entries.values()}))
            raise ProfileError(f"no chapter or notebook {word!r}; chapters: {known}")
    return {name: e for name, e in entries.items() if e.name in papers or e.paper in papers}


def preset_known(preset: str) -> str:
    """`preset` itself, or an error that lists the presets."""
    if preset not in PRESETS:
        raise ProfileError(f"no preset {preset!r}; there are {', '.join(PRESETS)}")
    return preset
