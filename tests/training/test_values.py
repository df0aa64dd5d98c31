"""Seeds, progress, schedules of stopping, ranges and defaults of the shared training, worked by hand."""

import ctypes
import hashlib
import math
from types import SimpleNamespace

import pandas as pd
import pytest
import torch

from quakebook.training import allocator, batches, early_stopping, facts, journal, progress, seeding
from quakebook.training.checks import within
from quakebook.training.config import ConfigError, TrainingConfig, to_dict
from quakebook.training.tracking import mirror

GAMMA, A, B = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def finalised(z):
    """SplitMix64's output function (Steele, Lea and Flood 2014)."""
    z %= 2**64
    z = (z ^ (z >> 30)) * A % 2**64
    z = (z ^ (z >> 27)) * B % 2**64
    return (z ^ (z >> 31)) >> 1


def test_seeds_are_those_of_splitmix64():
    """Its first number after the seed 0 is E220A8397B1DCDAF: that of the state GAMMA."""
    assert finalised(GAMMA) == 0xE220A8397B1DCDAF >> 1
    assert seeding.mix(1, -1) == batches.mix(1, 0) == 0xE220A8397B1DCDAF >> 1
    for seed, step, rank in ((0, 0, 0), (42, 9, 0), (7, 1 << 40, 3)):
        want = finalised(seed * GAMMA + (step + 1) * 0xD1342543DE82EF95 + rank * 0x2545F4914F6CDD1D)
        assert seeding.mix(seed, step, rank) == want
        assert batches.mix(seed, step, rank) == finalised(seed * GAMMA + step * A + rank * B)


def test_a_pass_is_the_permutation_of_its_stream():
    want = torch.randperm(7, generator=torch.Generator().manual_seed(finalised(5 * GAMMA + 1 * A + B)))
    assert torch.equal(torch.cat([batches.shuffled(7, 1, step, 5) for step in range(7, 14)]), want)


def test_a_generator_is_seeded_from_all_its_numbers():
    seed = int.from_bytes(hashlib.blake2b(b"(3, 1, 4)", digest_size=7).digest(), "big")
    assert seeding.generator("cpu", 3, 1, 4).initial_seed() == seed


