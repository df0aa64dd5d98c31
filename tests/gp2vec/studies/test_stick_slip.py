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
