"""The published toy on a folder of drawn faces, and what the page says of it."""

from __future__ import annotations

import pytest

from quakebook.uvcgan_s.pages import faces
from quakebook.uvcgan_s.studies import toy


def test_faces_lie_in_the_published_layout_and_train(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    pictures = toy.folder("smoke", tmp_path / "faces")
    assert {path.parent.relative_to(pictures).as_posix() for path in pictures.rglob("*.png")} == {
        f"{split}/{family}" for split in ("train", "val") for family in ("cat", "dog")}
    assert len(list((pictures / "val" / "dog").iterdir())) == toy.COUNTS["smoke"]["val"]
    assert toy.folder("smoke", tmp_path / "faces") == pictures
    run = toy.train("full", "smoke", 0, "training.steps=2", "training.progress=false", pictures=pictures)
    assert run.read_arrays("shown")["parts"].shape[1:] == (6, 6, 16, 16)
    found = faces.scores({"full": run})
    assert faces.metrics(found)["toy.full.both_minus_mixture"] == pytest.approx(max(
        run.record["metrics"][f"error_a{k}"] - run.record["metrics"][f"trivial_error_a{k}"] for k in (0, 1)))
    assert str(tmp_path) not in str(run.config)


def test_unknown_methods_are_refused():
    with pytest.raises(ValueError, match="known: full, identity"):
        toy.settings("best")


def test_sentence_and_table_follow_the_numbers():
    row = {"error": 0.1, "error_a0": 0.1, "error_a1": 0.1, "trivial_error": 0.2, "trivial_error_a0": 0.2,
           "trivial_error_a1": 0.2}
    found = {"full": row, "identity": row | {"error_a1": 0.3}}
    assert faces.sentence(found, 9) == (
        "After 9 steps both parts are nearer to the truth than the blend by the full method; only the cat is nearer to "
        "the truth than the blend by the identity on sums.")
    assert faces.metrics(found) == pytest.approx({"toy.full.both_minus_mixture": -0.1,
                                                  "toy.identity.both_minus_mixture": 0.1})
    assert list(faces.table(found)["method"]) == ["full method", "identity on sums", "mixture for both"]


def test_all_drawn_faces_are_trained_on_and_scored(tmp_path, monkeypatch):
    """24 of each family for training and 8 known blends, with the seed that is asked for, else 0."""
    asked = []
    monkeypatch.setattr(toy.api, "train", lambda config, domains: asked.append((config, domains)))
    pictures = toy.folder("smoke", tmp_path / "faces")
    toy.train("full", "smoke", pictures=pictures)
    toy.train("identity", "smoke", 3, pictures=pictures)
    (config, domains), (other, _) = asked
    assert [len(each) for each in (domains["train"].a0, domains["train"].a1, domains["dev"].b)] == [24, 24, 8]
    assert (config.training.seed, other.training.seed, other.objective.method) == (0, 3, "identity")
    assert (config.data.records, config.data.dev_records) == (0, 0)
