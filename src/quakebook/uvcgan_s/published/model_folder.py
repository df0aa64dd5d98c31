"""A published model folder: its name, config.json with the guard, weights, optimisers, schedulers, checkpoints."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from quakebook.training import checkpoint
from quakebook.training.config import ConfigError
from quakebook.training.files import RunError, write_atomic

CONFIG, LABEL, HISTORY = "config.json", "label", "history.csv"


def text_of(whole: dict[str, Any]) -> str:
    """config.json as the published program writes it: sorted keys, four spaces."""
    return json.dumps(whole, sort_keys=True, indent=4)


def folder_of(root: Path, whole: dict[str, Any], label: str | None) -> Path:
    """``root/model_m(MODEL)_d(DISC)_g(GEN)_LABEL``; without a label, the md5 of the sorted configuration."""
    label = label or hashlib.md5(json.dumps(whole, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    parts = (whole["model"], whole["discriminator"]["model"], whole["generator"]["model"])
    return root / "model_m({})_d({})_g({})_{}".format(*parts, label)


def claim(folder: Path, whole: dict[str, Any], label: str | None) -> None:
    """Write config.json and label, or refuse a folder that holds another configuration.

    Raises
    ------
    ConfigError
        The folder's config.json differs in any key: the message names the folder and the keys, shows old and new
        values, and says what to do.
    """
    path = folder / CONFIG
    if path.is_file():
        kept = read_config(folder)
        if json.dumps(kept, sort_keys=True) != json.dumps(json.loads(text_of(whole)), sort_keys=True):
            raise ConfigError(f"{folder} holds a model with other settings ({', '.join(differing(kept, whole))}); "
                              f"delete {path} to overwrite it, or give another --label\n{_difference(kept, whole)}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text_of(whole))
    write_atomic(folder / LABEL, label or "")


def read_config(folder: Path) -> dict[str, Any]:
    """config.json of a model folder. Raises RunError when it is absent or no JSON object."""
    path = folder / CONFIG
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{path} is not readable as the configuration of a model ({error})") from error
    if not isinstance(whole, dict) or "model" not in whole:
        raise RunError(f"{path} holds no configuration of a model")
    return whole


def differing(old: Any, new: Any, inside: str = "") -> list[str]:
    """Dotted keys whose values differ, list places as numbers."""
    new = json.loads(json.dumps(new))
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(key, old.get(key), new.get(key)) for key in sorted({*old, *new})]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(str(k), *each) for k, each in enumerate(zip(old, new, strict=True))]
    else:
        return [] if old == new else [inside]
    return [key for name, a, b in pairs if a != b for key in differing(a, b, f"{inside}.{name}".lstrip("."))]


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    return "\n".join(difflib.unified_diff(text_of(old).splitlines(), text_of(new).splitlines(), "old", "new",
                                          lineterm="", n=0))


def save_part(folder: Path, kind: str, name: str, state: dict[str, Any], epoch: int | None = None) -> Path:
    """One state dictionary: ``{net,opt,sched}_NAME.pth``, or of an epoch ``checkpoints/0001_{...}_NAME.pth``."""
    path = folder / f"{kind}_{name}.pth" if epoch is None else folder / "checkpoints" / f"{epoch:04d}_{kind}_{name}.pth"
    path.parent.mkdir(parents=True, exist_ok=True)
    return checkpoint.save(path, state)


def epochs_of(folder: Path, name: str) -> list[int]:
    """Epochs with a checkpoint of a network, in order."""
    return sorted({int(found.group(1)) for path in (folder / "checkpoints").glob(f"*_net_{name}.pth")
                   if (found := re.match(r"(\d+)_", path.name))})


def last_epoch(folder: Path, name: str) -> int:
    """Epoch of the last checkpoint of a network. Raises RunError where there is none."""
    epochs = epochs_of(folder, name)
    if not epochs:
        raise RunError(f"there is no checkpoint of {name} in {folder / 'checkpoints'}; without --epoch the final "
                       "weights are taken")
    return epochs[-1]


def weights_path(folder: Path, name: str, epoch: int | None = None) -> Path:
    """File of a network's weights: the final one, or of an epoch.

    Raises
    ------
    RunError
        It is not there; the message lists the epochs that are.
    """
    path = folder / f"net_{name}.pth" if epoch is None else folder / "checkpoints" / f"{epoch:04d}_net_{name}.pth"
    if not path.is_file():
        known = ", ".join(map(str, epochs_of(folder, name))) or "none"
        raise RunError(f"there is no {path}; checkpoints of {name}: {known}")
    return path
