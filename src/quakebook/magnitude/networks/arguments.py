"""What a model must be rebuilt with: every argument of its constructor, read back from its attributes."""

from __future__ import annotations

import inspect
from typing import Any


def constructor_arguments(model: Any) -> dict[str, Any]:
    """Arguments of ``type(model).__init__`` with the values that the instance holds under the same names.

    A model that keeps each argument as an attribute of that name can therefore be saved and loaded with every
    non-default value; an argument without attribute is an error here, not a surprise at loading.
    """
    names = [name for name, parameter in inspect.signature(type(model).__init__).parameters.items()
             if name != "self" and parameter.kind is not inspect.Parameter.VAR_KEYWORD]
    return {name: getattr(model, name) for name in names}
