"""Numbers drawn on the figures about model, wavelets, gathers, cost, shares, draws and strategies."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from quakebook.bugfinv.figures import cost, gradients, model, shares, strategies, utility, waves
from quakebook.data.elastic import synthetic
from quakebook.data.elastic.checks import ANGLES_DEG


@pytest.fixture(scope="module")
def earth():
    return synthetic.make((14, 12, 48), 0.004, 1)


def test_sections_show_the_middle_inline_and_the_relations(earth):
    fig = model.sections(earth)
    for ax, volume in zip(fig.axes[:3], (earth.vp, earth.vs, earth.rho), strict=True):
        assert np.array_equal(ax.images[0].get_array(), volume[7].T)
        assert ax.images[0].get_extent() == pytest.approx([1, 12, 192.0, 0])
    plots = fig.axes[3:6]
    for ax, curve in zip(plots[:2], (lambda v: 0.76969 * v - 867.35, lambda v: 0.31 * v**0.25), strict=True):
        dots, line = ax.lines
        assert len(dots.get_xdata()) == 3000
        x, y = line.get_data()
        assert np.allclose(y, curve(x), rtol=1e-3), "shale of Castagna and others 1993; Gardner"
        assert (line.get_xdata().min(), line.get_xdata().max()) == pytest.approx(
            (dots.get_xdata().min(), dots.get_xdata().max()))
    for ax in plots:
        x, y = ax.lines[0].get_data()
        assert any(ax.get_title(loc=w) == f"r = {np.corrcoef(x, y)[0, 1]:.2f}" for w in ("left", "center"))
    assert np.array_equal(model.sections(earth, 2).axes[0].images[0].get_array(), earth.vp[2].T)
    assert [(ax.get_xlabel()[:2], ax.get_ylabel()[:2]) for ax in plots] == [("Vp", "Vs"), ("Vp", "ρ "), ("Vs", "ρ ")]


def test_faces_of_the_chair_lie_where_the_model_is_cut(earth, monkeypatch):
    """A quarter is taken out above 0.55 of the time: 14 x 12 x 48 cells are cut at 7, 6 and 26."""
    faces = []
    monkeypatch.setattr(model, "_face", lambda ax, volume, axis, index, first, second, dt_ms, colour: faces.append(
        (axis, index, first, second, dt_ms)))
    ax = model.chair(earth).axes[0]
    assert {face[4] for face in faces} == {4.0} and len(faces) == 9
    assert [face[:4] for face in faces] == [
        (2, 0, (0, 7), (0, 11)), (2, 0, (7, 13), (6, 11)), (2, 26, (7, 13), (0, 6)), (0, 7, (0, 6), (0, 26)),
        (1, 6, (7, 13), (0, 26)), (0, 13, (6, 11), (0, 47)), (0, 13, (0, 6), (26, 47)), (1, 0, (0, 7), (0, 47)),
        (1, 0, (7, 13), (26, 47))]
    assert ax.get_xlim() == (1, 14) and ax.get_ylim() == (1, 12) and ax.get_zlim() == (192, 0)


def test_a_face_stands_at_its_cells_in_inlines_crosslines_and_milliseconds(earth):
    drawn = {}
    ax = SimpleNamespace(plot_surface=lambda x, y, z, facecolors, **rest: drawn.update(x=x, y=y, z=z, c=facecolors))
    model._face(ax, earth.vp, 1, 3, (2, 5), (0, 47), 4.0, lambda v: v)
    assert drawn["x"][:, 0].tolist() == [3, 4, 5, 6] and set(drawn["y"].ravel()) == {4}
    assert drawn["z"][0].tolist() == [4.0 * k for k in range(48)]
    assert np.array_equal(drawn["c"], earth.vp[2:5, 3, :47])
    model._face(ax, np.zeros((200, 3, 4)), 1, 0, (0, 199), (0, 3), 1.0, lambda v: v)
    assert drawn["x"].shape == (60, 4), "at most 60 cells along an edge"


def test_wavelets_in_milliseconds_with_spectra_on_their_level():
    left, right = waves.wavelet_spectra(0.002).axes
    for line in left.lines:
        t, w = line.get_data()
        assert (t[0], t[-1], len(t)) == (-100, 100, 101) and t[w.argmax()] == 0
    ricker, ormsby = (line.get_xydata() for line in right.lines)
    assert ricker[:, 1].max() == 1.0 and ricker[-1, 0] == 250.0
    flat = ormsby[(ormsby[:, 0] > 20) & (ormsby[:, 0] < 50), 1]
    assert flat.mean() == pytest.approx(1.0)
    assert right.get_xlim() == (0, 120)


def test_traces_of_a_gather_hang_at_their_angle():
    clean = np.zeros((6, 4))
    clean[:, 2] = -2.0
    noisy = clean / 2
    logs = np.arange(12.0).reshape(3, 4)
    fig = waves.gathers(clean, noisy, logs, 0.002)
    assert [ax.lines[0].get_xdata().tolist() for ax in fig.axes[:3]] == logs.tolist()
    for ax, size in zip(fig.axes[3:], (3.5, 1.75), strict=True):
        for angle, line in zip(ANGLES_DEG, ax.lines, strict=True):
            assert line.get_xdata() == pytest.approx([angle, angle, angle - size, angle])
            assert line.get_ydata() == pytest.approx([0, 2, 4, 6])
        fills = [c.get_paths()[0].vertices[:, 0] for c in ax.collections]
        assert all(np.allclose(x, angle) for x, angle in zip(fills, ANGLES_DEG, strict=True)), "troughs are not filled"
    filled = waves.gathers(-clean, -noisy, logs, 0.002).axes[3].collections[0].get_paths()[0].vertices
    assert filled[:, 0].max() == pytest.approx(ANGLES_DEG[0] + 3.5)
    assert fig.axes[0].get_ylim() == pytest.approx((6, 0))


def test_bars_of_the_sensitivity_are_the_right_singular_vectors():
    left, bars = waves.sensitivity().axes
    a, k = np.tan(np.deg2rad(ANGLES_DEG)) ** 2, np.sin(np.deg2rad(ANGLES_DEG)) ** 2
    _, values, right = np.linalg.svd(np.stack([1 + a, -2 * k, 1 - k], axis=1), full_matrices=False)
    heights = np.array([bar.get_height() for bar in bars.patches]).reshape(3, 3)
    middles = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars.patches]).reshape(3, 3)
    assert np.allclose(np.abs(heights), np.abs(right.T), atol=1e-3)
    assert np.allclose(middles, [[0.75, 1.75, 2.75], [1, 2, 3], [1.25, 2.25, 3.25]])
    assert [patch.get_x() + patch.get_width() / 2 for patch in left.patches] == pytest.approx([1, 2, 3])
    assert [patch.get_height() for patch in left.patches] == pytest.approx(values, abs=1e-3)


def test_cost_is_drawn_with_a_line_of_slope_one_through_its_last_point():
    table = pd.DataFrame({"form": ["a"] * 2 + ["b"] * 3, "rows": [10, 100, 1000, 10_000, 100_000],
                          "milliseconds": [1.0, 30.0, 1.0, 9.0, 81.0]})
    ax = cost.cost(table).axes[0]
    a, b, one = (line.get_xydata().tolist() for line in ax.lines)
    assert a == [[10, 1], [100, 30]] and b == [[1000, 1], [10_000, 9], [100_000, 81]]
    assert one == [pytest.approx([1000, 0.81]), pytest.approx([100_000, 81])]
    assert ax.get_xscale() == ax.get_yscale() == "log"
    shuffled = table.iloc[[4, 2, 3, 1, 0]]
    assert cost.slope(shuffled, "b") == pytest.approx(np.log(9) / np.log(10)), "the two largest sizes"
    assert cost.slope(shuffled, "a") == pytest.approx(np.log10(30))


def test_draws_stand_over_the_closed_form_with_the_diagonal():
    found = SimpleNamespace(mean=np.arange(6.0).reshape(3, 2), drawn_mean=np.arange(6.0).reshape(3, 2) + 0.5,
                            deviation=np.full((3, 2), 2.0), drawn_deviation=np.full((3, 2), 1.0))
    left, right = gradients.against_draws(found).axes
    assert left.lines[0].get_xydata().tolist() == [[0, 0], [5.5, 5.5]]
    assert right.lines[0].get_xydata().tolist() == [[1, 1], [2, 2]]
    assert left.lines[2].get_xydata().tolist() == [[2, 2.5], [3, 3.5]] and left.lines[2].get_label() == "Vs"
    assert right.lines[3].get_xydata().tolist() == [[2, 1], [2, 1]]


def test_all_curves_of_a_study_of_shares():
    study = {"bins": np.linspace(0, 1, 3), "histogram": np.ones((3, 2)), "by_residual": np.ones(3) / 3,
             "log.step": np.array([5.0, 10.0]), "log.share.sd": np.array([0.1, 0.2]),
             "log.share.over_half": np.array([0.3, 0.4]), "log.cosine.plain_mean": np.array([0.9, 0.8])}
    left, middle, right = shares.distribution(study).axes
    assert {line.get_label(): line.get_ydata().tolist() for line in right.lines} == {
        "cosine to the plain mean": [0.9, 0.8], "one share above ½": [0.3, 0.4], "deviation of the shares": [0.1, 0.2]}
    assert left.lines[0].get_xdata()[0] == middle.lines[0].get_ydata()[0] == pytest.approx(1 / 3)
    assert left.patches[0].get_data().edges.tolist() == [0, 0.5, 1]


def strategy(rows=2, d=3):
    """Numbers that name their own place: tasks 100 t + 10 row + feature."""
    t, r, i = np.meshgrid(np.arange(3), np.arange(rows), np.arange(d), indexing="ij")
    tasks = (100 * t + 10 * r + i).astype(float)
    by_row = tasks.transpose(1, 0, 2)
    return SimpleNamespace(tasks=tasks, summed=tasks.sum(0), nash=np.array([1.0, 2.0, 3.0]), nash_gradient=tasks[0] + 7,
                           expected=by_row + 1000, deviation=by_row * 0 + [0.5, 1.0, 2.0], fused=tasks[0] + 9)


def test_arrows_are_those_of_the_row_and_the_features():
    found = strategy()
    plain, nash, bayes = strategies.computed(found, 1, (2, 0)).axes
    ends = [[line.get_xydata()[1].tolist() for line in ax.lines if line.get_marker() == "o"]
            for ax in (plain, nash, bayes)]
    assert ends[0] == [[12, 10], [112, 110], [212, 210], [336, 330]]
    assert ends[1] == [[12, 10], [224, 220], [636, 630], [19, 17]]
    assert ends[2] == [[1012, 1010], [1112, 1110], [1212, 1210], [21, 19]]
    for k, patch in enumerate(bayes.patches):
        xy = patch.get_xy()
        assert (np.ptp(xy[:, 0]), np.ptp(xy[:, 1])) == pytest.approx((4.0, 1.0), rel=1e-2), "one deviation each way"
        assert xy[:, 0].max() == pytest.approx(1012 + 100 * k + 2.0, abs=0.01)
    assert plain.get_xlabel() == "dL/dh, feature 2" and plain.get_ylabel() == "dL/dh, feature 0"


def test_the_region_in_which_every_task_gains():
    """Two gradients along the axes: the first quadrant. Nash: alpha = 1 for unit gradients; the sum is (1, 1)."""
    gradients_ = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    fig = utility.utility_space(gradients_, gradients_)
    ax = fig.axes[0]
    lines = {line.get_label(): line.get_xydata() for line in ax.lines}
    direction = lines["Nash direction"][1]
    assert np.linalg.norm(direction) == pytest.approx(3**0.5)
    assert lines["plain sum"].tolist() == [[0, 0], pytest.approx([1.6, 1.8])]
    star = next(line for line in ax.lines if line.get_marker() == "*")
    assert (star.get_xdata()[0], star.get_ydata()[0]) == pytest.approx(tuple(direction))
    region = next(c for c in ax.collections if np.size(getattr(c, "levels", [])))
    corners = np.concatenate([path.vertices for path in region.get_paths()])
    assert corners[:, 0].min() == pytest.approx(0, abs=0.02) and corners[:, 1].min() == pytest.approx(0, abs=0.02)
    assert corners.max(0).tolist() == pytest.approx([1.9, 2.1])
