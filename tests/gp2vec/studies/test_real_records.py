"""The probes on real records: folds by station, answers from records that were not seen, intervals that mean it."""

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data.records import Records
from quakebook.gp2vec.scoring.encode import Features
from quakebook.gp2vec.scoring.probes import ProbeResult
from quakebook.gp2vec.scoring.tasks import Questions
from quakebook.gp2vec.settings import DataConfig
from quakebook.gp2vec.studies import real_records


def planted(n=80, strength=4.0, seed=0, groups=None):
    """Features that hold the class of each frame, and the number of each window, as strongly as asked."""
    rng = np.random.default_rng(seed)
    phase, number = rng.integers(3, size=(n, 3)), rng.normal(size=n)
    pooled, frames = rng.normal(size=(n, 5)), rng.normal(size=(n, 3, 6))
    pooled[:, 0] += strength * number
    frames[..., :3] += strength * np.eye(3)[phase]
    label = {"phase": torch.as_tensor(phase), "P": torch.as_tensor((phase == 1).astype(int)),
             "S": torch.as_tensor((phase == 2).astype(int)), "SP": torch.as_tensor(number)}
    time = {name: torch.zeros(n, 3) for name in ("phase", "P", "S")}
    names = np.array([f"s{k % (n // 2)}" for k in range(n)], object) if groups is None else groups
    return Features({"x": pooled}, {"x": dict.fromkeys(("phase", "P", "S"), frames)}, Questions(time, label), names)


def test_each_record_is_tested_once_and_no_station_stands_on_two_sides():
    groups = np.array([f"s{k % 13}" for k in range(40)], object)
    parts = real_records.folds(groups)
    assert len(parts) == real_records.FOLDS
    assert sorted(np.concatenate([each["test"] for each in parts])) == list(range(40))
    for each in parts:
        sides = [set(groups[each[name]]) for name in ("train", "dev", "test")]
        assert sum(map(len, sides)) == 13 == len(set.union(*sides))


def test_too_few_stations_are_refused():
    with pytest.raises(ValueError, match="at least 3 groups"):
        real_records.folds(np.array(["a", "b", "a"], object))


def test_answers_come_from_folds_that_did_not_see_the_station():
    asked = []

    def remember(features, task, parts):
        asked.append(parts)
        truth = np.arange(len(parts["test"])) % 2
        return ProbeResult(1.0, "x", 0.0, truth, truth + 0.0, features.events[parts["test"]])

    result = real_records.crossed(planted(), "P", remember)
    assert len(result.truth) == 80 and result.score == 1.0
    assert all(not set(each["test"]) & set(each["train"]) for each in asked)


@pytest.mark.parametrize("task", real_records.TASKS)
def test_planted_answers_are_found_on_both_roads(task):
    features, other = planted(), planted(seed=1)
    assert real_records.crossed(features, task).score > 0.85
    assert real_records.transferred(other, features, task).score > 0.85


def test_nothing_planted_is_chance_on_both_roads():
    nothing, other = planted(200, 0.0), planted(200, 0.0, seed=1)
    assert real_records.crossed(nothing, "P").score == pytest.approx(0.5, abs=0.08)
    assert real_records.transferred(other, nothing, "phase").score == pytest.approx(1 / 3, abs=0.08)


def test_joined_windows_keep_their_order():
    first, second = planted(4), planted(6, seed=1)
    both = real_records.joined(first, second)
    assert both.pooled["x"].shape == (10, 5) and both.frames["x"]["P"].shape == (10, 3, 6)
    np.testing.assert_array_equal(both.pooled["x"][4:], second.pooled["x"])
    assert both.questions.label["SP"].tolist() == [*first.questions.label["SP"], *second.questions.label["SP"]]


def made(n, rng, stations):
    """Records of noise with a burst at P and a larger one at S, as the sample has them: P at 30 s of 90 s."""
    waves = rng.normal(size=(n, 3, 9001)).astype(np.float32)
    s = 3000 + rng.integers(150, 900, n)
    for k in range(n):
        waves[k, :, 3000:] *= 8
        waves[k, :, s[k]:] *= 4
    table = pd.DataFrame({"trace_p_arrival_sample": 3000.0, "trace_s_arrival_sample": s.astype(float),
                          "station_network_code": "XX", "station_code": stations}, index=range(n))
    return Records(torch.from_numpy(waves), table, 100.0, "made", "made")


