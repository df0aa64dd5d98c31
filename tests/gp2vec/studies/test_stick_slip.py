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


def test_iterations_penalties_and_leads_were_chosen():
    from quakebook.gp2vec.studies import baselines

    assert stick_slip.ITERATIONS == (60, 120, 150) and stick_slip.PENALTIES == (1e-3, 1e-2, 1e-1, 1.0)
    assert stick_slip.LEADS == (0.0, 0.025, 0.05, 0.10, 0.15, 0.20)
    assert baselines.TREES == {"learning_rate": 0.08, "max_iter": 150, "min_samples_leaf": 10,
                               "l2_regularization": 1.0}


@pytest.mark.parametrize(("lead", "seconds", "known"), [
    (0, [2, 4, 5, 7, 9], [True, True, True, False, True]), (1.4, [3, 5, 6, 8, 9], [True, False, True, False, False]),
    (1.6, [4, 6, 7, 9, 9], [True, False, False, False, False])])
def test_targets_must_lie_in_a_cycle_of_their_part(monkeypatch, lead, seconds, known):
    """Ten seconds: cycle 0 for training up to 4, cycle 1 for dev up to 6, cycle 2 for test. Windows end after 3, 5, 6,
    8 and 10 s; the fourth is in no part. The last second, 9, still has a target."""
    cycle = np.repeat([0, 1, 2], [5, 2, 3])
    end = np.array([3, 5, 6, 8, 10])
    which = SimpleNamespace(end_s=end, cycle=cycle[end - 1],
                            parts={"train": np.array([0, 1]), "dev": np.array([2]), "test": np.array([4])})
    monkeypatch.setattr(stick_slip, "windows", lambda data: which)
    data = SimpleNamespace(displacement_m=np.arange(10.0) / 1000, cycle=cycle)
    found = stick_slip.task(data, lead)
    assert found.target_mm.tolist() == pytest.approx(seconds) and found.known.tolist() == known
    assert found.rows("train").tolist() == [k for k in (0, 1) if known[k]]


