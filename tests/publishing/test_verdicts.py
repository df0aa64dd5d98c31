"""Verdicts: a synthetic number is never called reproduced, an ordering within the spread is undecided."""

import itertools
import json
import math

import pytest
import yaml

from quakebook.publishing import claims, reports
from quakebook.publishing.claim import Claim
from quakebook.publishing.claim_file import ANSWERS
from quakebook.publishing.measured import Measured
from quakebook.publishing.reports import Result
from quakebook.publishing.verdicts import GROUPS, NOT_REPRODUCED, NOT_RUN, REPRODUCED, VERDICTS, judge
from quakebook.training.recorded_files import write_facts


def claim(answers="reproduction", **more):
    return Claim("toy", "half", "half of one", "Table 1", 0.5, "toy.half", 0.4, 0.6, "± 0.1", "digits", answers, **more)


def ordering(**more):
    return Claim("toy", "over", "a is above b", "Table 1", None, "toy.half", 0.0, math.inf, "≥ 0", "a direction",
                 "effect", ordering=True, **more)


def result(value=0.5, data="synthetic", **facts):
    recorded = facts.pop("recorded", False)
    answer = value if isinstance(value, Measured) else Measured(value)
    return Result("toy", "page", data, {"toy.half": answer}, recorded, facts)


@pytest.mark.parametrize(("answers", "data", "value", "verdict"), [
    ("reproduction", "model-free", 0.5, "reproduced"),
    ("reproduction", "real", 0.5, "reproduced"),
    ("reproduction", "synthetic", 0.5, "effect shown"),
    ("reproduction", "model-free", 0.9, "not reproduced"),
    ("effect", "synthetic", 0.5, "effect shown"),
    ("effect", "model-free", 0.5, "effect shown"),
    ("effect", "real", 0.5, "effect shown"),
    ("effect", "synthetic", 0.9, "not reproduced"),
    ("effect", "synthetic", math.nan, "not reproduced"),
    ("reproduction", "benchmark", 0.5, "reproduced"),
    ("effect", "benchmark", 0.5, "effect shown"),
    ("real", "real", 0.5, "reproduced"),
    ("real", "benchmark", 0.5, "not run here"),
    ("benchmark", "benchmark", 0.5, "reproduced"),
    ("benchmark", "real", 0.5, "not run here"),
    ("real", "synthetic", 0.5, "not run here"),
    ("real", "model-free", 0.5, "not run here"),
])
def test_table_of_verdicts(answers, data, value, verdict):
    assert judge(claim(answers), [result(value, data)]).verdict == verdict


def test_no_combination_calls_a_synthetic_number_reproduced():
    for answers, value, recorded in itertools.product(ANSWERS, (0.5, 0.9, math.nan), (True, False)):
        found = judge(claim(answers), [result(value, "synthetic", recorded=recorded)])
        assert found.verdict in VERDICTS
        assert found.verdict != REPRODUCED


def test_nothing_measured_is_not_run():
    assert judge(claim(), []).verdict == NOT_RUN
    assert judge(claim(), [Result("toy", "page", "real", {"other": Measured(1.0)})]).verdict == NOT_RUN


@pytest.mark.parametrize(("answer", "verdict"), [
    (Measured(0.30, 0.10, 3), "effect shown"),
    (Measured(-0.30, 0.10, 3), "not reproduced"),
    (Measured(0.05, 0.10, 3), "undecided"),
    (Measured(-0.05, 0.10, 3), "undecided"),
    (Measured(0.30, None, 1), "undecided"),   # one seed
    (Measured(0.30), "undecided"),            # the answer says nothing of seeds
    (Measured(math.nan), "not reproduced"),
])
def test_an_ordering_is_decided_outside_the_spread_only(answer, verdict):
    assert judge(ordering(), [result(answer)]).verdict == verdict


@pytest.mark.parametrize("data", ["real", "model-free", "synthetic"])
def test_checks_of_ours_pass_or_fail(data):
    own = claim("effect" if data == "synthetic" else "reproduction", ours=True)
    assert judge(own, [result(0.5, data)]).verdict == "passed"
    assert judge(own, [result(0.9, data)]).verdict == "failed"
    assert judge(own, [result(math.nan, data)]).verdict == "failed"