def test_ranks_share_a_seed_only_where_they_are_asked_to():
    first, second = (seeding.Seeder(3, torch.device("cpu"), rank) for rank in (0, 1))
    states = []
    for seeder, shared in ((first, False), (second, False), (first, True), (second, True)):
        seeder(5, shared)
        states.append((seeder.generator.initial_seed(), torch.initial_seed()))
    assert states[0] == states[2] == states[3] == (seeding.mix(3, 5, 0),) * 2
    assert states[1] == (seeding.mix(3, 5, 1),) * 2


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands where it is set."""
    now = SimpleNamespace(s=100.0)
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now.s)
    monkeypatch.delenv("QUAKEBOOK_BATCH", raising=False)
    monkeypatch.setattr(progress, "interactive", lambda: False)
    return now


def test_a_line_of_progress_by_hand(clock, capsys):
    """Two of ten steps that are left take 5 s: 0.4 a second, and 8 more take 20 s."""
    bar = progress.Bar("x", 20, start=10)
    bar.show({"loss": 0.512345, "a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0})
    clock.s += 5
    bar.update()
    assert capsys.readouterr().err == "", "a tenth of 20 is two steps"
    bar.update()
    assert capsys.readouterr().err == "x: 12/20, 0.4/s, 20 s left, loss 0.5123, a 1, b 2, c 3\n"


def test_progress_is_silent_below_two_seconds(clock, capsys):
    bar = progress.Bar("x", 2)
    clock.s += 2
    bar.update()
    assert capsys.readouterr().err == ""
    clock.s += 0.5
    bar.update()
    assert capsys.readouterr().err == "x: 2/2, 0.8/s, 0 s left\n"


@pytest.mark.parametrize(("word", "answer"), [("", False), ("0", False), ("1", True), ("yes", True)])
def test_the_batch_is_named_by_its_variable(monkeypatch, word, answer):
    monkeypatch.setenv("QUAKEBOOK_BATCH", word)
    assert progress.quiet() is answer


def written(tmp_path, monkeypatch, every, losses, spent=0.0):
    """Rows of a journal whose clock stands 7 s after its beginning."""
    now = SimpleNamespace(s=50.0)
    monkeypatch.setattr(journal.time, "perf_counter", lambda: now.s)
    run = SimpleNamespace(path=tmp_path, paper="p", id="abcdefgh", writable=True)
    config = TrainingConfig(log_every=every, progress=False, steps=len(losses))
    optimisers = {"net": SimpleNamespace(param_groups=[{"lr": 0.25}, {"lr": 9.0}])}
    book = journal.Journal(run, config, 0, {"seconds": spent})
    now.s = 57.0
    for step, loss in enumerate(losses, 1):
        book.add(step, {"loss": torch.tensor(loss)}, optimisers)
    book.flush(len(losses), optimisers)
    return book


def test_rows_are_means_since_the_last_row(tmp_path, monkeypatch):
    """1 and 2, then 3 and 5, then 8 alone; seven seconds here and three before."""
    book = written(tmp_path, monkeypatch, 2, [1.0, 2.0, 3.0, 5.0, 8.0], spent=3.0)
    rows = {step: {key: float(value) for key, value in row.items()} for step, row in book.log.rows.items()}
    assert rows == {step: {"loss": loss, "lr_net": 0.25, "seconds": 10.0} for step, loss in ((2, 1.5), (4, 4.0),
                                                                                             (5, 8.0))}
    assert book.state_dict()["count"] == 0 and book.state_dict()["seconds"] == 10.0
    assert float(book.state_dict()["sums"]) == 0.0


def test_a_lost_loss_is_written_and_named(tmp_path, monkeypatch):
    with pytest.raises(FloatingPointError, match="loss became NaN or infinite between steps 2 and 4"):
        written(tmp_path, monkeypatch, 2, [1.0, 2.0, math.nan, 3.0])
    assert "nan" in (tmp_path / "metrics.csv").read_text()


def test_losses_must_keep_their_names(tmp_path, monkeypatch):
    book = written(tmp_path, monkeypatch, 9, [1.0])
    with pytest.raises(ValueError, match="step returned a, b; it began with loss"):
        book.add(2, {"a": torch.tensor(1.0), "b": torch.tensor(1.0)}, {})


def test_stopping_counts_epochs_without_a_better_loss():
    """Dev losses 3, 2, 2, 2.5: better, better, equal (not better), worse."""
    history = early_stopping.History(patience=2)
    for loss in (4.0, 2.0):
        history.add(torch.tensor(loss))
    found = []
    for step, dev in enumerate((3.0, 2.0, 2.0, 2.5), 1):
        found.append((history.close(10 * step, dev, 0.1), history.waiting, history.exhausted))
    assert found == [(True, 0, False), (True, 0, False), (False, 1, False), (False, 2, True)]
    assert history.train[0] == 3.0 and math.isnan(history.train[1]) and history.best == 2.0
    assert history.step == [10, 20, 30, 40] and history.rate == [0.1] * 4 and history.dev == [3.0, 2.0, 2.0, 2.5]
    never = early_stopping.History(patience=0)
    for _ in range(50):
        never.close(1, 1.0, 0.1)
    assert not never.exhausted and early_stopping.History().patience == 10


@pytest.mark.parametrize(("interval", "inside", "outside"), [
    ("[0, 1]", (0, 1, 0.5), (-1e-9, 1.0001)), ("(0, 1)", (1e-9, 0.999), (0, 1)), ("[0, 1)", (0,), (1,)),
    ("(0, 1]", (1,), (0,)), ("[0, 1e9]", (1e9,), (math.inf, math.nan))])
def test_ends_of_a_range(interval, inside, outside):
    for value in inside:
        within("node", SimpleNamespace(x=value), x=interval)
        within("node", SimpleNamespace(x=(value, None)), x=interval)
    for value in outside:
        with pytest.raises(ConfigError, match=r"`node\.x` must be a finite number in"):
            within("node", SimpleNamespace(x=value), x=interval)
        with pytest.raises(ConfigError, match="`x` must"):
            within("", SimpleNamespace(x=(inside[0], value)), x=interval)


def test_defaults_of_a_training():
    assert to_dict(TrainingConfig()) == {
        "steps": 10_000, "seed": 42, "threads": 1, "device": "auto", "devices": 1, "num_nodes": 1,
        "precision": "32-true", "strategy": "auto", "compile": False, "capture": False, "deterministic": False,
        "ema_decay": 0.0, "clip_norm": None, "checkpoint_every": 0, "validate_every": 0, "log_every": 50,
        "tracker": "none", "progress": True}


def test_tables_with_steps_are_mirrored(tmp_path):
    """A table without steps and the log itself are left out, and cells without a number."""
    kept = pd.DataFrame({"step": [1, 2], "loss": [0.5, None], "word": ["a", "b"]})
    kept.to_csv(tmp_path / "tracked.csv", index=False)
    pd.DataFrame({"step": [1], "loss": [9.0]}).to_csv(tmp_path / "metrics.csv", index=False)
    pd.DataFrame({"loss": [9.0]}).to_csv(tmp_path / "other.csv", index=False)
    assert [(step, values) for step, _, values in mirror.series(tmp_path)] == [(1, {"tracked.loss": 0.5}), (2, {})]


def test_artefacts_leave_out_checkpoints_hidden_and_huge_files(tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "ARTEFACT_BYTES", 3)
    for name, size in (("a.txt", 3), ("b.txt", 4), ("checkpoints/c", 1), ("tracking/d", 1), ("e/.f/g", 1), ("e/h", 1)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    assert [path.relative_to(tmp_path).as_posix() for path in mirror.artefacts(tmp_path)] == ["a.txt", "e/h"]


def test_freed_memory_is_asked_for_with_the_numbers_of_glibc(monkeypatch):
    """M_MMAP_THRESHOLD is -3, M_TRIM_THRESHOLD -1 in malloc.h; both must have been taken."""
    asked, answer = [], {-3: 1, -1: 1}
    library = SimpleNamespace(mallopt=lambda what, size: asked.append((what, size)) or answer[what])
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    monkeypatch.setattr(allocator.sys, "platform", "linux")
    assert allocator.keep_freed_memory() is True and asked == [(-3, 2**30), (-1, 2**31 - 1)]
    answer[-1] = 0
    assert allocator.keep_freed_memory(5) is False and asked[2:] == [(-3, 5), (-1, 9)]
    monkeypatch.setattr(allocator.sys, "platform", "darwin")
    assert allocator.keep_freed_memory() is False


def test_facts_of_a_record(monkeypatch):
    import platform
    import resource
    from importlib.metadata import version

    assert facts.versions()["torch"] == version("torch") and set(facts.versions()) == set(facts.NOTED)
    facts.versions.cache_clear()
    monkeypatch.setattr(facts, "NOTED", ("torch", "no-such-package"))
    assert facts.versions()["no-such-package"] == "absent"
    facts.versions.cache_clear()
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=2_000_000))
    assert facts.peak_memory_mb() == 2048.0, "kibibytes on Linux"
    monkeypatch.setattr(facts.sys, "platform", "darwin")
    assert facts.peak_memory_mb() == 2.0, "bytes on macOS"
    begun = facts.begin(paper="x")
    assert begun["status"] == "running" and begun["seconds"] == 0.0 and begun["python"] == platform.python_version()


@pytest.mark.parametrize(("strict", "warn_only"), [(True, False), (True, True), (False, False)])
def test_the_choice_of_kernels_is_put_back(strict, warn_only):
    try:
        torch.use_deterministic_algorithms(strict, warn_only=warn_only)
        with seeding.torch_state(torch.get_num_threads(), deterministic=not strict):
            assert torch.are_deterministic_algorithms_enabled() is not strict
        assert torch.are_deterministic_algorithms_enabled() is strict
        assert torch.is_deterministic_algorithms_warn_only_enabled() is warn_only
    finally:
        torch.use_deterministic_algorithms(False)
