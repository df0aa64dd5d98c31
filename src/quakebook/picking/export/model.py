"""Write a picker as files that plain SeisBench loads, without this package."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from quakebook.picking.chunks.files import whole

Activation = Literal["softmax", "sigmoid"]


def plain(model: Any, activation: Activation = "softmax") -> Any:
    """The same picker as an instance of SeisBench's own class.

    SeisBench's PhaseNet turns logits into probabilities by a softmax over P, S and N. For a picker whose outputs are
    independent sigmoids, the third channel is set to a logit of zero; then the softmax gives

    ``p_P = o_P / (1 + o_P + o_S)`` with the odds ``o = exp(logit)``, where the sigmoid gives ``o_P / (1 + o_P)``:

    the same wherever the other phase is unlikely, and never more. A detection channel becomes noise, so that SeisBench
    makes no picks of it.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
        Of a class of SeisBench or one that is derived from it.
    activation : {"softmax", "sigmoid"}
        What the model was trained with.

    Raises
    ------
    ValueError
        No class of SeisBench among its parents, or weights that do not fit it.
    """
    parents = [kind for kind in type(model).__mro__ if kind.__module__.startswith("seisbench.models.")
               and not inspect.isabstract(kind) and kind.__module__ != "seisbench.models.base"]
    if not parents:
        raise ValueError(f"{type(model).__name__} is not derived from a model of SeisBench, which could not load it")
    arguments = arguments_of(model, parents[0])
    state = {name: value.detach().cpu().clone() for name, value in model.state_dict().items()}
    if activation == "sigmoid":
        arguments, state = _as_softmax(model, arguments, state)
    copy = parents[0](**arguments)
    try:
        copy.load_state_dict(state)
    except RuntimeError as error:
        raise ValueError(f"the weights of {type(model).__name__} do not fit {parents[0].__name__}: "
                         f"{str(error).splitlines()[-1].strip()}") from error
    copy.default_args = dict(model.default_args or {})
    return copy.eval()


def arguments_of(model: Any, kind: type[nn.Module]) -> dict[str, Any]:
    """Every argument that rebuilds `model` as a `kind`, SeisBench's forgotten ones (`filter_factor`) included."""
    saved = dict(kind.get_model_args(model))
    names = [name for name, entry in inspect.signature(kind.__init__).parameters.items()
             if name != "self" and entry.kind not in (entry.VAR_KEYWORD, entry.VAR_POSITIONAL)]
    found = {name: getattr(model, name) for name in names if hasattr(model, name)}
    arguments = {**found, **{key: value for key, value in saved.items() if key not in ("citation", "default_args")}}
    if "phases" in names and not callable(model.labels):
        arguments["phases"] = arguments.get("phases", model.labels)
    return {key: _simple(value) for key, value in arguments.items() if _is_simple(value)}


def _simple(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _is_simple(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, str)) or (
        isinstance(value, (list, tuple)) and all(map(_is_simple, value)))


def _as_softmax(model: Any, arguments: dict[str, Any], state: dict[str, torch.Tensor]) -> tuple[dict, dict]:
    if not isinstance(getattr(model, "out", None), nn.Conv1d) or len(model.labels) != 3 or "out.weight" not in state:
        raise ValueError("only a PhaseNet with three outputs can be rewritten from sigmoids to a softmax; "
                         f"found {type(model).__name__} with labels {model.labels}")
    rest = [k for k, label in enumerate(model.labels) if label not in ("P", "S")]
    if len(rest) != 1:
        raise ValueError(f"the outputs must be P, S and one more; found {model.labels}")
    state["out.weight"][rest[0]] = 0
    state["out.bias"][rest[0]] = 0
    phases = "".join("N" if k == rest[0] else label for k, label in enumerate(model.labels))
    return arguments | {"phases": phases}, state


def save_model(model: Any, path: str | Path, thresholds: dict[str, float], docstring: str = "",
               version: str | None = None) -> list[Path]:
    """Write ``PATH.json`` and ``PATH.pt`` (with a version: ``PATH.json.v1`` and ``PATH.pt.v1``).

    ``seisbench.models.PhaseNet.load(PATH)`` reads them; in SeisBench's model cache, `from_pretrained`.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
        As `plain` gives it.
    thresholds : dict
        Phase -> height; stored in ``default_args``, so that `classify` uses them.
    docstring : str
        Facts of the training.
    version : str, optional
    """
    import seisbench

    path = Path(path)
    if not type(model).__module__.startswith("seisbench.models."):
        raise ValueError(f"{type(model).__name__} belongs to {type(model).__module__}; write `plain(model)`")
    suffix = "" if version is None else f".v{version}"
    defaults = {**(model.default_args or {}), **{f"{phase}_threshold": float(h) for phase, h in thresholds.items()}}
    facts = {"docstring": docstring, "model_args": arguments_of(model, type(model)),
             "seisbench_requirement": seisbench.__version__, "default_args": defaults, "version": version or "1"}
    files = [path.with_name(f"{path.name}.pt{suffix}"), path.with_name(f"{path.name}.json{suffix}")]
    with whole(files[0]) as part:
        torch.save({name: value.detach().cpu() for name, value in model.state_dict().items()}, part)
    with whole(files[1]) as part:
        part.write_text(json.dumps(facts, indent=4) + "\n", encoding="utf-8")
    return files
