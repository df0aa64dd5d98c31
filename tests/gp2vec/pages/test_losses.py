"""Where a loss starts and whether it falls, from numbers made up here and from a run."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.gp2vec.figures import training_curves
from quakebook.gp2vec.pages import losses, pretraining
from quakebook.gp2vec.pages.losses import Losses

TEN = np.array([5.0, 5, 4, 4, 4, 9, 9, 9, 3, 1])
RISING = np.array([1.0, 1, 1, 1, 1, 2, 2, 2, 2, 3])


def kept(loss=TEN, first=1, cross=0):
    step = np.arange(first, first + len(loss))
    return SimpleNamespace(arrays={"log_step": step, "log_loss": loss, "log_chance": 0 * loss},
                           facts={"settings": {"objective": {"negatives": 100, "cross_negatives": cross}}})


def test_start_first_and_last_by_hand():
    """ln 101 = 4.615; five first of ten: 22 / 5; a fifth of ten are two: (3 + 1) / 2."""
    found = losses.of_recorded(kept())
    assert found.start == pytest.approx(5 - 4.61512, abs=1e-5)
    assert (found.first, found.last) == (pytest.approx(4.4), 2.0)
    assert losses.of_recorded(kept(cross=50)).guessing == pytest.approx(math.log(151))


def test_steps_that_were_not_logged_are_not_guessed_at():
    assert losses.of_recorded(kept(first=10)) is None
    assert losses.of_recorded(SimpleNamespace(arrays={"history_step": TEN})) is None


def test_the_worst_seed_answers_and_a_seed_without_losses_silences_the_check():
    above, below = Losses(TEN, TEN, 4.8), Losses(TEN + 1, TEN, 6.1)
    assert losses.metrics([above, below], "a", "b") == pytest.approx({"a": -0.1, "b": 2.4})  # 0.2 from 0.1
    assert losses.metrics([above, None], "a", "b") == losses.metrics([], "a", "b") == {}
    assert losses.metrics([above, Losses(RISING, TEN, 0.95)], "a", "b") == pytest.approx({"a": 0.2, "b": -1.5})


def test_the_sentence_says_what_fell_and_what_is_not_there():
    text = losses.sentence(Losses(TEN, TEN, 4.6), [None, Losses(TEN, TEN, 4.6)])
    assert "loses 5.00 nats; guessing among all distractors loses 4.60 (+0.40)" in text
    assert "mean loss is 2.00, below the 4.40 of the first 5 steps" in text
    assert "1 of the 2 recorded trainings kept the loss of each step" in text
    assert "None of the 1 recorded" in losses.sentence(None, [None])
    assert "is 2.50, not below the 1.00" in losses.sentence(Losses(RISING, TEN, 4.6), [])
    assert "not logged on this page" in losses.sentence(None, [])


def test_a_run_is_checked_from_its_log(smoke_run, book):
    """Ten distractors in the smoke preset: guessing loses ln 11."""
    found, log = losses.of_run(smoke_run), smoke_run.metrics()
    assert found.guessing == pytest.approx(math.log(11)) and len(found.loss) == 4
    assert found.loss[0] == pytest.approx(log["contrastive_loss"].iloc[0]) and 0 < found.start < 2
    numbers = pretraining.metrics(smoke_run)
    assert numbers["pretraining.live.loss_start"] == found.start
    assert numbers["pretraining.live.loss_fall"] == pytest.approx(found.first - found.last)
    ax = training_curves.losses(found.loss, found.chance, found.guessing).axes[0]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found.loss)
    assert ax.lines[1].get_ydata()[0] <= ax.lines[2].get_ydata()[0] + 1e-6  # fewer distractors, easier to guess
    assert pretraining.recorded_losses() == []


def test_recorded_trainings_keep_the_loss_of_each_step(book, tmp_path, monkeypatch):
    from quakebook.gp2vec.recorded import make
    from quakebook.training import recorded

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    outcome = make.pretraining("tiny-0", "smoke", 0, ["training.log_every=3"])
    recorded.keep("gp2vec", "tiny-0", outcome)
    found = pretraining.recorded_losses()[0]
    np.testing.assert_allclose(found.loss, losses.of_run(outcome.run).loss, rtol=1e-6)
    assert pretraining.metrics()["pretraining.tiny.loss_start.farthest"] == found.start
