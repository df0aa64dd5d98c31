"""Sizes that pages take for themselves, and the words that turn at their edges."""

import numpy as np
import pytest

from quakebook.uvcgan_s.pages import earthquakes, earthquakes_real, jets, jets_events, jets_sentences, jets_tables
from quakebook.uvcgan_s.pages.earthquakes_real import Extracted


def test_chosen_sizes(monkeypatch):
    assert earthquakes.LIVE == {"smoke": 8, "quick": 60, "paper": 400}
    assert jets.EVENTS == {"smoke": 24, "quick": 200, "paper": 4000}
    assert (jets.FRESH_SEED, jets_sentences.SCALE_OFF) == (1, 0.25)
    asked = []
    monkeypatch.setattr(earthquakes.task, "mixtures", lambda *words: asked.append(words))
    earthquakes.live("quick")
    assert asked == [("test", 60)]


@pytest.mark.parametrize(("scale", "listed"), [(0.76, True), (0.74, False), (1.24, True), (1.26, False)])
def test_scales_within_a_quarter_of_one_are_listed(scale, listed):
    from types import SimpleNamespace

    numbers = {"jets.val.area.cone.jes": scale, "jets.val.area.cone.jer_cal_gev": 2.0}
    found = SimpleNamespace(classical={"val": SimpleNamespace(methods=["area"])}, classical_numbers=numbers, seeds={},
                            learned={})
    assert ("area 2.00" in jets_sentences.cones(found)) == listed
    assert set(jets_tables.jets_table(found)["R"]) == {"0.2", "0.4", "0.5"}


def test_the_gain_that_nine_of_ten_exceed():
    assert earthquakes_real.worst(np.arange(11.0)) == 1.0


@pytest.mark.parametrize(("value", "said"), [(0.2, "not told apart, undecided"), (-0.2, "not told apart, undecided"),
                                             (0.21, "more"), (-0.21, "less")])
def test_a_difference_inside_its_interval_is_undecided(value, said):
    assert earthquakes_real._ordering({"x": value, "x.half": 0.2}, "x", "more", "less") == said


def test_shares_of_picks_are_percents():
    metrics = {"mixture.phasenet.found": 0.256, "mixture.phasenet.false": 0.744,
               "mixture.phasenet.median_error_s": -0.123}
    table = earthquakes_real.pick_table({"real": Extracted("real", metrics, {}, 5.0)})
    assert table.iloc[0].tolist() == ["mixture", "26 % / 74 % / -0.12"]


def test_the_first_event_with_two_jets_inside_is_shown():
    """From the row that is asked for, at most 64 on; jets above 20 GeV with axes within 0.6."""
    first = jets_events.example()
    assert (first.jets.pt_gev >= 20).all() and len(first.jets.central()) >= 2
    assert np.allclose(first.mixture, sum(first.answers["truth"])) and first.mixture.shape == (24, 64)
    assert list(first.answers) == ["truth", "iterative", "row median, clipped"]


def test_several_events_come_from_other_parts_of_the_set(monkeypatch):
    asked = []
    monkeypatch.setattr(jets_events, "example", lambda row, separators, **more: asked.append((row, more)))
    jets_events.examples(3)
    assert asked == [(row, {"split": "val"}) for row in (0, 64, 128)]


def test_two_jets_above_twenty_gev_are_needed(monkeypatch):
    """Event 2 has 19 and 25 GeV, event 3 21 and 25; from row 4 on there is none of 64."""
    import torch

    signal = torch.zeros(80, 1, 24, 64)
    signal[:, 0, 12, 5] = 25.0
    signal[2, 0, 12, 40], signal[3, 0, 12, 40], signal[70, 0, 12, 40] = 19.0, 21.0, 30.0
    asked = []

    class Source:
        mixture = range(80)

        def truth(self, rows):
            asked.append((rows[0], rows[-1]))
            return torch.full((len(rows), 1, 24, 64), 0.25), signal[torch.as_tensor(rows)]

    monkeypatch.setattr(jets_events, "open_domains", lambda *words, **more: Source())
    monkeypatch.setattr(jets_events, "_answers", lambda mixtures, separators: {})
    first = jets_events.example(1)
    assert first.jets.pt_gev.tolist() == pytest.approx([25, 21]) and first.mixture[12, 40] == 21.25
    with pytest.raises(ValueError, match="among rows 4 to 68 of synthetic:tiny, val"):
        jets_events.example(4)
    assert jets_events.example(20).jets.pt_gev.tolist() == pytest.approx([30, 25])
    assert asked == [(1, 64), (4, 67), (20, 79)]