def test_a_count_shows_the_architecture_and_is_no_result():
    count = claim(kind="architecture")
    assert judge(count, [result(0.5, "model-free")]).verdict == "same architecture"
    assert judge(count, [result(0.9, "model-free")]).verdict == "other architecture"


def test_every_claim_is_counted_in_one_group():
    groups = [judge(claim(**more), []).group for more in
              ({"kind": "trained"}, {"kind": "computed"}, {"kind": "architecture"},
               {"kind": "architecture", "ours": True})]
    assert groups == list(GROUPS)


def test_smoke_numbers_are_shown_but_not_judged():
    found = judge(claim(), [result(0.9, "model-free", profile="smoke")])
    assert (found.verdict, found.value) == (NOT_RUN, 0.9)


def test_better_data_and_then_the_present_build_go_first():
    real = result(0.9, "real")
    assert judge(claim(), [result(0.5, "synthetic"), real]).verdict == NOT_REPRODUCED
    live, kept = result(0.5, "model-free"), result(0.9, "model-free", recorded=True)
    assert judge(claim(), [kept, live]).value == 0.5
    assert judge(claim(), [kept, result(0.5, "model-free", profile="smoke")]).value == 0.9


def test_report_and_table(project, monkeypatch):
    path = claims.report("toy", "half", {"toy.half": 0.5049}, data="model-free", seeds=[1, 2])
    body = json.loads(path.read_text())
    assert body["seeds"] == [1, 2]
    assert body["profile"] == "interactive"
    frame = claims.table("toy")
    assert list(frame.columns) == ["claim", "paper says", "ours", "tolerance", "verdict", "data"]
    assert list(frame.loc["half"]) == ["half of one", "0.5", "0.5049", "± 0.01", "reproduced", "model-free"]
    assert list(frame["verdict"]) == ["reproduced", "not run here"]


def test_a_page_shows_its_own_numbers_only(project, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_PROFILE", "quick")
    monkeypatch.setenv("QUAKEBOOK_NOTEBOOK", "toy/01_half")
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    assert claims.table("toy").loc["half", "verdict"] == "reproduced"
    monkeypatch.setenv("QUAKEBOOK_NOTEBOOK", "toy/02_other")
    assert list(claims.table("toy").index) == ["far"]  # says what it needs
    assert claims.table("toy", "toy.half").loc["half", "verdict"] == "not run here"
    assert claims.table("toy", everything=True).loc["half", "verdict"] == "reproduced"


def test_recorded_results_count(project):
    body = {"paper": "toy", "source": "long", "data": "real", "metrics": {"toy.archive": 0.85}}
    (project.recorded / "toy-long.json").write_text(json.dumps(body))
    row = claims.table("toy").loc["far"]
    assert (row["verdict"], row["data"]) == ("reproduced", "real (measured) (recorded)")


def test_an_answer_with_its_spread_arrives_in_the_table(project):
    path = claims.report("toy", "half", {"toy.half": claims.over_seeds([0.4, 0.5, 0.6])}, data="model-free")
    stored = json.loads(path.read_text())["metrics"]["toy.half"]
    assert stored["seeds"] == 3
    assert (stored["value"], stored["spread"]) == pytest.approx((0.5, 4.3027 * 0.1 / 3**0.5), rel=1e-4)
    assert claims.table("toy").loc["half", "ours"] == "0.50 ± 0.25 (3 seeds)"
    claims.report("toy", "half", {"toy.half": claims.over_seeds([0.5])}, data="model-free")
    assert claims.table("toy").loc["half", "ours"] == "0.5 (one seed)"


def test_recorded_on_unknown_data_is_refused(project):
    body = {"paper": "toy", "source": "long", "data": "recorded", "computed_on": "the moon", "metrics": {}}
    (project.recorded / "toy-long.json").write_text(json.dumps(body))
    with pytest.raises(claims.ClaimError, match=r"toy-long\.json: computed_on must be one of .*found 'the moon'"):
        claims.table("toy")


def test_recorded_without_word_on_its_data_counts_as_synthetic(project):
    body = {"paper": "toy", "source": "long", "data": "recorded", "metrics": {"toy.half": 0.5}}
    (project.recorded / "toy-long.json").write_text(json.dumps(body))
    assert claims.table("toy").loc["half", "verdict"] == "effect shown"


def test_a_changed_byte_in_a_recorded_result_is_refused(project):
    path = write_facts(project.recorded / "toy" / "long.json",
                       {"name": "long", "paper": "toy", "data": "real", "metrics": {"toy.archive": 0.85}, "files": {}})
    assert claims.table("toy").loc["far", "verdict"] == "reproduced"
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1:])
        with pytest.raises(claims.ClaimError, match="long.json"):
            reports.recorded("toy", project)


