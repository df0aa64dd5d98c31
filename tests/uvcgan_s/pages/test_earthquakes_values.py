"""Gains, tables, picks and sentences of the pages on earthquakes, by hand."""

import numpy as np
import pytest
import torch

from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s.data import spectrograms as task
from quakebook.uvcgan_s.pages import earthquakes as page
from quakebook.uvcgan_s.pages import earthquakes_real as real
from quakebook.uvcgan_s.studies import spectrograms as study
from quakebook.uvcgan_s.studies.picks import PickScore


def row(gain, error=1.0, signal=2.0):
    return {"test_gain_db": gain, "test_error": error, "test_error_a1": signal}


ROWS = {"full": [row(4.0, 1.0, 2.0), row(6.0, 2.0, 2.5)], "identity": [row(3.0), row(5.0)]}
CLASSICAL = {"median subtraction": {"gain_db": 2.25, "error": 0.5, "error_a1": 0.75}, "band-pass": {"gain_db": 3.5},
             "true magnitudes": {"gain_db": 9.0}}


@pytest.fixture
def mixtures():
    g = torch.Generator().manual_seed(0)
    noise, signal = torch.randn(2, 3, task.SAMPLES, generator=g)
    signal[:, :400] = 0
    return task.Mixtures(noise, 3 * signal, np.full(3, 8.0), np.full(3, np.nan))


def test_a_table_has_learned_means_and_live_filters():
    table = page.table(ROWS, CLASSICAL).set_index("method")
    assert table.loc["full method"].tolist() == ["2", "5.00 ± 1.00", "1.50 ± 0.50", "2.25 ± 0.25"]
    assert table.loc["median subtraction"].tolist() == ["–", "2.25", "0.50", "0.75"]
    assert table.loc["band-pass"].tolist() == ["–", "3.50", "–", "–"]


def test_gains_of_seeds_then_of_filters():
    assert page.gains(ROWS, CLASSICAL) == {"full method": [4.0, 6.0], "identity on sums": [3.0, 5.0],
                                           "median subtraction": [2.25], "band-pass": [3.5], "true magnitudes": [9.0]}


def test_differences_take_the_worst_full_seed():
    """4 dB less the best identity seed (5), and less each filter; the bound is no rival."""
    assert page.metrics(ROWS, CLASSICAL) == pytest.approx({
        "seismic.full_minus_identity.gain_db": -1.0, "seismic.full_minus_median_subtraction.gain_db": 1.75,
        "seismic.full_minus_band_pass.gain_db": 0.5})
    assert page.metrics({}, CLASSICAL) == {}


@pytest.mark.parametrize(("gains", "said"), [((4.0, 6.0), "wins 5.0 dB, more than it with every seed"),
                                             ((1.0, 3.0), "wins 2.0 dB, less than it with every seed"),
                                             ((3.0, 4.0), "undecided"), ((3.5, 4.0), "undecided")])
def test_the_sentence_names_the_best_filter(gains, said):
    text = page.sentence({"full": [row(g) for g in gains]}, CLASSICAL)
    assert text.startswith("The best filter without training (band-pass) wins 3.5 dB.") and said in text
    assert page.sentence({}, CLASSICAL).endswith("No training is recorded yet.")


def test_picks_in_words(mixtures):
    """The picker answers 0.1 s late twice and far off once."""
    def picker(waves, rate_hz):
        assert rate_hz == 50.0
        return np.array([8.1, 8.3, 12.0])[:len(waves)]

    table = page.pick_table(mixtures, picker)
    assert table.waveform.tolist() == ["mixture", "band-pass", "spectral subtraction", "median subtraction",
                                       "true magnitudes", "signal alone"]
    assert table.iloc[0].tolist() == ["mixture", "67 %", "33 %", "+0.20", "0.07"]
    nothing = page.pick_table(mixtures, lambda waves, rate: np.full(len(waves), np.nan), {"x": mixtures.mixture})
    assert nothing.iloc[0].tolist() == ["x", "0 %", "0 %", "–", "–"]


def test_an_example_is_read_by_its_row(tmp_path):
    assert page.example(tmp_path) is None
    waves = {"mixture": np.array([[0.0], [1.0]]), "extracted": np.array([[2.0], [3.0]]),
             "true_signal": np.array([[4.0], [5.0]]), "p_s": np.array([6.0, 7.0])}
    recorded.keep("uvcgan_s", "seismic-full-0", Outcome({"test_gain_db": 1.0}, waves), tmp_path)
    recorded.keep("uvcgan_s", "seismic-full-1", Outcome({"test_gain_db": 2.0}), tmp_path)
    first, p_s = page.example(tmp_path)
    assert {key: float(wave[0]) for key, wave in first.items()} == {"mixture": 0, "extracted": 2, "true signal": 4}
    assert p_s == 6.0 and page.example(tmp_path, 1)[1] == 7.0
    assert [r["test_gain_db"] for r in page.results(tmp_path)["full"]] == [1.0, 2.0]
    assert set(page.results(tmp_path)) == {"full"}


def test_a_live_example_is_that_of_spectral_subtraction(mixtures):
    waves, p_s = page.live_example(mixtures, 1)
    magnitude = task.magnitudes(mixtures.mixture)
    signal = study.spectral_subtraction(magnitude, mixtures.p_s)[1]
    assert np.array_equal(waves["spectral subtraction"], task.waveforms_of(signal, mixtures.mixture)[1].numpy())
    assert np.array_equal(waves["mixture"], mixtures.mixture[1]) and p_s == 8.0
    assert np.array_equal(waves["true signal"], mixtures.signal[1])


