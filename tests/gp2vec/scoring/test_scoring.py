import numpy as np
import pytest
import torch
from scipy.stats import entropy
from sklearn.linear_model import Ridge
from sklearn.metrics import balanced_accuracy_score

from quakebook.gp2vec.data.windows import cut
from quakebook.gp2vec.scoring.downstream import DownstreamEvaluator
from quakebook.gp2vec.scoring.encode import Features, extract, network_encoder, pool_frames
from quakebook.gp2vec.scoring.finetune import Recipe, fit_network, predict
from quakebook.gp2vec.scoring.heldout import edge_distance, measure
from quakebook.gp2vec.scoring.probes import fit_ridge, probe, probe_all, score
from quakebook.gp2vec.scoring.tasks import Questions, frames_at, split
from quakebook.gp2vec.studies.baselines import bootstrap_difference, shuffled, trees
from quakebook.gp2vec.studies.handcrafted_features import frame_features, window_features
from quakebook.gp2vec.studies.label_efficiency import labelled_rows


def planted(n=200, noise=0.1, seed=0):
    """Features whose first column holds the class or the number."""
    rng = np.random.default_rng(seed)
    kind, number = rng.integers(3, size=n), rng.normal(size=n)
    x = rng.normal(size=(n, 12))
    x[:, :3] += 4 * np.eye(3)[kind]
    x[:, 3] = number + noise * rng.normal(size=n)
    frames = rng.normal(size=(n, 3, 6))
    phase = rng.integers(3, size=(n, 3))
    frames[..., :3] += 4 * np.eye(3)[phase]
    onset = (phase == 1).astype(int)
    label = {"kind": torch.as_tensor(kind), "SP": torch.as_tensor(number), "M": torch.as_tensor(number),
             "phase": torch.as_tensor(phase), "P": torch.as_tensor(onset), "S": torch.as_tensor(onset)}
    return Features({"only": x}, {"only": dict.fromkeys(("phase", "P", "S"), frames)},
                    Questions({}, label), np.array([f"e{i}" for i in range(n)], object))


def test_probes_find_what_is_planted():
    results = probe_all(planted())
    assert all(results[task].score > 0.95 for task in ("phase", "P", "S", "kind"))
    assert all(results[task].score > 0.9 for task in ("SP", "M"))


def test_probes_of_shuffled_labels_are_at_chance():
    features = planted(600)
    onset = torch.tensor([1, 0, 0]).expand(600, 3)  # as real questions are: the first of three is the onset
    first = np.zeros((600, 3, 6))
    first[:, 0, 0] = 5
    label = {**features.questions.label, "P": onset.clone()}
    mixed = shuffled(Features(features.pooled, {"only": {**features.frames["only"], "P": first}},
                              Questions({}, label), features.events))
    assert probe(mixed, "kind").score == pytest.approx(1 / 3, abs=0.08)
    assert probe(mixed, "P").score == pytest.approx(0.5, abs=0.07)
    assert abs(probe(mixed, "M").score) < 0.15


def test_ridge_is_scikit_learns_with_balanced_weights():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 4)), np.repeat([0, 1], [40, 10])
    weight = np.where(y == 0, 50 / 80, 50 / 20)
    peer = Ridge(0.5).fit(x, np.eye(2)[y], sample_weight=weight)
    ours = fit_ridge(x, y, "kind", [0.01])[0]
    np.testing.assert_allclose(ours.weight.T, peer.coef_, rtol=1e-8)
    np.testing.assert_allclose(ours.bias, peer.intercept_, rtol=1e-8)
    number = fit_ridge(x, x[:, 0] + rng.normal(size=50), "M", [0.1, 1.0])
    assert np.abs(number[1].weight).sum() < np.abs(number[0].weight).sum()


def test_scores():
    truth = np.array([0, 0, 0, 1])
    assert score("kind", truth, np.zeros(4)) == balanced_accuracy_score(truth, np.zeros(4)) == 0.5
    assert score("P", truth, np.array([0.1, 0.2, 0.3, 0.9])) == 1.0
    assert score("M", np.arange(4.0), np.full(4, 1.5)) == 0.0
    assert np.isnan(score("kind", np.zeros(4), np.zeros(4)))


def test_extract_reads_the_asked_frames(pool, tiny):
    tiny.eval()
    features = extract(network_encoder(tiny), pool, 3000, 40)
    start = pool.fixed_starts(3000)
    with torch.no_grad():
        whole = tiny.encode(cut(pool.waveforms, torch.arange(5), start[:5], 3000), layer=2)
    index = frames_at(features.questions.time_s["P"][:5], 3000, 150)
    np.testing.assert_allclose(features.frames["block 2"]["P"][3, 1], whole[3, index[3, 1]], atol=1e-4)
    np.testing.assert_allclose(features.pooled["block 2"][:5], pool_frames(whole), atol=1e-4)


