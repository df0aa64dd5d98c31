"""What a configuration may hold: reading dataclass annotations, and rebuilding the dataclasses from plain values.

Hydra and OmegaConf know neither frozen dataclasses that are to be changed nor `Literal`, so a configuration is
composed in a *shadow* of its schema (same fields, not frozen, words as strings) and then built as the real thing.
"""

from __future__ import annotations

import difflib
from dataclasses import MISSING, field, fields, is_dataclass, make_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class ConfigError(ValueError):
    """A key, a type or a preset that does not exist."""


@cache
def hints(schema: type) -> dict[str, Any]:
    """Field name -> annotation, in the order of the dataclass."""
    known = get_type_hints(schema)
    return {f.name: known[f.name] for f in fields(schema)}


def plain(hint: Any) -> Any:
    """`Optional[X]` -> `X`; anything else unchanged."""
    inner = [part for part in get_args(hint) if part is not type(None)]
    return inner[0] if get_origin(hint) in (Union, UnionType) and len(inner) == 1 else hint


def leaves(schema: type, prefix: str = "") -> dict[str, Any]:
    """Every key that can be set, dotted, with its annotation."""
    found = {}
    for name, hint in hints(schema).items():
        inner = plain(hint)
        found |= leaves(inner, f"{prefix}{name}.") if is_dataclass(inner) else {f"{prefix}{name}": hint}
    return found


def locate(schema: type, key: str) -> Any:
    """Annotation of a dotted key. Raises ConfigError naming the nearest key and listing its siblings."""
    hint, walked = schema, []
    for name in key.split("."):
        if not is_dataclass(hint):
            if get_origin(hint) is dict:
                return get_args(hint)[1]
            raise ConfigError(f"`{'.'.join(walked)}` is a single value ({spell(hint)}); it has no `{name}`")
        known = hints(hint)
        if name not in known:
            raise ConfigError(_unknown(schema, hint, key, ".".join(walked)))
        hint, walked = plain(known[name]), [*walked, name]
    return hint


def _unknown(schema: type, node: type, key: str, inside: str) -> str:
    last = key[len(inside):].lstrip(".").split(".")[0]
    near = [name for name in hints(node) if name.startswith(last)] or difflib.get_close_matches(last, hints(node), n=1)
    elsewhere = [k for k in leaves(schema) if k.rsplit(".", 1)[-1] == key.rsplit(".", 1)[-1]]
    close = [f"{inside}.{near[0]}".lstrip(".")] if near else elsewhere
    close = close or difflib.get_close_matches(key, leaves(schema), n=1)
    guess = f" Did you mean `{close[0]}`?" if close else ""
    where = f"`{inside}`" if inside else "the configuration"
    return f"unknown key `{key}`.{guess} {where} has: {', '.join(hints(node))}"


def spell(hint: Any) -> str:
    """An annotation the way a reader writes it."""
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(str(word) for word in get_args(hint))
    if get_origin(hint) is not None:
        return str(hint).replace("typing.", "").replace("pathlib.", "")
    return getattr(hint, "__name__", str(hint))


def _shadow_hint(hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return shadow(hint)
    if origin is Literal:
        kinds = {type(word) for word in inner}
        return kinds.pop() if len(kinds) == 1 else Any
    if origin in (Union, UnionType):
        return Union[tuple(_shadow_hint(part) for part in inner)]  # noqa: UP007
    if origin is tuple and len({*inner} - {...}) > 1:
        return list[Any]  # mixed tuples: `build` checks each place
    if origin in (tuple, list, dict):
        return origin[tuple(part if part is ... else _shadow_hint(part) for part in inner)]
    return hint


@cache
def shadow(schema: type) -> type:
    """The same dataclass as Hydra can take it; a field without a default is marked as missing."""
    members = []
    for f in fields(schema):
        hint = _shadow_hint(hints(schema)[f.name])
        if f.default_factory is not MISSING:
            default = field(default_factory=lambda f=f: _shadow_value(f.default_factory()))
        elif f.default is not MISSING:
            default = field(default_factory=lambda f=f: _shadow_value(f.default))
        elif is_dataclass(hint):
            default = field(default_factory=hint)
        else:
            default = field(default="???")
        members.append((f.name, hint, default))
    return make_dataclass(f"{schema.__name__}", members)


def _shadow_value(value: Any) -> Any:
    if is_dataclass(value):
        return shadow(type(value))(**{f.name: _shadow_value(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, (list, tuple)):
        return [_shadow_value(part) for part in value]
    return dict(value) if isinstance(value, dict) else value


def build(hint: Any, value: Any, key: str = "") -> Any:
    """Plain containers -> the annotated type, checking words and tuple lengths on the way.

    Raises
    ------
    ConfigError
        With the dotted key. A `ValueError` raised by a dataclass's own `__post_init__` becomes one too.
    """
    hint = plain(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if is_dataclass(hint):
        parts = {name: build(h, value[name], f"{key}.{name}" if key else name) for name, h in hints(hint).items()}
        try:
            return hint(**parts)
        except ConfigError:
            raise
        except (ValueError, TypeError) as error:
            raise ConfigError(f"`{key}`: {error}" if key else str(error)) from error
    if origin is Literal and value not in inner:
        close = difflib.get_close_matches(str(value), [str(word) for word in inner], n=1)
        guess = f" Did you mean {close[0]!r}?" if close else ""
        raise ConfigError(f"`{key}` must be {spell(hint)}; found {value!r}.{guess}")
    if origin in (tuple, list) and not isinstance(value, (tuple, list)):
        raise ConfigError(f"`{key}` must be {spell(hint)}; found {value!r}")
    if origin is tuple:
        kinds = [inner[0]] * len(value) if inner[1:] == (...,) else list(inner)
        if len(kinds) != len(value):
            raise ConfigError(f"`{key}` needs {len(kinds)} values; found {len(value)}: {list(value)}")
        return tuple(build(kind, part, key) for kind, part in zip(kinds, value, strict=True))
    if origin is list:
        return [build(inner[0], part, key) for part in value]
    if origin is dict:
        return {k: build(inner[1], v, key) for k, v in value.items()}
    if hint is float and type(value) is int:
        return float(value)
    if hint in (int, float, str, bool) and type(value) is not hint:
        raise ConfigError(f"`{key}` must be {spell(hint)}; found {value!r}")
    return value
