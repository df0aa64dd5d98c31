"""Names and means of recorded baselines and label curves, with parts that answer what they were asked."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.gp2vec.recorded import make, plan
from quakebook.gp2vec.scoring.tasks import TASKS, WINDOW_TASKS
from quakebook.gp2vec.studies.label_efficiency import FRACTIONS


@pytest.fixture
def stubbed(monkeypatch):
    """Features are words; a probe answers with a number that its words tell."""
    worth = {"seed0": 0.1, "seed1": 0.2, "written": 0.3, "shuffled": 0.4, "tiny-0": 0.5}
    score = lambda features: SimpleNamespace(score=worth[features])  # noqa: E731
    network = lambda name: SimpleNamespace(name=name, to=lambda device: SimpleNamespace(name=name))  # noqa: E731
    monkeypatch.setattr(make, "probe_pool", lambda settings, device: SimpleNamespace(events=np.arange(3)))
    monkeypatch.setattr(make, "network_encoder", lambda model: model.name)
    monkeypatch.setattr(make, "extract", lambda encoder, pool, samples, batch: encoder)
    monkeypatch.setattr(make, "probe_all", lambda features: {task: score(features) for task in TASKS})
    monkeypatch.setattr(make, "network", lambda source, folder: network(source))
    base = make._baselines
    monkeypatch.setattr(base, "random_network", lambda settings, seed: network(f"seed{seed}"))
    monkeypatch.setattr(base, "handcrafted", lambda pool, samples, batch: "written")
    monkeypatch.setattr(base, "trees", lambda features, task: SimpleNamespace(score=0.9))
    monkeypatch.setattr(base, "shuffled", lambda features: "shuffled")
    monkeypatch.setattr(make, "curve", lambda features, task, seeds, fractions, method: np.array(
        [[worth[features] + (method is make.boosted) + seed + share for seed in seeds] for share in fractions]))
    monkeypatch.setattr(make, "labelled_rows", lambda events, share, seed: share)
    monkeypatch.setattr(base, "supervised", lambda model, pool, task, recipe, seed, samples, rows, batch: (
        SimpleNamespace(score=10 * recipe.scratch + 100 * recipe.steps + seed + rows)))


def test_baselines_by_name(stubbed):
    found = make.baselines("tiny-baselines", "smoke", (0, 1))
    for name, want in (("random.P.0", 0.1), ("random.P.1", 0.2), ("handcrafted.M", 0.3), ("trees.kind", 0.9),
                       ("shuffled.S", 0.4)):
        assert found.metrics[f"tiny-baselines.{name}"] == want
    assert len(found.metrics) == 5 * len(TASKS) and found.facts["seeds"] == [0, 1]


def test_label_curves_and_their_means(stubbed, tmp_path):
    found = make.label_curves("tiny-labels", "smoke", "tiny-0", (0, 1), 30, tmp_path, fractions=(0.1, 1.0))
    arrays = found.arrays
    assert arrays["fractions"].tolist() == [0.1, 1.0]
    for task in WINDOW_TASKS:
        assert arrays[f"{task}_frozen"] == pytest.approx(np.array([[0.6, 1.6], [1.5, 2.5]]))
        assert arrays[f"{task}_random"][0, 0] == pytest.approx(0.2)
        assert arrays[f"{task}_handcrafted"][0, 0] == pytest.approx(0.4)
        assert arrays[f"{task}_trees"][0, 0] == pytest.approx(1.4)
        assert arrays[f"{task}_fine_tuned"] == pytest.approx(np.array([[3000.1, 3001.1], [3001.0, 3002.0]]))
        assert arrays[f"{task}_scratch"][1, 1] == pytest.approx(3012.0)
        assert found.metrics[f"tiny-labels.{task}_frozen.0.1"] == pytest.approx(1.1)
        assert found.metrics[f"tiny-labels.{task}_scratch.1"] == pytest.approx(3011.5)
    assert found.facts == {"data": "synthetic", "seeds": [0, 1], "source": "tiny-0"}


def test_the_plan_by_hand():
    """Tiny: three trainings, five experiments, 5 + 5 + 3 variants. Small: 6 trainings, 4 experiments, 9 + 5."""
    names = [entry.name for entry in plan.PLAN]
    assert len(names) == len(set(names)) == 3 + 5 + 13 + 6 + 4 + 14
    by = {entry.name: entry for entry in plan.PLAN}
    assert by["tiny-0"].arguments["keep_weights"] and not by["tiny-1"].arguments["keep_weights"]
    assert by["tiny-displacement"].arguments["steps"] == 200 and by["small-displacement"].arguments["steps"] == 800
    assert tuple(by["tiny-labels"].arguments.get("fractions", FRACTIONS)) == (0.05, 0.1, 0.2, 0.5, 1.0)
    assert by["tiny-labels"].arguments["steps"] == 30
    assert by["small-labels"].arguments["steps"] == 200 and by["real"].arguments["synthetic"] == 300
    assert "training.steps=800" in by["recipes/ema"].arguments["overrides"]
    assert by["tiny-recipes/unscaled"].arguments["overrides"][-2:] == ["network.quantiser=gumbel",
                                                                      "network.scale_logits=false"]
