"""The whole experiment on a short sequence: its numbers recomputed from its arrays and from the sequence itself."""

import numpy as np
import pytest
from sklearn.metrics import r2_score

pytest.importorskip("quakebook.data.archive.embedded")

from quakebook.gp2vec.data import caldera  # noqa: E402
from quakebook.gp2vec.studies import stick_slip  # noqa: E402
from quakebook.gp2vec.studies.ahead import ahead  # noqa: E402
from quakebook.gp2vec.studies.displacement import compare  # noqa: E402

SIZES = {"cycles": 12, "cycle_s": 150.0}


@pytest.fixture(scope="module")
def experiment():
    import torch

    from quakebook.gp2vec.objective.pretraining import GP2Vec

    torch.manual_seed(0)
    models = [GP2Vec(size="tiny", width=32, depth=2, heads=2, hidden=64, codes=16, code_width=16, position_kernel=16,
                     fusion="none").eval() for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stick_slip, "ITERATIONS", (20,))
        metrics, arrays = compare({"pretrained": models}, "cpu", 1.0, 45.0, seed=1, sizes=SIZES)
    return metrics, arrays, caldera.sequence(seed=1, **SIZES)


def test_scores_are_those_of_the_predictions(experiment):
    metrics, arrays, _ = experiment
    truth, rows = arrays["truth_mm"], arrays["test"]
    for name in ("oracle", "trees", "trees_normalised", "trees_band", "trees_context", "pretrained.0", "pretrained.1"):
        answer = arrays[f"predicted_{name}"][rows]
        assert metrics[f"R2.{name}"] == pytest.approx(r2_score(truth[rows], answer), abs=1e-5)
        assert metrics[f"rmse_mm.{name}"] == pytest.approx(np.sqrt(np.mean((truth[rows] - answer) ** 2)), rel=1e-4)
    assert metrics["R2.oracle"] > 0.97  # what is left is the observation noise of 1 mm
    assert metrics["minus_trees_low.pretrained"] <= metrics["minus_trees_high.pretrained"]


def test_targets_and_stress_are_those_of_the_last_second(experiment):
    _, arrays, data = experiment
    for row in (0, 5, -1):
        second = arrays["end_s"][row] - 1
        assert arrays["truth_mm"][row] == pytest.approx(1000 * data.displacement_m[second])
        assert arrays["stress"][row] == data.stress[second]


def test_a_lead_of_zero_is_the_same_moment_and_a_later_one_is_asked_later(experiment):
    metrics, arrays, data = experiment
    now = metrics["R2.pretrained.0"]
    assert arrays["ahead_network"][0] == arrays["ahead_persistence"][0] == now == metrics["R2_ahead.network.0"]
    assert arrays["ahead_trees"][0] == metrics["R2.trees"]
    assert arrays["ahead_gain_low"][0] == arrays["ahead_gain_high"][0] == 0
    rows, lead = arrays["test"], round(0.1 * data.cycle_s)
    later = arrays["end_s"][rows] - 1 + lead
    known = later < len(data.displacement_m)
    assert (~known).sum() == np.isnan(arrays["ahead_truth_mm"][3]).sum() > 0  # 0.1 is the fourth lead
    truth = 1000 * data.displacement_m[later[known]]
    np.testing.assert_allclose(arrays["ahead_truth_mm"][3][known], truth, rtol=1e-6)
    assert arrays["ahead_persistence"][3] == pytest.approx(
        r2_score(truth, arrays["predicted_pretrained.0"][rows][known]), abs=1e-5)
    assert arrays["ahead_network"][3] == pytest.approx(
        r2_score(truth, arrays["ahead_predicted_network"][3][known]), abs=1e-5)


def test_the_plane_holds_as_much_as_two_singular_values(experiment):
    _, arrays, _ = experiment
    points, share = arrays["plane"], arrays["plane_share"]
    assert points.shape == (len(arrays["end_s"]), 2) and 0 < share[1] < share[0] < 1
    assert points.var(0)[1] / points.var(0)[0] == pytest.approx(share[1] / share[0], rel=1e-4)


def test_leads_must_begin_with_the_same_moment(experiment):
    with pytest.raises(ValueError, match="`leads` must begin with 0; found 0.1"):
        ahead(experiment[2], None, {}, (0.1, 0.2))


def test_intervals_have_a_lower_and_an_upper_end(experiment):
    _, arrays, _ = experiment
    assert (arrays["ahead_gain_low"][1:] < arrays["ahead_gain_high"][1:]).all() and len(arrays["leads"]) == 6
    assert arrays["leads"].tolist() == [0.0, 0.025, 0.05, 0.1, 0.15, 0.2]


def test_which_windows_each_forest_reads(monkeypatch):
    """As they are, standardised, of the networks' band, four in a row; each network answers by kind and seed."""
    from types import SimpleNamespace

    from quakebook.gp2vec.studies import displacement

    calls, answer = [], SimpleNamespace(r2=0.5, rmse_mm=2.0, predicted_mm=np.zeros(3))
    which = SimpleNamespace(end_s=np.array([1, 2]), spans_failure=np.zeros(2, bool))
    asked = SimpleNamespace(which=which, target_mm=np.ones(2), rows=lambda part: part)
    data = SimpleNamespace(stress=np.array([7.0, 8.0]))
    monkeypatch.setattr(displacement, "sequence", lambda seed, **sizes: calls.append((seed, sizes)) or data)
    monkeypatch.setattr(displacement, "cut_windows", lambda data, which, *band: f"band {band}")
    for name, function in {
            "task": lambda data: asked, "oracle": lambda *words: answer, "ridge": lambda x, asked: answer,
            "network_features": lambda model, waves: {"a": np.eye(3), "b": np.diag([1.0, 2.0, 3.0])},
            "boosted_trees": lambda waves, asked, **more: calls.append((waves, more)) or answer,
            "cycle_bootstrap": lambda first, second, asked: (-1.0, 1.5)}.items():
        monkeypatch.setattr(displacement.stick_slip, name, function)
    monkeypatch.setattr(displacement.ahead, "ahead", lambda data, wide, features: [])
    monkeypatch.setattr(displacement.ahead, "metrics", lambda later: {})
    monkeypatch.setattr(displacement.ahead, "arrays", lambda later: {})
    network = SimpleNamespace(to=lambda device: None)
    metrics, arrays = displacement.compare({"one": [network, network], "two": [network]}, "cpu", 1.0, 45.0)
    wide, narrow = "band ()", "band (1.0, 45.0)"
    assert calls == [(0, {}), (wide, {"normalised": False}), (wide, {"normalised": True}),
                     (narrow, {"normalised": True}), (wide, {"normalised": False, "context": 4})]
    assert {key for key in metrics if key.startswith("R2.")} == {
        f"R2.{name}" for name in ("oracle", "trees", "trees_normalised", "trees_band", "trees_context", "one.0",
                                  "one.1", "two.0")}
    assert (metrics["minus_trees_low.two"], metrics["minus_trees_high.two"]) == (-1.0, 1.5)
    assert arrays["stress"].tolist() == [7.0, 8.0]
    last = np.diag([1.0, 2.0, 3.0])
    squares = np.linalg.svd(last - last.mean(0), compute_uv=False) ** 2
    assert arrays["plane_share"] == pytest.approx(squares[:2] / squares.sum())
