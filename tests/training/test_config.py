"""Configuration: the same words from everywhere, and errors that list what exists."""

import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError, dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quakebook.training.config import ConfigError, TrainingConfig, compose, from_dict, leaves, to_dict, to_yaml


@dataclass(frozen=True)
class Data:
    name: str = "synthetic:picker:100:42"
    batch_size: int = 100
    angles_deg: tuple[float, ...] = (8.0, 16.0)
    split: tuple[int, str] = (1, "a")
    mode: Literal["BCE", "hybrid"] = "BCE"
    label: Literal["N", "D"] | None = None
    folder: Path | None = None
    weights: dict[str, float] = field(default_factory=lambda: {"p": 1.0})
    order: Literal[1, 2] = 1
    words: list[str] = field(default_factory=list)
    shuffle: bool = True


@dataclass(frozen=True)
class Config:
    data: Data = Data()
    training: TrainingConfig = TrainingConfig(steps=300)
    size: int | str = 3


PRESETS = {"quick": ["training.steps=20", "data.mode=hybrid"], "smoke": ["training.steps=3"]}


def get(*overrides, preset=None):
    return compose(Config, PRESETS, overrides, preset)


def test_defaults_are_the_schema():
    assert get() == Config() == get(preset="paper")


def test_order_is_defaults_preset_overrides():
    config = get("training.steps=7", "preset=quick")
    assert (config.training.steps, config.data.mode) == (7, "hybrid")
    assert get(preset="smoke").training.steps == 3
    assert get("preset=quick", preset="smoke").training.steps == 20


def test_frozen():
    with pytest.raises(FrozenInstanceError):
        get().data.batch_size = 3


@pytest.mark.parametrize(("override", "value"), [
    ("data.batch_size=1e3", 1000),
    ("data.name=/a b/c,d=e#f", "/a b/c,d=e#f"),
    ("data.name=s3://bucket/x?y=1", "s3://bucket/x?y=1"),
    ("data.name='quoted'", "quoted"),
    ("data.name=", ""),
    ("data.name=it's", "it's"),
    ("data.label=D", "D"),
    ("data.label=null", None),
    ("data.folder=~/data", Path("~/data")),
    ("data.angles_deg=[1,2.5]", (1.0, 2.5)),
    ("data.split=[3,b]", (3, "b")),
    ("data.weights.s=2", {"p": 1.0, "s": 2.0}),
    ("data.order=2", 2),
    ("data.words=[a,b]", ["a", "b"]),
    ("data.shuffle=false", False),
    ("size=big", "big"),
])
def test_override_texts(override, value):
    config, name = get(override), override.split("=")[0].split(".")
    found = getattr(config.data, name[1]) if name[0] == "data" else config.size
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("override", "message"), [
    ("data.bacth_size=3", "unknown key `data.bacth_size`. Did you mean `data.batch_size`.*has: name, batch_size"),
    ("batch_size=3", "unknown key `batch_size`. Did you mean `data.batch_size`.*has: data, training, size"),
    ("data.batch_size.x=3", "single value"),
    ("data.batch_size=many", "`data.batch_size` must be int; found many"),
    ("data.batch_size=1.5", "must be int; found 1.5"),
    ("data.batch_size=1,2", "must be int"),
    ("data.batch_size=null", "must be int; found null"),
    ("data.mode=hybird", "one of BCE, hybrid; found 'hybird'. Did you mean 'hybrid'"),
    ("data.order=3", "one of 1, 2; found 3"),
    ("data.angles_deg=[a]", "found .a."),
    ("data.split=[1]", "needs 2 values; found 1"),
    ("data.split=[x,1]", "must be int; found 'x'"),
    ("data.weights.p=x", "`data.weights.p` must be float"),
    ("data={batch:3}", "data"),
    ("data=3", "must be Data"),
    ("data.name=${nowhere}", "nowhere"),
    ("+data.new=1", "key=value"),
    ("data.batch_size", "key=value, as in training.steps=100"),
    ("preset=fast", "unknown preset 'fast'.* Presets: paper, quick, smoke"),
    ("training.steps=-1", "`training.steps` must be a finite number in"),
    ("training.ema_decay=1.5", r"in \[0, 1\)"),
    ("training.precision=float32", "one of 32-true, 64-true, bf16-mixed, 16-mixed"),
])
def test_errors_list_what_exists(override, message):
    with pytest.raises(ConfigError, match=message):
        get(override)


def test_capture_names_what_it_does_not_go_with():
    with pytest.raises(ConfigError, match="capture"):
        get("training.capture=true", "training.precision=16-mixed")
    with pytest.raises(ConfigError, match="one device"):
        get("training.capture=true", "training.strategy=ddp")


def test_a_single_text_is_not_a_list():
    with pytest.raises(ConfigError, match="must be a list"):
        compose(Config, PRESETS, "data.batch_size=3")


@pytest.mark.parametrize("overrides", [
    {"data.batch_size": 7, "preset": "quick"},
    {"data": {"batch_size": 7}, "preset": "quick"},
    {"data.batch_size": np.int64(7), "training": TrainingConfig(steps=20), "data.mode": "hybrid"},
    {"data": Data(batch_size=7, mode="hybrid"), "training.steps": 20.0},
])
def test_mappings(overrides):
    assert compose(Config, PRESETS, overrides) == get("preset=quick", "data.batch_size=7")


