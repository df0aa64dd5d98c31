"""Hydra's `compose` for one schema, leaving no trace: works in threads, notebooks and inside a Hydra application."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, Literal, get_args, get_origin

from .schema import ConfigError, locate, shadow, spell

_LOCK = threading.RLock()
_OVERRIDE = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*)=(.*)", re.DOTALL)


def merge(schema: type, texts: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults of `schema`, then override texts, then values by dotted key, as plain containers."""
    from omegaconf import OmegaConf
    from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

    prepared = [_prepare(schema, text) for text in texts]
    with _LOCK, _registered(schema) as name:
        config = _compose(name, prepared, schema)
    for key, value in values.items():
        hint = locate(schema, key)
        _check_truth(key, hint, value)
        try:
            OmegaConf.update(config, key, _number(hint, value), merge=not isinstance(value, Mapping), force_add=True)
        except OmegaConfBaseException as error:
            raise ConfigError(_wrong_type(key, value, hint, error)) from error
    try:
        return OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except MissingMandatoryValue as error:
        raise ConfigError(f"`{error.full_key}` has no default: give it as {error.full_key}=VALUE") from error
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None)  # of a value that refers to another one
        raise ConfigError(f"`{key}`: {str(error).splitlines()[0]}" if key else str(error).splitlines()[0]) from error


def _prepare(schema: type, text: str) -> str:
    """Check the key here, where the schema is known, and quote text so that Hydra's grammar leaves it alone."""
    found = _OVERRIDE.fullmatch(str(text))
    if not found:
        raise ConfigError(f"an override is written key=value, as in training.steps=100; found {text!r}")
    key, value = found.groups()
    hint = locate(schema, key)
    _check_truth(key, hint, value)
    through_dict = _inside_dict(schema, key) or get_origin(hint) is dict
    return f"{'++' if through_dict else ''}{key}={_quoted(hint, value)}"


def _check_truth(key: str, hint: Any, value: Any) -> None:
    """Refuse a number but 0 and 1 where true or false is expected; OmegaConf would take it for true."""
    if hint is not bool or value is None or str(value).strip().lower() in ("0", "1"):
        return
    try:
        float(str(value))
    except ValueError:
        return  # a word: OmegaConf knows true, false, yes, no, on, off and their like
    raise ConfigError(f"`{key}` must be true or false; found {value}")


def _inside_dict(schema: type, key: str) -> bool:
    parts = key.split(".")
    return any(get_origin(locate(schema, ".".join(parts[:i]))) is dict for i in range(1, len(parts)))


def _quoted(hint: Any, value: str) -> str:
    words = get_origin(hint) is Literal and all(isinstance(word, str) for word in get_args(hint))
    textual = words or hint is str or (isinstance(hint, type) and issubclass(hint, PurePath))
    if textual and value != "null" and value[:1] not in ("'", '"'):
        # inside quotes Hydra takes a backslash for itself unless it stands before a quote or at the end
        return "'" + re.sub(r"(\\*)('|\Z)", lambda m: 2 * m[1] + (m[2] and "\\'"), value) + "'"
    return str(_number(hint, value))


def _number(hint: Any, value: Any) -> Any:
    """1e5 and numpy's 5 are whole numbers too."""
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 1) == 0 else value
    if hint is int and isinstance(value, (str, float)):
        try:
            return int(float(value)) if float(value).is_integer() else value
        except ValueError:
            return value
    return list(value) if isinstance(value, tuple) else value


def _compose(name: str, overrides: list[str], schema: type) -> Any:
    from hydra import compose, initialize
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with initialize(version_base=None, config_path=None):
            config = compose(name, overrides=overrides)
    except (HydraException, OmegaConfBaseException, AttributeError, AssertionError) as error:
        raise ConfigError(_explain(schema, error, overrides)) from error
    OmegaConf.set_struct(config, True)
    return config


def _explain(schema: type, error: Exception, overrides: list[str]) -> str:
    found = re.search(r"(?:override|argument) '?(?:\+\+)?([\w.]+)=(.*?)'?$", str(error).splitlines()[0])
    if found:
        key, value = found.groups()
        return _wrong_type(key, value, locate(schema, key), error.__cause__ or error)
    return f"cannot apply {overrides}: {str(error).splitlines()[0]}"


def _wrong_type(key: str, value: Any, hint: Any, error: BaseException) -> str:
    return f"`{key}` must be {spell(hint)}; found {value} ({str(error).splitlines()[0]})"


@contextmanager
def _registered(schema: type) -> Iterator[str]:
    """The schema under a name of its own; Hydra's singletons are put back afterwards, whoever had set them."""
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.singleton import Singleton

    store, before = ConfigStore.instance(), dict(Singleton._instances)
    Singleton._instances.pop(GlobalHydra, None)
    name = f"quakebook_{schema.__module__.replace('.', '_')}_{schema.__qualname__.replace('.', '_')}"
    name = re.sub(r"\W", "_", name)
    store.store(name=name, node=shadow(schema))
    try:
        yield name
    finally:
        store.repo.pop(f"{name}.yaml", None)
        for singleton in set(Singleton._instances) - set(before):
            if singleton.__name__ in ("GlobalHydra", "VersionBase"):
                del Singleton._instances[singleton]
        Singleton._instances.update(before)
