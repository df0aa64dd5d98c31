"""Sentences about synthetic beside real records that turn when the numbers turn."""


import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data import compare_sentences
from quakebook.data.records import Records


def built(p=10.0, tail=1.0, slow=0.0, n=24):
    """White noise of level 1, from P (10 s) on `p`, from 8 s after S (15 s) on `tail` times that; slow motion added."""
    g = torch.Generator().manual_seed(0)
    level = torch.ones(3000)
    level[1000:] = p
    level[2300:] = p * tail
    x = torch.randn(n, 3, 3000, generator=g) * level
    time = torch.arange(3000) / 100
    x[:, :, 1000:] += slow * p * torch.sin(2 * torch.pi * 1.5 * time)[1000:]
    table = pd.DataFrame({"trace_p_arrival_sample": np.full(n, 1000.0), "trace_s_arrival_sample": np.full(n, 1500.0),
                          "trace_name": [f"r{k}" for k in range(n)]})
    return Records(x, table, 100.0, "built", "b")


@pytest.mark.parametrize(("ours", "theirs", "words"), [
    (100.0, 10.0, "louder than the 24 records"), (10.0, 100.0, "quieter than"), (10.0, 10.5, "about as loud as")])
def test_loudness_follows_the_levels(ours, theirs, words):
    sentence = compare_sentences.loudness_sentence(built(ours), built(theirs))
    assert words in sentence
    if ours == 100.0:
        assert "40 dB against 20 dB" in sentence  # 20 log10 of the levels


def test_tail_is_the_ratio_of_the_levels():
    assert compare_sentences.tail_db(built(tail=1.0), built(tail=0.1)) == pytest.approx(20, abs=0.5)
    assert "fades more slowly" in compare_sentences.differences_sentence(built(tail=1.0), built(tail=0.1))
    assert "fades faster" in compare_sentences.differences_sentence(built(tail=0.1), built(tail=1.0))
    same = compare_sentences.differences_sentence(built(), built())
    assert same.count("within 1 dB of") == 2 and "fades" not in same


def test_slow_motion_is_told_from_fast():
    assert compare_sentences.slow_motion_db(built(slow=3.0), built()) > 3
    assert "dB below the real one; 10 s" in compare_sentences.differences_sentence(built(), built(slow=3.0))


def test_without_the_sample_nothing_is_compared():
    assert compare_sentences.differences_sentence(built(), None) == compare_sentences.ABSENT
    alone = compare_sentences.loudness_sentence(built(), None)
    assert "is 20 dB" in alone and "louder" not in alone


@pytest.mark.parametrize(("theirs", "words"), [(11.0, "about as loud as"), (11.4, "quieter than"), (8.8, "louder than"),
                                               (9.1, "about as loud as")])
def test_a_decibel_is_a_difference(theirs, words):
    """20 log10 of 1.1 and 1.14 are 0.83 and 1.14 dB."""
    assert words in compare_sentences.loudness_sentence(built(10.0), built(theirs))


@pytest.mark.parametrize(("decibels", "above", "fades"), [
    (0.99, "within 1 dB of", ""), (-0.99, "within 1 dB of", ""), (1.0, "1 dB above", ", so it fades more slowly"),
    (-1.0, "1 dB below", ", so it fades faster"), (6.4, "6 dB above", ", so it fades more slowly")])
def test_words_for_decibels(decibels, above, fades):
    assert (compare_sentences._above(decibels), compare_sentences._fades(decibels)) == (above, fades)


def test_slow_motion_lies_below_three_hertz(spectra_are):
    frequency = np.array([1.0, 2.99, 3.0, 10.0])
    levels = {"ours": [0.1, 0.3, 9.0, 9.0], "real": [0.0, 0.0, 5.0, 5.0]}
    spectra_are(compare_sentences.compare, frequency, levels)
    assert compare_sentences.slow_motion_db("ours", "real") == pytest.approx(20 * 0.2)


def test_loudness_is_that_of_the_median(monkeypatch):
    """Medians of 20 dB on both sides; the means, 14 and 33 dB, do not count."""
    ratios = {"ours": [1.0, 20.0, 21.0], "real": [19.0, 20.0, 60.0]}
    monkeypatch.setattr(compare_sentences.compare, "comparable", lambda records: records)
    monkeypatch.setattr(compare_sentences.compare, "p_snr_db", lambda records: np.array(ratios[records]))
    sentence = compare_sentences.loudness_sentence("ours", "real")
    assert "about as loud as" in sentence and "20 dB against 20 dB" in sentence
    assert "is 20 dB" in compare_sentences.loudness_sentence("ours", None)