def test_markdown_is_a_numbered_table(project):
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    text = claims.show("toy").data
    assert text.startswith("```{table} toy")
    assert ":name: tab-claims-toy" in text
    assert '| <span class="qb-verdict qb-reproduced">reproduced</span> |' in " ".join(text.split())


@pytest.mark.parametrize(("args", "message"), [
    (("../toy", "half", {"a": 1.0}), "paper must be letters"),
    (("toy", "a/b", {"a": 1.0}), "source must be letters"),
    (("toy", "half", {"a b": 1.0}), "metric must be letters"),
    (("toy", "half", {"a": "many"}), "must be a number or .*found 'many'"),
    (("toy", "half", {"a": 1.0}, "imagined"), "data must be one of"),
])
def test_report_refuses(project, args, message):
    with pytest.raises(claims.ClaimError, match=message):
        claims.report(*args)
    assert not list(project.build.rglob("*.json"))


def test_nan_is_kept_and_never_agrees(project):
    claims.report("toy", "half", {"toy.half": float("nan")}, data="model-free")
    assert claims.table("toy").loc["half", "verdict"] == "not reproduced"


def test_unknown_paper_lists_those_with_claims(project):
    with pytest.raises(claims.ClaimError, match=r"no claims for 'tov'.*toy"):
        claims.load("tov")


def test_a_damaged_result_file_is_named(project):
    path = claims.report("toy", "half", {"toy.half": 0.5})
    path.write_text("{")
    with pytest.raises(claims.ClaimError, match=r"half\.json: not a readable result"):
        claims.table("toy")


def test_a_full_disk_keeps_the_older_numbers_and_nothing_else(project, monkeypatch):
    path = claims.report("toy", "half", {"toy.half": 0.5})
    before = path.read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        claims.report("toy", "half", {"toy.half": 0.6})
    assert path.read_text() == before
    assert [p.name for p in path.parent.iterdir()] == ["half.json"]


def test_an_unwritable_place_leaves_nothing_behind(project, monkeypatch):
    blocked = project.root / "file"
    blocked.write_text("")
    monkeypatch.setenv("QUAKEBOOK_RESULTS", str(blocked))
    with pytest.raises(OSError, match="file"):
        claims.report("toy", "half", {"toy.half": 0.5})


def test_many_claims_without_a_number_are_counted_below_the_table(project):
    claims_file = project.claims / "toy.yaml"
    entries = yaml.safe_load(claims_file.read_text())
    entries += [entries[-1] | {"id": f"far{k}"} for k in range(9)]
    claims_file.write_text(yaml.safe_dump(entries))
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    text = claims.show("toy").data
    assert text.count("claim-toy-far") == 3 and "claim-toy-half" in text
    assert "7 more claims were not run here" in text
    assert len(claims.table("toy")) == 11


@pytest.mark.parametrize(("absent", "shown", "told"), [(6, 6, ""), (7, 3, "4 more claims were not run here")])
def test_up_to_six_claims_without_a_number_are_shown(project, absent, shown, told):
    claims_file = project.claims / "toy.yaml"
    entries = yaml.safe_load(claims_file.read_text())
    entries += [entries[-1] | {"id": f"far{k}"} for k in range(absent - 1)]
    claims_file.write_text(yaml.safe_dump(entries))
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    text = claims.show("toy").data
    assert text.count("claim-toy-far") == shown and told in text and ("more claims" in text) == bool(told)