def test_handcrafted_frames(pool):
    features = extract(frame_features, pool, 3000, 64)
    assert features.pooled["handcrafted"].shape == (96, 144) and np.isfinite(features.pooled["handcrafted"]).all()
    assert trees(features, "kind").score >= 0.3


def test_window_features_of_a_sine():
    t = np.arange(3000) / 100
    x = window_features(np.stack([np.sin(2 * np.pi * 5 * t)] * 3)[None])
    assert x.shape == (1, 72)
    row = x[0, :24]
    assert np.argmax(row[:9]) == 5  # 4 to 8 Hz
    assert row[9] == pytest.approx(5.0, abs=1e-6)  # centroid
    assert row[10] == pytest.approx(np.log10(np.sqrt(0.5)), abs=1e-3)
    assert row[11] == pytest.approx(1.5, abs=1e-3)  # kurtosis of a sine
    assert row[23] == pytest.approx(2.0, abs=1e-6)  # range


def test_label_shares_are_nested_and_stay_in_the_training_part():
    events = np.array([f"e{i // 2}" for i in range(400)], object)
    small, large = labelled_rows(events, 0.1, 0), labelled_rows(events, 0.5, 0)
    assert set(small) < set(large) <= set(split(events)["train"])
    assert len(small) == 24 and len(large) == 120


def test_bootstrap_of_equal_results_is_zero():
    result = probe(planted(), "kind")
    assert bootstrap_difference(result, result, "kind", draws=20) == (0.0, 0.0, 0.0)


def test_edge_distance_by_hand():
    mask = torch.tensor([[0, 1, 1, 1, 0, 0, 1, 1]]).bool()
    assert edge_distance(mask)[0].tolist() == [0, 1, 2, 1, 0, 0, 1, 1]


def test_measure_does_not_depend_on_the_batch(pool, tiny):
    tiny.eval()
    whole = measure(tiny, pool, 3000, 32, 32)
    assert -1 < whole.metrics["gap"] < 0.5 and 0.3 < whole.metrics["masked_fraction"] < 0.6
    assert whole.metrics["used_codes"] == pytest.approx(float((whole.usage > 0).float().mean()))
    assert measure(tiny, pool, 3000, 32, 32).metrics == whole.metrics
    assert whole.usage.sum(1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)


def test_measured_numbers_belong_together(pool, tiny):
    """Gap and accuracy from losses and ranks, perplexity by SciPy, one batch, so that means are plain ones."""
    tiny.eval()
    found = measure(tiny, pool, 3000, 32, 32)
    values, frames = found.metrics, tiny.frames(3000)
    assert values["gap"] == pytest.approx(values["chance"] - values["loss"], abs=1e-5)
    assert values["code_perplexity"] == pytest.approx(np.exp(entropy(found.usage.numpy(), axis=1)).sum(), rel=1e-3)
    assert values["masked_fraction"] == pytest.approx(len(found.rank) / (32 * frames))
    assert values["accuracy5"] == pytest.approx(float((found.rank < 5).float().mean()), abs=0.02)
    assert values["accuracy"] <= float((found.rank == 0).float().mean()) + 1e-6
    assert len(found.depth) == len(found.rank) and int(found.depth.min()) == 1


def windows_with_bursts(n=80, samples=600):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(n, 3, samples, generator=generator)
    label = (torch.arange(n) % 2).numpy()
    t = torch.arange(200) / 100
    x[1::2, :, 200:400] += 6 * torch.sin(2 * torch.pi * 4 * t) * torch.exp(-t)
    return x, label