def planted(n=60):
    """Rows of all parts; the second layer holds the target and a little noise."""
    rng = np.random.default_rng(0)
    target = rng.normal(size=n)
    which = SimpleNamespace(parts={"train": np.arange(30), "dev": np.arange(30, 45), "test": np.arange(45, 60)},
                            cycle=np.arange(n) // 5)
    layers = {"block 0": rng.normal(size=(n, 3)), "block 1": np.stack([3 * target + 0.5 * rng.normal(size=n),
                                                                       rng.normal(size=n)], 1)}
    return stick_slip.Task(which, target, np.ones(n, bool)), layers


def test_ridge_takes_the_layer_and_penalty_that_are_best_on_validation():
    """Against scikit-learn with each penalty times the 30 training rows, on standardised features."""
    from sklearn.linear_model import Ridge
    from sklearn.metrics import r2_score

    task, layers = planted()
    x = layers["block 1"]
    x = (x - x[:30].mean(0)) / x[:30].std(0)
    answers = {penalty: Ridge(30 * penalty).fit(x[:30], task.target_mm[:30]).predict(x)
               for penalty in stick_slip.PENALTIES}
    on_dev = {penalty: r2_score(task.target_mm[30:45], answer[30:45]) for penalty, answer in answers.items()}
    best = max(on_dev, key=on_dev.get)
    found = stick_slip.ridge(layers, task)
    assert found.chosen == f"block 1, penalty {best:g}" and found.r2_dev == pytest.approx(on_dev[best])
    np.testing.assert_allclose(found.predicted_mm, answers[best], rtol=1e-8)
    assert found.r2 == pytest.approx(r2_score(task.target_mm[45:], answers[best][45:]))


def test_trees_take_the_iterations_that_are_best_on_validation_and_read_windows_before(monkeypatch):
    task, layers = planted()
    seen = []
    monkeypatch.setattr(stick_slip, "window_features", lambda waves: seen.append(waves) or layers["block 1"])
    monkeypatch.setattr(stick_slip, "ITERATIONS", (2, 30))
    waves = 5 + 3 * torch.randn(60, 3, 50)
    plain = stick_slip.boosted_trees(waves, task, normalised=False)
    assert plain.chosen == "30 iterations" and np.array_equal(seen[0], waves.numpy())
    stick_slip.boosted_trees(waves, task, normalised=True)
    assert abs(seen[1].mean()) < 1e-3 and seen[1].std() == pytest.approx(1, abs=1e-3)
    widths, fit = [], stick_slip.HistGradientBoostingRegressor.fit
    monkeypatch.setattr(stick_slip.HistGradientBoostingRegressor, "fit",
                        lambda self, x, y: widths.append((x[5].tolist(), self.max_iter)) or fit(self, x, y))
    stick_slip.boosted_trees(waves, task, normalised=False, context=3)
    rows = layers["block 1"]
    assert widths == [([*rows[5], *rows[4], *rows[3]], 2), ([*rows[5], *rows[4], *rows[3]], 30)]


def test_network_features_end_with_the_amplitudes(tiny):
    """Three times 32 numbers of a layer, then log10 of each component's deviation; a tenth of it is one less."""
    waves = torch.randn(5, 3, 600, generator=torch.Generator().manual_seed(0))
    found = stick_slip.network_features(tiny, waves, batch_size=2)
    assert list(found) == ["block 0", "block 1", "block 2"] and found["block 2"].shape == (5, 99)
    np.testing.assert_allclose(found["block 0"][:, 96:], np.log10(waves.std(-1).numpy()), rtol=1e-4)
    weak = stick_slip.network_features(tiny, waves / 10)
    np.testing.assert_allclose(weak["block 1"][:, 96:], found["block 1"][:, 96:] - 1, rtol=1e-4)
    np.testing.assert_allclose(weak["block 1"][:, :96], found["block 1"][:, :96], rtol=1e-2, atol=1e-3)


def test_an_oracle_knows_a_cubic_of_stress_and_of_the_early_transient():
    """exp(-t / (0.08 cycle)) with cycles of 100 s: after 8 s it is 1 / e. A target of third powers is met."""
    n = 200
    rng = np.random.default_rng(0)
    stress, since = rng.uniform(size=n), rng.uniform(0, 100, n)
    transient = np.exp(-since / 8.0)
    task, _ = planted(n)
    task = stick_slip.Task(task.which, 2 + stress**3 - transient**2 * stress + transient, np.ones(n, bool))
    task.which.end_s = np.arange(1, n + 1)
    found = stick_slip.oracle(SimpleNamespace(stress=stress, since_s=since, cycle_s=100.0), task)
    assert found.r2 > 0.99999 and found.chosen == "cubic" and found.r2_dev > 0.99999


def test_the_mean_future_is_smoothed_over_a_fortieth_of_the_training_windows():
    """1560 windows: a step is spread over 39 of them, so 38 answers lie strictly between."""
    n = 1560
    now = SimpleNamespace(predicted_mm=np.arange(float(n)))
    later = (np.arange(n) >= 700).astype(float)
    predicted = stick_slip.mean_cycle(None, asked(later, np.zeros(n)), 0.0, now).predicted_mm
    assert ((predicted > 1e-9) & (predicted < 1 - 1e-9)).sum() == 38


def test_intervals_come_from_five_hundred_draws_of_whole_cycles():
    from sklearn.metrics import r2_score

    task, layers = planted()
    first, second = (stick_slip.scored(task, layers["block 1"][:, k], "") for k in (0, 1))
    draw, values = np.random.default_rng(0), []
    cycles = [np.arange(45 + 5 * k, 50 + 5 * k) for k in range(3)]
    for _ in range(500):
        rows = np.concatenate([cycles[k] for k in draw.integers(3, size=3)])
        values.append(r2_score(task.target_mm[rows], first.predicted_mm[rows])
                      - r2_score(task.target_mm[rows], second.predicted_mm[rows]))
    found = stick_slip.cycle_bootstrap(first, second, task)
    assert found == pytest.approx((np.quantile(values, 0.025), np.quantile(values, 0.975)), rel=1e-9)
