"""The table about real records."""

import numpy as np

from quakebook.bluedisc.pages import real_records
from quakebook.bluedisc.recorded.real_records import Shown


def _shown(**more):
    empty = np.zeros((0, 3, 3001), np.float32)
    numbers = {f"example.bce.{phase}.{key}": value
               for phase in "PS" for key, value in (("height", 0.123), ("time_s", 4.5))}
    return Shown([], empty, empty, {"bce": empty}, {"metrics": numbers | more})


def test_shares_of_a_few_records_are_shown_as_counts():
    numbers = {f"real.bce.{phase}.{key}": value for phase in "PS" for key, value in (
        ("tp", 25.0), ("below", 50.0), ("precise", 75.0), ("label_count", 8.0), ("height_50", 0.654),
        ("precision", None), ("high_count", 0.0))}
    table = real_records.table(_shown(**{"real.records": 9.0}, **numbers)).set_index("")["BCE"]
    assert table["S in time and over 0.7"] == "2 of 8" and table["P in time, of any height"] == "6 of 8"
    assert table["S peaks over 0.7 that are in time"] == "none" and table["S peaks in time: median height"] == "0.65"
    assert table["ObsPy's record: highest P value, and when"] == "0.12 at 4.50 s"


def test_without_the_sample_only_the_bundled_record_is_shown():
    found = _shown()
    assert len(real_records.table(found)) == 2 and "absent" in real_records.source_line(found)


def _pair(**hybrid):
    """Ten labels of each phase: what BCE found, and what differs in the hybrid."""
    same = {"tp": 20.0, "below": 30.0, "precise": 50.0, "label_count": 10.0, "height_50": 0.5, "precision": 80.0,
            "high_count": 10.0}
    numbers = {f"real.{name}.{phase}.{key}": value for name in ("bce", "hybrid") for phase in "PS"
               for key, value in same.items()}
    return _shown(**{"real.records": 10.0}, **numbers | {f"real.hybrid.{k.replace('_', '.', 1)}": v
                                                         for k, v in hybrid.items()})


def test_where_the_shown_numbers_come_from(monkeypatch):
    """The sample of the machine, that of a given folder, or what was recorded; never a mixture."""
    calls = []
    monkeypatch.setattr(real_records.recorded, "generator", lambda file: f"weights of {file}")
    monkeypatch.setattr(real_records.real_records, "apply", lambda *given: calls.append(given) or "computed")
    monkeypatch.setattr(real_records.real_records, "read", lambda: "recorded")
    monkeypatch.setattr(real_records.real_records, "northern_california", lambda: None)
    monkeypatch.setattr("quakebook.data.load_records", lambda folder: f"records of {folder}")
    assert real_records.shown() == "recorded" and not calls
    pickers = {"bce": "weights of bce-42", "hybrid": "weights of hybrid-42"}
    assert real_records.shown("here") == "computed" and calls.pop() == (pickers, "records of here")
    monkeypatch.setattr(real_records.recorded_files, "names", lambda folder: ["bce-42"])
    assert real_records.shown() == "computed" and calls.pop() == (pickers, None)  # nothing recorded either
    monkeypatch.setattr(real_records.real_records, "northern_california", lambda: "the sample")
    monkeypatch.setattr(real_records.recorded_files, "names", lambda folder: ["real"])
    assert real_records.shown() == "computed" and calls.pop() == (pickers, "the sample")


def test_the_source_is_told_with_its_count_and_day():
    told = real_records.source_line(_shown(**{"real.records": 190.0}))
    assert told == ("Shown: ObsPy's bundled earthquake, and 190 labelled records with three live components from "
                    "Northern California; computed while this page ran.")
    kept = _shown()
    kept.facts["finished"] = "2026-02-03T04:05:06"
    assert real_records.source_line(kept).endswith("the Northern California sample is absent; recorded on 2026-02-03.")


def test_both_directions_are_judged():
    numbers = real_records.metrics(_pair(S_tp=40.0, S_precise=40.0, S_precision=60.0, S_height_50=0.8))
    assert (numbers["real.s_over_change"], numbers["real.s_any_height_change"]) == (2, -1)
    assert numbers["real.s_precision_change"] == -20 and round(numbers["real.s_lift"], 6) == 0.3


def test_shares_stand_for_whole_numbers_of_labels():
    """33.3 and 66.6 % of three labels are one and two."""
    three = _pair(S_label_count=3.0, S_tp=66.6, S_precise=66.6)
    for key in ("tp", "precise"):
        three.facts["metrics"][f"real.bce.S.{key}"] = 33.3
    three.facts["metrics"]["real.bce.S.label_count"] = 3.0
    numbers = real_records.metrics(three)
    assert (numbers["real.s_over_change"], numbers["real.s_any_height_change"]) == (1, 1)
    assert "worth 33.3 %" in real_records.directions_sentences(three)


def test_sentences_follow_the_numbers():
    one = real_records.directions_sentences(_pair(S_tp=40.0, S_precise=40.0, S_precision=60.0, S_height_50=0.8))
    assert "S in time, median height: rises by 0.30" in one and "over 0.7, of 10 labels: rises by 2" in one
    assert "S in time, at any height, of 10 labels: falls by 1" in one and "percent in time: falls by 20.0" in one
    other = real_records.directions_sentences(_pair(S_tp=10.0, S_precise=60.0, S_precision=None, P_precise=70.0))
    assert "over 0.7, of 10 labels: falls by 1" in other and "at any height, of 10 labels: rises by 1" in other
    assert "cannot be compared" in other
    assert "BCE 5 of 10, hybrid 7 of 10; from BCE to the hybrid it rises by 2" in other
    assert "median height: changes by 0.00" in other and "worth 10.0 %" in other
    assert real_records.directions_sentences(_shown()) == ""


def test_pickers_over_the_threshold_are_named():
    assert "P over 0.7 by neither picker" in real_records.obspy_sentence(_shown())
    shown = _shown(**{"example.bce.S.height": 0.7})
    assert "S over 0.7 by BCE" in real_records.obspy_sentence(shown)


def test_kept_result_answers_every_claim_about_real_records():
    from quakebook.bluedisc.recorded import real_records as kept
    from quakebook.publishing import claims

    numbers = real_records.metrics(kept.read())
    rows = [claim.metric for claim in claims.load("bluedisc") if claim.metric.startswith("real.")]
    assert len(rows) == 4 and set(rows) <= set(numbers)
