"""Units by their medians: both ends of every range."""

import numpy as np
import pytest

from quakebook.data.elastic.files.units import density_to_g_cm3, relation_notes, velocity_to_m_s
from quakebook.data.elastic.model import ModelError


@pytest.mark.parametrize(("median", "expected", "word"), [
    (0.2, 200.0, "km/s"), (19.99, 19_990.0, "km/s"), (200.0, 200.0, "as m/s"), (10_000.0, 10_000.0, "as m/s")])
def test_velocities(median, expected, word):
    values, note = velocity_to_m_s(np.array([median]), "vp")
    assert values[0] == pytest.approx(expected) and word in note


@pytest.mark.parametrize(("median", "suspected"), [
    (0.199, None), (20.0, "slowness"), (199.9, "slowness"), (10_001.0, "feet per second"),
    (29_999.0, "feet per second"), (30_000.0, None)])
def test_no_velocities(median, suspected):
    with pytest.raises(ModelError, match="neither a velocity") as error:
        velocity_to_m_s(np.array([median]))
    for word in ("slowness", "feet per second"):
        assert (word in str(error.value)) == (word == suspected)


@pytest.mark.parametrize(("median", "expected"), [(500.0, 0.5), (10_000.0, 10.0), (0.5, 0.5), (10.0, 10.0)])
def test_densities(median, expected):
    assert density_to_g_cm3(np.array([median]))[0][0] == pytest.approx(expected)


@pytest.mark.parametrize(("median", "pounds"), [
    (0.499, False), (10.01, False), (60.0, False), (60.1, True), (319.9, True), (320.0, False), (499.9, False),
    (10_001.0, False)])
def test_no_densities(median, pounds):
    """Water weighs 62.4 pounds a cubic foot; nothing of interest weighs five times as much."""
    with pytest.raises(ModelError, match="neither a density") as error:
        density_to_g_cm3(np.array([median]))
    assert ("pounds per cubic foot" in str(error.value)) is pounds


@pytest.mark.parametrize(("correlation", "said"), [(0.99985, 0), (0.99995, 1)])
def test_four_nines_of_correlation_are_an_exact_relation(correlation, said):
    """Four samples of two patterns at right angles: the correlation is the weight of the common one."""
    common, own = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])
    vs = 1500 + 100 * (correlation * common + np.sqrt(1 - correlation**2) * own)
    assert len(relation_notes(3000 + 200 * common, vs)) == said
    assert "nothing to invert" in relation_notes(np.full(4, 3000.0), vs)[0]
