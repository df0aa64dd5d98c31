"""The picture on the first page: a record cut round its picks, and two curves that come from the optimisation."""

import numpy as np
import pytest

from quakebook.bluedisc import optimise_without_model
from quakebook.bluedisc.figures import cover
from quakebook.data import synthetic
from quakebook.plots import PHASE_COLOURS


@pytest.fixture(scope="module")
def drawn():
    return cover.cover()


@pytest.fixture(scope="module")
def picks():
    """P and S of the record in samples, chosen once more: the first with a fair S, 3 to 9 s after P."""
    records = synthetic.make("picker", cover.N_RECORDS, cover.SEED)
    table = zip(records.picks("P")[:, 0].tolist(), records.picks("S")[:, 0].tolist(), records.metadata["trace_snr_db"],
                strict=True)
    return next((row, p, s, records) for row, (p, s, snr) in enumerate(table) if 12 < snr < 22 and 300 < s - p < 900)


def test_the_record_is_cut_three_seconds_before_its_p(picks):
    row, p, s, records = picks
    waves, p_s, s_s, rate_hz = cover._record()
    assert rate_hz == 100.0 and waves.shape == (3, 2000)
    start = int(p - 300)
    assert p_s == pytest.approx((p - start) / 100) and s_s == pytest.approx((s - start) / 100)
    assert 3.0 <= p_s < 3.01 and s_s - p_s == pytest.approx((s - p) / 100, abs=1e-4)
    cut = records.waveforms[row, :, start : start + 2000].double().numpy()
    np.testing.assert_allclose(waves, cut - cut.mean(1)[:, None], atol=1e-6 * np.abs(cut).max())


def test_three_components_stand_below_one_another_and_share_a_scale(drawn, picks):
    upper, _ = drawn.axes
    waves = np.stack([line.get_ydata() + row for row, line in enumerate(upper.get_lines()[:3])])
    assert np.abs(waves).max() == pytest.approx(0.9)
    record = cover._record()[0]
    np.testing.assert_allclose(waves, 0.9 * record / np.abs(record).max(), atol=1e-12)
    np.testing.assert_allclose(upper.get_lines()[0].get_xdata(), np.arange(2000) / 100)
    names = {text.get_text(): text.get_position() for text in upper.texts}
    assert [names[name] for name in "ZNE"] == [(-0.1, 0), (-0.1, -1), (-0.1, -2)]
    assert upper.get_xlim() == (0, 20)


def test_lines_of_p_and_s_stand_at_the_picks(drawn, picks):
    _, p, s, _ = picks
    lines = drawn.axes[0].get_lines()[3:]
    start = int(p - 300)
    assert [line.get_color() for line in lines] == [PHASE_COLOURS["P"], PHASE_COLOURS["S"]]
    assert [line.get_xdata()[0] for line in lines] == pytest.approx([(p - start) / 100, (s - start) / 100])
    assert [text.get_text() for text in drawn.axes[0].texts[3:]] == [" P", " S"]


def test_the_curves_are_the_last_of_the_optimisation_at_the_s_pick(drawn, picks):
    _, p, s, _ = picks
    s_s = (s - int(p - 300)) / 100
    points, shape, threshold = drawn.axes[1].get_lines()
    simulation = optimise_without_model(0.3, 0.0)
    np.testing.assert_allclose(points.get_xdata(), s_s + np.linspace(-3, 3, 100), rtol=1e-6)
    np.testing.assert_array_equal(points.get_ydata(), simulation.pointwise[-1])
    time_s, height = np.asarray(shape.get_xdata()), np.asarray(shape.get_ydata())
    peak, centre = float(simulation.gaussian_height[-1]), s_s + float(simulation.gaussian_position_s[-1])
    assert height.max() == pytest.approx(peak, abs=1e-3) and time_s[height.argmax()] == pytest.approx(centre, abs=0.005)
    # a Gaussian of 0.2 s falls to exp(-1/2) of its height 0.2 s from its centre, and to exp(-2) at 0.4 s
    at = np.interp(centre + np.array([-0.4, -0.2, 0.2, 0.4]), time_s, height)
    np.testing.assert_allclose(at, peak * np.exp([-2, -0.5, -0.5, -2]), atol=2e-3)
    assert list(threshold.get_ydata()) == [0.7, 0.7] and drawn.axes[1].get_ylim() == (0, 1.05)
    names = [text.get_text() for text in drawn.axes[1].get_legend().get_texts()]
    assert names == ["judged point by point", "judged as a shape"]


def test_the_picture_is_written_below_the_book(monkeypatch, tmp_path, capsys, drawn):
    from types import SimpleNamespace

    monkeypatch.setattr(cover, "find_project", lambda: SimpleNamespace(book=tmp_path))
    monkeypatch.setattr(cover, "cover", lambda: drawn)
    assert cover.main() == 0
    path = tmp_path / "_assets/cover.svg"
    assert capsys.readouterr().out.strip() == str(path) and "seed 3" in path.read_text()
