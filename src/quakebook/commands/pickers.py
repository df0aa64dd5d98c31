"""Pickers by the words of the command line: a run, a recorded picker, or a model file of SeisBench."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quakebook.commands.chapters import UsageError

HELP = ("run (folder or identity), recorded picker (bluedisc:hybrid-42), .safetensors file of a BlueDisc picker, or "
        "model of SeisBench: CLASS:PATH for files PATH.json and PATH.pt, PATH alone for a PhaseNet, CLASS:NAME for "
        "pretrained weights")


@dataclass(frozen=True)
class Picker:
    """A model and what is known of it.

    Attributes
    ----------
    model : seisbench.models.WaveformModel
        In eval mode, on the CPU.
    name : str
        For files and messages.
    activation : {"softmax", "sigmoid"}
        What the outputs were trained with.
    run : Run, optional
        Where it comes from a run.
    recorded : str
        Name of the recorded training, else empty.
    facts : dict
        Lines for a model card.
    """

    model: Any
    name: str
    activation: str = "softmax"
    run: Any = None
    recorded: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """Digest of class, arguments and weights."""
        from quakebook.picking.export.model import arguments_of

        digest = hashlib.blake2b(type(self.model).__name__.encode(), digest_size=8)
        digest.update(json.dumps(arguments_of(self.model, type(self.model)), sort_keys=True).encode())
        for name, value in sorted(self.model.state_dict().items()):
            digest.update(name.encode())
            digest.update(value.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()


def load_picker(word: str) -> Picker:
    """A picker by its word; see `HELP`.

    Raises
    ------
    UsageError
        Nothing of that name, or no picker.
    """
    kind, _, rest = word.partition(":")
    if kind == "bluedisc" and rest:
        picker = _recorded(rest)
    elif word.endswith(".safetensors"):
        from quakebook.bluedisc.networks.generator import load_generator

        picker = Picker(load_generator(word), Path(word).stem, "sigmoid")
    elif rest and kind[:1].isupper():
        picker = _seisbench(kind, rest)
    elif _files(word):
        picker = _seisbench("PhaseNet", word)
    else:
        picker = _of_run(word)
    if not hasattr(picker.model, "annotate_batch_pre") or picker.model.labels is None:
        raise UsageError(f"{word} is a {type(picker.model).__name__}, not a picker")
    return picker


def _recorded(name: str) -> Picker:
    from quakebook.bluedisc.recorded import read

    path = read.folder() / f"{name}.safetensors"
    if not path.is_file():
        there = sorted(p.stem for p in path.parent.glob("*.safetensors"))
        raise UsageError(f"no recorded picker {name!r}; there are {', '.join(f'bluedisc:{n}' for n in there)}")
    return Picker(read.generator(name), name, "sigmoid", recorded=name, facts=_lines(read.read(name).facts))


def _lines(facts: dict[str, Any]) -> dict[str, Any]:
    """What a model card says of a record of a run."""
    wanted = ("paper", "id", "setting", "computed_on", "seed", "steps", "mode", "device", "seconds", "commit",
              "finished")
    return {key: facts[key] for key in wanted if isinstance(facts.get(key), (str, int, float))}


def _files(path: str) -> list[Path]:
    """Metadata files of a SeisBench model, the newest version last."""
    place = Path(path)
    if not place.parent.is_dir():
        return []
    return [p for p in sorted(place.parent.glob(f"{place.name}.json*")) if p.name[len(place.name):] == ".json"
            or p.name[len(place.name):].startswith(".json.v")]


def _seisbench(kind: str, path: str) -> Picker:
    import seisbench.models as models

    if not isinstance(getattr(models, kind, None), type):
        raise UsageError(f"SeisBench has no model class {kind!r}")
    files = _files(path)
    if not files:
        try:
            model = getattr(models, kind).from_pretrained(path)
        except (ValueError, OSError) as error:
            raise UsageError(f"neither files {path}.json and {path}.pt, nor pretrained weights {path!r} of {kind}: "
                             f"{error}") from error
        return Picker(model.eval(), f"{kind}-{path}")
    version = files[-1].name.rpartition(".json")[2].removeprefix(".v") or None
    try:
        model = getattr(models, kind).load(path, version_str=version, weights_only=True)
    except (TypeError, RuntimeError, ValueError, KeyError) as error:
        raise UsageError(f"{files[-1]} is no {kind}: {str(error).splitlines()[0]}") from error
    return Picker(model.eval(), Path(path).name, facts={"description": model.weights_docstring or "none"})


def _of_run(word: str) -> Picker:
    from quakebook.commands.chapters import open_run

    run = open_run(word)
    if not run.finished:
        raise UsageError(f"run {run.id} is not finished")
    if run.paper == "bluedisc":
        from quakebook.bluedisc.api import generator_of

        return Picker(generator_of(run), run.id, "sigmoid", run, facts=_lines(run.record))
    if run.paper == "magnitude":
        from quakebook.magnitude.networks.checkpoint import load

        checkpoint = load(run.path / "model_best.pt")
        if not getattr(checkpoint.model, "phases", None) or checkpoint.model.output_type != "array" or (
                checkpoint.content["preprocess"]["amplitude"] != "none"):
            raise UsageError(f"run {run.id} trained a {checkpoint.model_type}, which is no picker")
        return Picker(checkpoint.model, run.id, "softmax", run, facts=_lines(run.record))
    raise UsageError(f"run {run.id} belongs to {run.paper}, which trains no picker")
