from types import SimpleNamespace

import numpy as np
import pytest
import torch

pytest.importorskip("quakebook.data.archive.embedded")

from quakebook.gp2vec.data import caldera  # noqa: E402
from quakebook.gp2vec.studies import stick_slip  # noqa: E402


@pytest.fixture(scope="module")
def data():
    return caldera.sequence(cycles=12, cycle_s=150.0, seed=1)


def test_parts_are_whole_cycles_in_order(data):
    which = caldera.windows(data)
    cycles = {name: set(which.cycle[rows].tolist()) for name, rows in which.parts.items()}
    assert max(cycles["train"]) < min(cycles["dev"]) and max(cycles["dev"]) < min(cycles["test"])
    reach = {name: set(data.cycle[which.end_s[rows] - caldera.WINDOW_S].tolist()) for name, rows in which.parts.items()}
    assert all(reach[name] <= cycles[name] for name in cycles)


def test_windows_are_cut_at_their_seconds(data):
    which = caldera.windows(data)
    waves = stick_slip.cut_windows(data, which)
    end = which.end_s[7] * 100
    np.testing.assert_allclose(waves[7].numpy(), 1e6 * data.waveforms[:, end - 3000 : end], rtol=1e-6)


def test_oracle_is_nearly_perfect_and_targets_move_with_the_lead(data):
    asked = stick_slip.task(data)
    assert stick_slip.oracle(data, asked).r2 > 0.97
    later = stick_slip.task(data, lead_s=20)
    assert later.target_mm[3] == pytest.approx(1000 * data.displacement_m[asked.which.end_s[3] + 19])
    assert later.known.sum() < asked.known.sum()


def test_trees_and_ridge_answer_every_window(data, tiny):
    asked = stick_slip.task(data)
    waves = stick_slip.cut_windows(data, asked.which, 1.0, 45.0)
    trees = stick_slip.boosted_trees(waves, asked, normalised=False)
    assert trees.predicted_mm.shape == asked.target_mm.shape and trees.r2 > 0
    answer = stick_slip.ridge(stick_slip.network_features(tiny, waves), asked)
    low, high = stick_slip.cycle_bootstrap(trees, answer, asked, draws=50)
    assert low <= high
    mean = stick_slip.mean_cycle(data, asked, 0.0, trees)
    assert np.isfinite(mean.r2)


def test_pieces_do_not_reach_into_another_part(data):
    counts = {part: len(caldera.pieces(data, part, 1.0, 45.0)) for part in ("train", "dev", "test")}
    assert counts["train"] > counts["test"] > 0
    assert torch.isfinite(caldera.pieces(data, "dev", 1.0, 45.0)).all()


def asked(target, cycle, known=None):
    """A task whose windows are all test windows."""
    rows = np.arange(len(target))
    which = SimpleNamespace(parts={"train": rows, "dev": rows, "test": rows}, cycle=np.array(cycle))
    known = np.ones(len(target), bool) if known is None else np.array(known)
    return stick_slip.Task(which, np.array(target, float), known)


def test_scores_of_four_windows_by_hand():
    """Errors 0 0 0 1 about targets with a squared spread of 5; without the last nothing is wrong."""
    predicted = np.array([1.0, 2, 3, 5])
    answer = stick_slip.scored(asked([1, 2, 3, 4], [0, 0, 1, 1]), predicted, "", 0.5)
    assert (answer.r2, answer.rmse_mm, answer.r2_dev) == pytest.approx((0.8, 0.5, 0.5))
    known = stick_slip.scored(asked([1, 2, 3, 4], [0, 0, 1, 1], [True, True, True, False]), predicted, "", 0.5)
    assert (known.r2, known.rmse_mm) == (1, 0)


def test_interval_over_one_cycle_is_the_difference_and_over_two_lies_between():
    """R2 is 1 for one answer; for the other 0.8 over all, 1 in the first cycle and 1 - 1 / 0.5 in the second."""
    one, two = (asked([1, 2, 3, 4], cycle) for cycle in ([0, 0, 0, 0], [0, 0, 1, 1]))
    right, wrong = (stick_slip.scored(one, np.array(x, float), "", 0) for x in ([1, 2, 3, 4], [1, 2, 3, 5]))
    assert stick_slip.cycle_bootstrap(right, wrong, one, 20) == pytest.approx((0.2, 0.2))
    assert stick_slip.cycle_bootstrap(right, wrong, two, 200) == pytest.approx((0.0, 2.0))
    assert stick_slip.cycle_bootstrap(wrong, right, two, 200) == pytest.approx((-2.0, 0.0))


def test_the_mean_cycle_answers_with_what_came_later():
    """State and later displacement on a line: away from the ends the mean of five neighbours is the line itself."""
    state = np.arange(40.0)
    now = SimpleNamespace(predicted_mm=state)
    predicted = stick_slip.mean_cycle(None, asked(state + 7, np.zeros(40)), 0.0, now).predicted_mm
    assert predicted[2:-2] == pytest.approx(state[2:-2] + 7) and predicted[0] == pytest.approx(8.0)  # mean of three
