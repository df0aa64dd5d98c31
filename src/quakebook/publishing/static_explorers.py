"""Explorers and films of an executed notebook as plain HTML: labelled controls, pictures in files of their own.

In JupyterLab an explorer is a widget. On a page it needs neither a kernel nor the widget script: its frames become
files that the browser fetches when a reader moves the slider, and ``quakebook.js`` exchanges them. Without scripts, and
in print, the first frame is shown. A film becomes a still picture with a button that starts and stops it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePosixPath
from typing import Any

from .ink import INK, is_ink, smaller

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
FRAMES = PurePosixPath("book/_assets/frames")
#: Screens that get the second layout of a figure (as in ``quakebook.css``).
NARROW = "(max-width: 720px)"
FILM = re.compile(r'<img src="data:image/gif;base64,([A-Za-z0-9+/=]+)" alt="([^"]*)"[^>]*>')


@dataclass
class Assets:
    """Pictures that a page needs, by their path in the staged tree, and how the page reaches them.

    Parameters
    ----------
    depth : int
        How many folders the page lies below the root of the book.
    files : dict of PurePosixPath to bytes
    """

    depth: int
    files: dict[PurePosixPath, bytes] = field(default_factory=dict)

    def add(self, content: bytes, suffix: str) -> str:
        """Keep a picture under its hash; returns its address on the page."""
        name = f"{hashlib.sha256(content).hexdigest()[:20]}.{suffix}"
        self.files[FRAMES / name] = content
        return "../" * self.depth + f"_static/frames/{name}"


def convert(notebook: Any, assets: Assets) -> None:
    """Replace explorers and films in the notebook's outputs; a widget of another make stays as it is."""
    state = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    left = False
    for output in (o for cell in notebook.cells for o in cell.get("outputs", [])):
        data = output.get("data", {})
        if VIEW in data:
            text = _explorer(state, data[VIEW]["model_id"], assets)
            left = left or text is None
            if text is not None:
                output["data"] = {"text/html": text}
        elif "text/html" in data:
            data["text/html"] = FILM.sub(lambda match: _film(match, assets), data["text/html"])
    if state and not left:
        notebook.metadata.pop("widgets")


def _explorer(state: dict, model_id: str, assets: Assets) -> str | None:
    """HTML of an explorer made by `quakebook.plots`; None for any other widget."""
    parts = _children(state, model_id)
    if [_kind(state, part) for part in parts[:2]] != ["HBoxModel", "StackModel"]:
        return None
    controls = {_kind(state, child): state[child]["state"] for child in _children(state, parts[0])}
    if "SelectionSliderModel" not in controls or "PlayModel" not in controls:
        return None
    slider, chooser = controls["SelectionSliderModel"], controls.get("DropdownModel")
    stacks = _children(state, parts[1]) if chooser else [parts[1]]
    frames = [[_picture(state[image]) for image in _children(state, stack)] for stack in stacks]
    rows = [[assets.add(frame, "png") for frame in row] for row in frames]
    small = [assets.add(smaller(_picture(state[image])), "png") for stack in parts[2:]
             for image in _children(state, stack)]
    length = len(rows[0])
    facts = {"name": slider.get("description") or "frame", "labels": list(slider["_options_labels"]), "rows": rows,
             "choice": (chooser.get("description") or "shown") if chooser else "",
             "choices": list(chooser["_options_labels"]) if chooser else [""],
             "interval": controls["PlayModel"].get("interval", 600),
             "small": [small[k:k + length] for k in range(0, len(small), length)]}
    return _explorer_html(facts, f"quakebook-frame {INK}" if is_ink(frames[0][0]) else "quakebook-frame")


def _explorer_html(facts: dict[str, Any], classes: str) -> str:
    name, labels = escape(facts["name"]), facts["labels"]
    options = "".join(f"<option>{escape(word)}</option>" for word in facts["choices"])
    chooser = f"<label>{escape(facts['choice'])} <select>{options}</select></label>" if facts["choice"] else ""
    small = f'<source media="{NARROW}" srcset="{facts["small"][0][0]}">' if facts["small"] else ""
    alt = ", ".join(word for word in (facts["choices"][0], f"{facts['name']}: {labels[0]}") if word)
    return (f'<figure class="qb-explorer" data-facts="{escape(json.dumps(facts))}">'
            f'<div class="qb-controls" hidden><button type="button" class="qb-play">play</button>'
            f'<label>{name} <input type="range" min="0" max="{len(labels) - 1}" value="0" step="1" '
            f'aria-valuetext="{escape(labels[0])}"></label> <output>{escape(labels[0])}</output>{chooser}</div>'
            f'<picture>{small}<img class="{classes}" src="{facts["rows"][0][0]}" alt="{escape(alt)}"></picture>'
            "</figure>")


def _film(match: re.Match, assets: Assets) -> str:
    """A film as its last picture (the first is often empty), with the address of the moving one."""
    from PIL import Image

    raw, still = base64.b64decode(match[1]), io.BytesIO()
    with Image.open(io.BytesIO(raw)) as film:
        film.seek(film.n_frames - 1)
        film.convert("RGB").quantize(128).save(still, format="png", optimize=True)
    picture = assets.add(still.getvalue(), "png")
    classes = f"quakebook-frame {INK}" if is_ink(still.getvalue()) else "quakebook-frame"
    return (f'<figure class="qb-film" data-film="{assets.add(raw, "gif")}"><div class="qb-controls" hidden>'
            f'<button type="button" class="qb-play">play the film</button></div>'
            f'<img class="{classes}" src="{picture}" alt="{match[2]}"></figure>')


def _children(state: dict, model_id: str) -> list[str]:
    children = state.get(model_id, {}).get("state", {}).get("children", [])
    return [child.removeprefix("IPY_MODEL_") for child in children]


def _kind(state: dict, model_id: str) -> str:
    return state.get(model_id, {}).get("model_name", "")


def _picture(model: dict) -> bytes:
    return next(base64.b64decode(b["data"]) for b in model.get("buffers", []) if b["path"] == ["value"])
