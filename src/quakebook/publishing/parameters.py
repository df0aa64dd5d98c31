"""Notebook parameters, checked before a kernel starts.

papermill pastes parameter names into a cell of code, takes any type and only warns about a name that does not exist. So
names and values are compared here with the notebook's one cell tagged ``parameters``.
"""

from __future__ import annotations

import ast
import keyword
import math
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {"int": (int,), "float": (float, int), "str": (str,), "bool": (bool,),
                                      "list": (list,), "dict": (dict,)}


class ParameterError(ValueError):
    """A parameter that the notebook does not have, or a value of the wrong type."""


def declared(notebook: Any, name: str = "notebook") -> dict[str, str]:
    """Names and type names of the parameters in the one cell tagged ``parameters``.

    Parameters
    ----------
    notebook : NotebookNode
    name : str
        What messages call the notebook.

    Returns
    -------
    dict of str to str
        For example ``{"preset": "str", "n_steps": "int"}``.
    """
    cells = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    if len(cells) != 1 or cells[0].cell_type != "code":
        raise ParameterError(f"{name}: exactly one code cell must be tagged 'parameters'; found {len(cells)}")
    found: dict[str, str] = {}
    for node in ast.parse(cells[0].source).body:
        if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
            raise ParameterError(f"{name}: line {node.lineno} of the parameters cell must read 'name: type = value'")
        found[node.target.id] = ast.unparse(node.annotation)
        _allowed(found[node.target.id], f"{name}: {node.target.id}")
        try:
            value = ast.literal_eval(node.value)
        except ValueError as error:
            raise ParameterError(f"{name}: the default of {node.target.id} must be a plain value") from error
        _check_value(node.target.id, value, found[node.target.id], f"{name} (default)")
    return found


def check(parameters: Mapping[str, Any], known: Mapping[str, str], name: str = "notebook") -> None:
    """Refuse a parameter that is unknown, ill-typed or no plain name; the message lists what exists."""
    for key, value in parameters.items():
        if not isinstance(key, str) or not key.isidentifier() or keyword.iskeyword(key) or key not in known:
            listed = ", ".join(f"{k}: {v}" for k, v in known.items()) or "none"
            raise ParameterError(f"{name} has no parameter {key!r}; it has {listed}")
        _check_value(key, value, known[key], name)


def inspect(path: Path) -> dict[str, str]:
    """Parameters of a notebook file; also asks papermill, which has to see the same names."""
    import nbformat
    from papermill.inspection import inspect_notebook

    if not path.is_file():
        raise ParameterError(f"no notebook {path}")
    notebook = nbformat.read(path, as_version=4)
    if (kernel := notebook.metadata.get("kernelspec", {}).get("name")) != "python3":
        raise ParameterError(f"{path}: the kernelspec must be named python3; found {kernel!r}")
    known = declared(notebook, str(path))
    seen = set(inspect_notebook(str(path)))
    if seen != set(known):
        raise ParameterError(f"{path}: papermill reads the parameters {sorted(seen)}, expected {sorted(known)}; "
                             "write one 'name: type = value  # help' a line, without a second equals sign")
    return known


def _allowed(annotation: str, where: str) -> tuple[type, ...]:
    kind = annotation.split("[")[0].strip()
    if kind not in TYPES:
        raise ParameterError(f"{where}: the type {annotation!r} is not one of {', '.join(TYPES)}")
    return TYPES[kind]


def _check_value(key: str, value: Any, annotation: str, name: str) -> None:
    types = _allowed(annotation, f"{name}: {key}")
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types) or not _plain(value):
        raise ParameterError(
            f"{name}: the parameter {key!r} must be {annotation}; found {value!r} ({type(value).__name__})")


def _plain(value: Any) -> bool:
    """True for values that read back unchanged from code: text, whole and finite numbers, lists and dicts of them."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, list):
        return all(map(_plain, value))
    if isinstance(value, dict):
        return all(isinstance(k, str) and _plain(v) for k, v in value.items())
    return isinstance(value, (str, int, NoneType))
