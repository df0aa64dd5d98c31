"""Every shared setting changes something, or is refused: none exists to be ignored."""

import shutil
from importlib import import_module

import pytest
import torch

from quakebook.commands.chapters import CHAPTERS
from quakebook.training import devices, loop
from quakebook.training.config import ConfigError, leaves

#: Wish -> what must differ: the final metrics, the log of the training, or a fact of the run.
WISHES = [
    ("training.steps=3", "metrics"), ("training.seed=7", "metrics"), ("training.ema_decay=0.5", "metrics"),
    ("training.clip_norm=1e-4", "metrics"), ("training.precision=bf16-mixed", "metrics"),
    ("training.precision=64-true", "metrics"), ("training.validate_every=1", "log"), ("training.log_every=2", "log"),
    ("training.threads=2", "threads"), ("data.seed=5", "metrics"), ("data.batch_size=2", "metrics"),
    ("data.records=200", "metrics"), ("data.dev_records=8", "metrics"), ("optimiser.lr=0.05", "metrics"),
    ("optimiser.weight_decay=0.5", "metrics"), ("optimiser.beta1=0.3", "metrics"), ("optimiser.beta2=0.5", "metrics"),
    ("optimiser.name=sgd", "metrics"), ("optimiser.schedule=constant", "metrics"),
    ("optimiser.warmup_steps=2", "metrics"),
]


@pytest.fixture(scope="module", params=list(CHAPTERS))
def chapter(request, tmp_path_factory):
    """A chapter with a folder for its runs, and its run at the smoke preset."""
    package = import_module(f"quakebook.{request.param}")
    root = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUAKEBOOK_RUNS", str(root))
        package.plain = package.train(package.config("training.progress=false", preset="smoke"))
        yield package
        del package.plain
    shutil.rmtree(root)


def observed(run, what):
    if what == "log":
        return run.metrics().to_csv(index=False)
    return run.record[what]


@pytest.mark.parametrize(("wish", "what"), WISHES, ids=[wish for wish, _ in WISHES])
def test_a_wish_changes_something_or_is_refused(chapter, wish, what):
    key, _, value = wish.partition("=")
    plain = chapter.config("training.progress=false", preset="smoke")
    if key not in leaves(type(plain)):
        pytest.skip(f"{chapter.__name__} has no {key}")
    try:
        config = chapter.config("training.progress=false", wish, preset="smoke")
    except ConfigError as error:
        assert key in str(error) or key.split(".")[-1] in str(error)
        return
    assert config != plain, "choose another value for this test"
    run = chapter.train(config)
    assert run.id != chapter.plain.id
    assert observed(run, what) != observed(chapter.plain, what)


def test_an_absent_device_is_refused(chapter):
    if torch.cuda.is_available():
        pytest.skip("CUDA is here")
    with pytest.raises((ValueError, RuntimeError), match="(?i)cuda|device"):
        chapter.train(chapter.config("training.device=cuda", "training.progress=false", preset="smoke"))


@pytest.mark.parametrize(("wish", "home", "name"), [("training.compile=true", devices, "compiled"),
                                                    ("training.capture=true", loop, "Captured")])
def test_faster_ways_are_taken_or_refused(chapter, monkeypatch, wish, home, name):
    """`compile` and `capture` reach the network or the step."""
    calls, own = [], getattr(home, name)
    monkeypatch.setattr(home, name, lambda *words: calls.append(name) or (
        words[0] if name == "compiled" else own(*words)))
    try:
        config = chapter.config(wish, "training.progress=false", preset="smoke")
    except ConfigError as error:
        assert wish.partition("=")[0].split(".")[-1] in str(error)
        return
    chapter.train(config)
    assert calls