def test_downstream_evaluator_finds_bursts(tiny):
    x, label = windows_with_bursts()
    evaluator = DownstreamEvaluator(tiny)
    result = evaluator.evaluate_tremor_detection(x, label, groups=np.arange(80) // 2)
    assert set(result) == {"linear_probe", "sklearn"}
    for scores in result.values():
        assert set(scores) == {"accuracy", "f1_macro", "f1_weighted", "auc"} and scores["auc"] > 0.8
    frames = tiny.frames(600)
    per_frame = np.zeros((80, frames), int)
    per_frame[1::2, frames // 3 : 2 * frames // 3] = 1
    assert evaluator.evaluate_phase_picking(x, per_frame)["sklearn"]["auc"] > 0.8


def test_magnitude_bins_use_the_amplitude(tiny):
    rng = np.random.default_rng(0)
    magnitude = rng.uniform(1, 4, 100)
    x = torch.randn(100, 3, 600, generator=torch.Generator().manual_seed(0)) * torch.as_tensor(
        10**magnitude, dtype=torch.float32)[:, None, None]
    scores = DownstreamEvaluator(tiny).evaluate_magnitude_estimation(x, magnitude, num_magnitude_bins=3)["sklearn"]
    assert scores["accuracy"] > 0.55 and scores["off_by_one"] >= scores["accuracy"] and "auc" not in scores


def test_metadata_as_rows_equals_metadata_as_tensors():
    from quakebook.gp2vec.objective.pretraining import GP2Vec

    torch.manual_seed(0)
    model = GP2Vec(size="tiny", width=32, depth=1, fusion="film").eval()
    torch.nn.init.normal_(model.fusion.film.weight, std=0.1)
    x = torch.randn(4, 3, 600)
    evaluator = DownstreamEvaluator(model)
    rows = evaluator.features(x, [{"latitude": 10.0 * i, "longitude": 5.0} for i in range(4)])
    tensors = evaluator.features(x, {"latitude": 10.0 * torch.arange(4), "longitude": torch.full((4,), 5.0)})
    np.testing.assert_allclose(rows, tensors, rtol=1e-5)


@pytest.mark.parametrize(("labels", "words"), [(np.zeros(7), "labels must have shape"),
                                               (np.full(8, 0.5), "whole numbers"), (np.zeros(8), "one class")])
def test_wrong_labels_are_refused(tiny, labels, words):
    with pytest.raises(ValueError, match=words):
        DownstreamEvaluator(tiny).evaluate_tremor_detection(torch.randn(8, 3, 600), labels)


def test_fine_tuning_learns_and_leaves_the_network_alone(tiny):
    x, label = windows_with_bursts()
    before = {name: value.clone() for name, value in tiny.state_dict().items()}
    result = DownstreamEvaluator(tiny).fine_tune(x, label, recipe=Recipe(steps=30, batch_size=16, head_lr=5e-3))
    assert result["fine_tuning"]["auc"] > 0.8
    assert all(torch.equal(before[name], value) for name, value in tiny.state_dict().items())


def test_head_first_then_the_body(tiny):
    x, label = windows_with_bursts(16)
    fitted = fit_network(tiny, x, label, Recipe(steps=2, head_share=1.0), 0, classes=2)
    assert all(torch.equal(p, q) for p, q in zip(fitted.body.parameters(), tiny.parameters(), strict=True))
    moved = fit_network(tiny, x, label, Recipe(steps=3, head_share=0.0, lr=1e-2), 0, classes=2)
    assert all(torch.equal(p, q) for p, q in zip(moved.body.encoder.parameters(), tiny.encoder.parameters(),
                                                 strict=True))
    assert not torch.equal(moved.body.context.blocks[1].up.weight, tiny.context.blocks[1].up.weight)
    assert predict(moved, x).shape == (16, 2)


def test_scratch_starts_anew(tiny):
    x, label = windows_with_bursts(16)
    fitted = fit_network(tiny, x, label, Recipe(steps=1, scratch=True, lr=0.0, head_lr=0.0), 5, classes=2)
    assert not torch.equal(fitted.body.project.weight, tiny.project.weight)


def test_held_out_numbers_are_means_over_windows(pool, tiny, monkeypatch):
    """Of 5 windows by 2 the last is left out, alone in its batch; masks come from one generator with seed 12,345."""
    from quakebook.gp2vec.scoring import heldout

    tiny.eval()
    seen, original = [], heldout.draw
    monkeypatch.setattr(heldout, "draw", lambda rule, batch, frames, generator, device: seen.append(
        (batch, generator.initial_seed())) or original(rule, batch, frames, generator, device))
    found = measure(tiny, pool, 3000, 5, 2)
    assert seen == [(2, 12_345), (2, 12_345)]
    assert found.metrics["masked_fraction"] == pytest.approx(len(found.rank) / (4 * tiny.frames(3000)))
    assert found.usage.sum(1).tolist() == pytest.approx([1.0, 1.0], abs=1e-5)
    assert found.metrics["accuracy"] == pytest.approx(float((found.rank == 0).float().mean()), abs=0.01)
    assert len(measure(tiny, pool, 3000, 10**6, 96).rank) > len(found.rank)


def test_probing_leaves_a_network_in_the_mode_it_was_in(tiny, monkeypatch):
    from types import SimpleNamespace

    from quakebook.gp2vec.scoring import evaluate

    modes = []
    monkeypatch.setattr(evaluate, "probes", lambda encoder, settings, device: modes.append(tiny.training) or {
        "P": SimpleNamespace(score=0.5)})
    for mode in (True, False):
        tiny.train(mode)
        assert evaluate.probe_metrics(tiny, None, "cpu") == {"probe.P": 0.5} and tiny.training is mode
    assert modes == [False, False]