def test_how_many_mixtures_a_page_makes(monkeypatch):
    asked = []
    monkeypatch.setattr(task, "mixtures", lambda split, count: asked.append((split, count)))
    for preset in ("smoke", "quick", "paper"):
        page.live(preset)
    assert asked == [("test", 8), ("test", 60), ("test", 400)]
    with pytest.raises(ValueError, match="known: smoke, quick, paper"):
        page.live("huge")


def test_cross_terms_are_a_share_and_a_distance(monkeypatch):
    monkeypatch.setattr(study, "sum_gap", lambda mixtures: {"share_above": 0.876, "gap": 0.25})
    text = page.cross_terms(None)
    assert "in 88 % of all places" in text and "difference is 0.25 in units" in text


def test_the_worst_tenth():
    assert real.worst(np.arange(11.0)) == 1.0


def test_recorded_generators_are_measured_on_the_mixtures_of_the_page(mixtures, monkeypatch):
    monkeypatch.setattr(real, "separators", lambda where: {"full": lambda m: (0 * m, task.magnitudes(mixtures.signal))})
    table, waves = real.evaluated_here(mixtures)
    gains = study.gains_db(mixtures, waves["full method"]).numpy()
    line = table.set_index("method").loc["full method"]
    assert line["gain (dB)"] == f"{gains.mean():.2f}"
    assert line["worst tenth (dB)"] == f"{np.quantile(gains, 0.1):.2f}"


def extracted(kind, **metrics):
    return real.Extracted(kind, metrics, {"mixture": np.array([[1.0]]), "full": np.array([[2.0]]),
                                          "signal": np.array([[3.0]]), "band_pass": np.array([[4.0]])}, 7.5)


def found():
    common = {"mixtures": 240.0, "earthquakes": 60.0, "full.gain_db": 4.04, "full.gain_db.half": 0.3,
              "median_subtraction.gain_db": 1.0, "median_subtraction.gain_db.half": 0.2, "band_pass.gain_db": 2.0,
              "band_pass.gain_db.half": 0.1, "spectral_subtraction.gain_db": 1.5,
              "spectral_subtraction.gain_db.half": 0.1}
    picks = {f"{key}.phasenet.{word}": value for key, values in (("mixture", (0.5, 0.25, -0.1, 0.2)),
                                                                 ("full", (0.75, 0.125, np.nan, 0.1)),
                                                                 ("signal", (1.0, 0.0, 0.0, 0.05)))
             for word, value in zip(("found", "false", "median_error_s", "spread_s"), values, strict=True)}
    return {"synthetic": extracted("synthetic", **common | {"full.gain_db": 6.0}),
            "real": extracted("real", **common, **picks, **{"full_minus_band_pass.gain_db": 2.04,
                                                            "full_minus_band_pass.gain_db.half": 0.5,
                                                            "full_minus_mixture.phasenet.found": 0.25,
                                                            "full_minus_mixture.phasenet.found.half": 0.25})}


def test_gains_of_both_kinds_stand_in_one_row():
    rows = real.gains(found())
    assert rows["full method"] == {"synthetic": (6.0, 0.3), "real": (4.04, 0.3)}
    assert list(rows) == ["band-pass", "spectral subtraction", "median subtraction", "full method"]


def test_picks_of_a_kind_in_one_cell():
    table = real.pick_table(found()).set_index("waveform")
    assert table.loc["mixture", "real"] == "50 % / 25 % / -0.10"
    assert table.loc["full method", "real"] == "75 % / 12 % / –"
    assert list(table.columns) == ["real"] and real.pick_table(found(), "trigger").empty


def test_sentences_of_real_records_hold_their_numbers():
    text = real.sentence(found())
    for part in ("240 mixtures with 60 real earthquakes", "wins 4.0 dB (6.0 dB on synthetic ones)",
                 "best filter (band-pass) wins 2.0 dB: more."):
        assert part in text
    picks = real.pick_sentence(found()["real"])
    for part in ("finds 50 % of the P within 0.5 s", "75 % after the full method (not told apart, undecided)",
                 "signal alone it is 100 %", "0.20 s before and 0.10 s after"):
        assert part in picks
    assert "was not tried on synthetic" in real.pick_sentence(found()["synthetic"])
    assert real._ordering({"x": -2.0, "x.half": 1.9}, "x", "up", "down") == "down"


def test_an_example_of_real_mixtures_names_its_waves():
    waves, p_s = real.example(found(), "real")
    assert {key: float(wave[0]) for key, wave in waves.items()} == {"mixture": 1, "full method": 2, "signal alone": 3}
    assert p_s == 7.5 and real.example({}, "real") is None


def test_scores_of_picks_have_a_quantile_width():
    """Errors -0.4, 0, 0.4: quantiles at 16 and 84 % of three values are -0.272 and 0.272."""
    from quakebook.uvcgan_s.studies import picks

    score = picks.score(np.array([0.6, 1.0, 1.4, 3.0]), np.ones(4))
    assert score == PickScore(0.75, 0.25, 0.0, pytest.approx(0.272))
    assert picks.score(np.array([1.5]), np.ones(1)).found == 1.0, "the tolerance of 0.5 s is included"
    assert picks.score(np.array([1.6]), np.ones(1)).false == 1.0
