"""What every chapter must obey: names, presets, one vocabulary of settings, signatures, and ranges."""

import dataclasses
import inspect
from importlib import import_module

import pytest

from quakebook.commands.chapters import CHAPTERS
from quakebook.training.config import ConfigError, leaves

NODES = {"data", "network", "objective", "optimiser", "evaluation", "training"}
#: Other spellings of shared wishes: a chapter that needs one of them must use the shared word.
FOREIGN = {"learning_rate": "lr", "batch": "batch_size", "source": "name", "dataset": "name", "n_records": "records",
           "limit": "records", "decay": "weight_decay", "optim": "name", "grad_clip": "training.clip_norm",
           "max_steps": "training.steps", "ema": "training.ema_decay", "n_steps": "training.steps"}
WRONG = [("training.steps", -1), ("training.threads", 0), ("training.devices", 0), ("training.seed", -1),
         ("training.ema_decay", 1.0), ("training.clip_norm", -1.0), ("data.batch_size", -5), ("data.batch_size", 0),
         ("data.records", -1), ("data.seed", -1), ("optimiser.lr", -1e-3), ("optimiser.lr", float("inf")),
         ("optimiser.weight_decay", -1.0), ("evaluation.batch_size", 0), ("optimiser.beta1", 1.0)]


@pytest.fixture(params=list(CHAPTERS))
def chapter(request):
    return import_module(f"quakebook.{request.param}")


def leaf_names(config):
    return {leaf if isinstance(leaf, str) else leaf[0] for leaf in leaves(type(config))}


def test_public_names(chapter):
    for name in ("config", "PRESETS", "train", "evaluate", "settings_of", "open_run"):
        assert name in chapter.__all__ and hasattr(chapter, name), name


def test_presets(chapter):
    assert set(chapter.PRESETS) >= {"smoke", "quick", "paper"} and not list(chapter.PRESETS["paper"])
    for preset in chapter.PRESETS:
        assert chapter.config(preset=preset).training.steps >= 1
    assert chapter.config() == chapter.config(preset="paper")


def test_nodes_of_the_settings(chapter):
    config = chapter.config()
    assert {field.name for field in dataclasses.fields(config)} == NODES
    assert all(dataclasses.is_dataclass(getattr(config, node)) for node in NODES)
    assert config.__dataclass_params__.frozen


def test_one_word_for_one_wish(chapter):
    for name in leaf_names(chapter.config()):
        word = name.split(".")[-1]
        assert word not in FOREIGN, f"{name} is called {FOREIGN[word]} elsewhere"


def test_signatures(chapter):
    expected = {"train": ["config"], "evaluate": ["run", "split"], "settings_of": ["run"], "open_run": ["name"]}
    for name, words in expected.items():
        parameters = list(inspect.signature(getattr(chapter, name)).parameters.values())
        assert [p.name for p in parameters][: len(words)] == words, name
        assert all(p.default is not inspect.Parameter.empty for p in parameters[len(words):]), name
    assert inspect.signature(chapter.evaluate).parameters["split"].default in ("dev", "test")


def test_data_are_named_alike(chapter):
    assert chapter.config().data.name.startswith("synthetic:")


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_values_outside_their_range_are_refused(chapter, key, value):
    if key not in leaf_names(chapter.config()):
        pytest.skip(f"{chapter.__name__} has no {key}")
    with pytest.raises(ConfigError, match=key.split(".")[-1]):
        chapter.config(f"{key}={value}")


def test_unknown_settings_are_refused(chapter):
    with pytest.raises(ConfigError):
        chapter.config("training.stepz=3")


def test_figures_of_a_run_have_one_entry_point(chapter):
    figures = import_module(f"{chapter.__name__}.figures")
    assert list(inspect.signature(figures.all_figures).parameters) == ["run"]


def test_chapters_do_not_import_each_other(chapter):
    import ast
    from pathlib import Path

    own = chapter.__name__.split(".")[-1]
    for path in Path(chapter.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module or "" if isinstance(node, ast.ImportFrom) and not node.level else ""
            parts = module.split(".")
            if parts[0] == "quakebook" and len(parts) > 1:
                assert parts[1] == own or parts[1] not in CHAPTERS, f"{path}:{node.lineno} imports {module}"
                assert parts[1] not in ("cli", "commands"), f"{path}:{node.lineno} imports {module}"
