import numpy as np
import pytest

from quakebook.uvcgan_s.studies.median import mean_background, row_median
from quakebook.uvcgan_s.studies.methods import Mixtures, subtract


def mixture():
    values = np.tile(np.linspace(0.3, 0.9, 24)[None, :, None], (1, 1, 64))
    values[0, 12, 20] += 25
    values[0, 12, 21] -= 0.2
    return values


def test_rows_lose_their_median():
    signal = row_median(mixture(), clip=False)
    assert signal[0, 12, 20] == pytest.approx(25) and signal[0, 12, 21] == pytest.approx(-0.2)
    assert np.abs(signal).sum() == pytest.approx(25.2)
    assert row_median(mixture()).min() == 0


def test_jets_are_summed_with_negative_towers():
    (jets,) = subtract("median", Mixtures(mixture())).jets(0.4)
    assert len(jets) == 1 and jets.pt_gev[0] == pytest.approx(24.8, rel=1e-3)


def test_mean_background_is_the_same_for_every_event():
    mean = np.full((24, 64), 0.3)
    assert mean_background(np.zeros((2, 24, 64)), mean).max() == 0
    assert mean_background(np.zeros((2, 24, 64)), mean, clip=False).max() == pytest.approx(-0.3)