def test_scores_and_intervals_of_made_records():
    from quakebook.gp2vec.studies.handcrafted_features import frame_features

    rng = np.random.default_rng(0)
    pool = real_records.station_pool(made(24, rng, [f"S{k // 2}" for k in range(24)]), DataConfig())
    assert len(np.unique(pool.events)) == 12 and pool.events[0] == "XX.S0"

    def blind(windows, metadata):
        return {"noise": torch.randn(len(windows), 150, 4, generator=torch.Generator().manual_seed(0))}

    found = real_records.compare({"pretrained": frame_features, "untrained.0": blind, "untrained.1": blind},
                                 frame_features, pool, pool, 3000, 16, draws=40)
    assert found["records"] == 24 and found["stations"] == 12
    assert found["own.pretrained.phase"] > 0.6 > found["own.untrained.0.phase"]
    assert found["own.minus_untrained.phase.low"] > 0 and found["own.minus_handcrafted.phase"] == 0
    assert found["own.minus_untrained.phase"] == pytest.approx(
        found["own.pretrained.phase"] - (found["own.untrained.0.phase"] + found["own.untrained.1.phase"]) / 2)


def test_folds_by_hand():
    """Five folds of at least three groups; the next fold chooses, all others train; the order comes from seed 0."""
    groups = np.array([f"s{k}" for k in range(6)], object)
    names = np.random.default_rng(0).permutation(groups.astype(str))
    parts = real_records.folds(groups)
    for k, each in enumerate(parts):
        assert sorted(groups[each["test"]]) == sorted(names[k::5])
        assert sorted(groups[each["dev"]]) == sorted(names[(k + 1) % 5 :: 5])
    assert len(real_records.folds(groups[:4])) == 4 and len(real_records.folds(groups[:3])) == 3
    with pytest.raises(ValueError, match="found 6 and 2"):
        real_records.folds(groups, count=2)


def test_on_the_way_from_synthetic_records_four_fifths_of_them_train():
    """60 and 15 parts of 75; the real records are asked, which stand behind the synthetic ones."""
    asked = []
    real_records.transferred(planted(20), planted(6, seed=1), "P", lambda features, task, parts: asked.append(parts))
    order = np.random.default_rng(0).permutation(20)
    assert asked[0]["train"].tolist() == order[:16].tolist() and asked[0]["dev"].tolist() == order[16:].tolist()
    assert asked[0]["test"].tolist() == list(range(20, 26))


def test_of_several_untrained_networks_the_widest_interval_is_told(monkeypatch):
    """Differences 1 and 3, lows -1 and 0.5, highs 2 and 9."""
    rows = {"a": (1.0, -1.0, 2.0), "b": (3.0, 0.5, 9.0)}
    monkeypatch.setattr(real_records, "bootstrap_difference", lambda own, rival, task, draws: rows[rival])
    found = real_records._differences("x", {"pretrained": None, "untrained.0": "a", "untrained.1": "b",
                                            "handcrafted": "a", "trees": "b"}, "P", 5)
    assert [found[f"x_untrained.P{end}"] for end in ("", ".low", ".high")] == [2.0, -1.0, 9.0]
    assert [found[f"x_trees.P{end}"] for end in ("", ".low", ".high")] == [3.0, 0.5, 9.0]


def test_roads_ask_the_records_they_are_named_after(monkeypatch):
    monkeypatch.setattr(real_records, "crossed", lambda features, task, method: ("own", features))
    monkeypatch.setattr(real_records, "transferred", lambda synthetic, real, task, method: (synthetic, real))
    assert real_records._ask("own", ("real", "made"), "P", None) == ("own", "real")
    assert real_records._ask("transfer", ("real", "made"), "P", None) == ("made", "real")