@pytest.mark.parametrize("overrides", [{"data.batch": 1}, {"data.batch_size": "x"}, {"data": {"mode": "x"}},
                                       {"data.split": (1, 2, 3)}])
def test_mapping_errors(overrides):
    with pytest.raises(ConfigError):
        compose(Config, PRESETS, overrides)


def test_a_field_without_default_must_be_given():
    @dataclass(frozen=True)
    class Needs:
        name: str
        n: int = 1

    with pytest.raises(ConfigError, match="`name` has no default: give it as name=VALUE"):
        compose(Needs, {})
    assert compose(Needs, {}, ["name=x"]) == Needs("x")


def test_errors_of_the_dataclass_itself_become_config_errors():
    @dataclass(frozen=True)
    class Picky:
        n: int = 1

        def __post_init__(self):
            if self.n > 3:
                raise ValueError("n is too large")

    with pytest.raises(ConfigError, match="n is too large"):
        compose(Picky, {}, ["n=4"])


text = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).filter(lambda s: "${" not in s)


@settings(max_examples=12, deadline=None)
@given(name=text, n=st.integers(-10**9, 10**9), angles=st.lists(st.floats(allow_nan=False), max_size=4),
       mode=st.sampled_from(["BCE", "hybrid"]), label=st.sampled_from([None, "N", "D"]),
       weights=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.floats(-1, 1), max_size=3))
def test_round_trip_through_yaml(name, n, angles, mode, label, weights):
    import yaml

    config = Config(Data(name, n, tuple(angles), mode=mode, label=label, weights=weights))
    assert from_dict(Config, to_dict(config)) == config
    assert from_dict(Config, yaml.safe_load(to_yaml(config))) == config


@settings(max_examples=12, deadline=None)
@given(name=text.filter(lambda s: s[:1] not in "'\"" and s != "null" and not s.endswith("\\")))
def test_any_text_survives_an_override(name):
    assert get(f"data.name={name}").data.name == name


@pytest.mark.parametrize("name", ["\\0", r"C:\\data\\it's", "a\\\\b", "\\'x", "end\\"])
def test_backslashes_survive_an_override(name):
    assert get(f"data.name={name}").data.name == name


def test_leaves_lists_every_key():
    assert {"data.batch_size", "training.steps", "size"} <= set(leaves(Config)) and "data" not in leaves(Config)


def test_threads_compose_side_by_side():
    results, failures = {}, []

    def work(n):
        try:
            results[n] = get(f"data.batch_size={n}").data.batch_size
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and results == {n: n for n in range(8)}


def test_leaves_no_trace_in_hydra():
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra

    before = set(ConfigStore.instance().repo)
    get()
    assert not GlobalHydra.instance().is_initialized()
    assert set(ConfigStore.instance().repo) == before


def test_works_inside_an_initialised_hydra(tmp_path):
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir

    (tmp_path / "app.yaml").write_text("x: 5\n")
    with initialize_config_dir(version_base=None, config_dir=str(tmp_path)):
        assert get("data.batch_size=3").data.batch_size == 3
        assert hydra_compose("app").x == 5


def test_import_loads_neither_torch_nor_hydra():
    code = ("import sys, quakebook.training, quakebook.training.config; "
            "sys.exit(bool({'torch', 'hydra', 'lightning', 'pandas'} & set(sys.modules)))")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_value_that_refers_to_nothing_fitting_names_its_key(monkeypatch):
    monkeypatch.setenv("WORDS", "many words")
    with pytest.raises(ConfigError, match="`data.batch_size`: .*many words.* could not be converted to Integer"):
        compose(Config, PRESETS, ["data.batch_size=${oc.env:WORDS}"])
    assert compose(Config, PRESETS, ["data.batch_size=${training.steps}"]).data.batch_size == 300


@pytest.mark.parametrize("word", ["5", "1_000", " 5", "-1", "0.5", "nan"])
def test_a_number_is_neither_true_nor_false(word):
    with pytest.raises(ConfigError, match="`data.shuffle` must be true or false; found"):
        compose(Config, PRESETS, [f"data.shuffle={word}"])


@pytest.mark.parametrize(("word", "meaning"), [("1", True), ("0", False), ("true", True), ("off", False),
                                               ("No", False)])
def test_words_for_true_and_false(word, meaning):
    assert compose(Config, PRESETS, [f"data.shuffle={word}"]).data.shuffle is meaning


def test_a_number_is_neither_true_nor_false_from_python():
    with pytest.raises(ConfigError, match="`data.shuffle` must be true or false; found 5"):
        compose(Config, PRESETS, {"data.shuffle": 5})
    assert compose(Config, PRESETS, {"data.shuffle": False}).data.shuffle is False


@pytest.mark.parametrize("key", ["data.angles_deg", "data.split", "data.words"])
def test_a_row_of_values_cannot_refer_to_one_number(key):
    with pytest.raises(ConfigError, match=f"`{key}`"):
        compose(Config, PRESETS, [f"{key}=${{training.steps}}"])
