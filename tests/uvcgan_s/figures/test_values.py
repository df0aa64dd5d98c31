"""Numbers drawn on the figures of variants, waveforms, populations, jets and losses."""

import math

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.data.spectrograms import SAMPLES, magnitudes
from quakebook.uvcgan_s.figures import frames, losses, population, resolution, substructure, variants, waveforms
from quakebook.uvcgan_s.scoring.resolution import Matched
from quakebook.uvcgan_s.scoring.substructure import Substructure
from quakebook.uvcgan_s.studies.comparison import Comparison


def test_a_dot_a_seed_in_the_row_of_its_variant():
    fig = variants.variant_errors({"first": [0.1, 0.2], "second": [0.3]}, trivial=0.25, label="x")
    ax = fig.axes[0]
    assert [line.get_xydata().tolist() for line in ax.lines[:2]] == [[[0.1, 0], [0.2, 0]], [[0.3, 1]]]
    assert ax.lines[0].get_color() != ax.lines[1].get_color() and ax.lines[2].get_xdata()[0] == 0.25
    assert ax.get_ylim() == (1.5, -0.5) and ax.get_xlim()[0] == 0.0
    assert ax.get_xlabel() == "x (smaller is better)"
    assert variants.variant_errors({"gain": [-2.0, 3.0]}).axes[0].get_xlim()[0] == -2.0


def test_errors_through_training():
    ax = variants.through_training({"a": ([1, 2], [0.5, 0.4]), "b": ([3], [0.2])}, 0.3).axes[0]
    assert [line.get_xydata().tolist() for line in ax.lines[:2]] == [[[1, 0.5], [2, 0.4]], [[3, 0.2]]]
    assert ax.lines[2].get_ydata()[0] == 0.3 and ax.get_ylim()[0] == 0


def test_waveforms_in_seconds_beside_their_magnitudes():
    """50 Hz: sample k stands at k / 50 s. 32 frames of 32 samples make 20.48 s; rows run from 50 / 64 to 25 Hz."""
    waves = {"mixture": np.sin(np.arange(SAMPLES)), "signal": -3 * np.ones(SAMPLES)}
    fig = waveforms.decomposed(waves, 4.5)
    panels = np.array(fig.axes).reshape(2, 2)
    for (left, right), (name, wave) in zip(panels, waves.items(), strict=True):
        assert left.get_ylabel() == name and left.get_ylim() == (-3, 3)
        assert np.allclose(left.lines[0].get_xdata()[[0, 50, 500]], [0, 1, 10])
        assert np.allclose(left.lines[0].get_ydata(), wave, atol=1e-6) and left.lines[1].get_xdata()[0] == 4.5
        image = right.images[0]
        want = magnitudes(torch.as_tensor(wave, dtype=torch.float32)[None])[0, 0].numpy()
        assert np.allclose(np.exp(image.get_array()) - 0.1, want, atol=1e-4)
        assert image.get_extent() == pytest.approx([0, 20.48, 50 / 64, 25]) and image.origin == "lower"
    largest = max(float(magnitudes(torch.as_tensor(w, dtype=torch.float32)[None]).max()) for w in waves.values())
    assert panels[0, 0].get_shared_x_axes().joined(panels[0, 0], panels[1, 0])
    assert panels[0, 1].images[0].get_clim() == pytest.approx((math.log(0.1), math.log(largest + 0.1)))


def test_towers_are_counted_in_shares_and_jets_too():
    """Of four towers two are below 10 MeV, one lies at 1 and one at 10 GeV; of two jets one lies in 14 to 16 GeV."""
    fig = population.population({"background": np.array([0.0, 0.005, 1.0, 10.0])}, {"plain": np.array([15.0, 31.0])})
    left, right = fig.axes
    shares = left.patches[0].get_data()
    assert shares.edges[0] == 0.01 and shares.edges[-1] == pytest.approx(40) and len(shares.values) == 40
    at = {value: np.searchsorted(shares.edges, value) - 1 for value in (1.0, 10.0)}
    assert shares.values[at[1.0]] == shares.values[at[10.0]] == 0.25 and shares.values.sum() == 0.5
    assert "background (50 % < 10 MeV)" in [text.get_text() for text in left.get_legend().texts]
    jets = right.patches[0].get_data()
    assert jets.edges.tolist() == list(range(14, 61, 2))
    assert jets.values[0] == jets.values[8] == 0.5 and left.get_ylim() == (1e-6, 1)


def comparison():
    """Six true jets of 31 GeV and R = 0.5 (and 0.2): responses 0.9 to 1.1, one without a partner; fakes at 15 GeV."""
    true = np.full(6, 31.0)
    pt = 31.0 * np.array([0.9, 0.95, 1.0, 1.05, 1.1, np.nan])
    shift = np.array([0.1, -0.1, 0.05, 0.05, 0.15, np.nan])
    own = np.r_[np.full(5, 31.0), np.full(10, 15.0)]
    fakes = np.r_[np.zeros(5, bool), np.ones(2, bool), np.zeros(8, bool)]
    matched = {r: Matched(r, true, np.zeros(6), pt, shift, own, fakes, 6) for r in (0.2, 0.5)}
    values = np.array([0.05, 0.15, 0.15, 0.25])
    truth = Substructure(dict.fromkeys(("z_g", "r_g", "girth", "mass_gev", "z_lead", "pt_d"), values), values)
    other = Substructure(dict.fromkeys(truth.values, values + 0.1), values)
    return Comparison("val", 6, {"full": matched, "mixture": matched}, {"truth": truth, "full": other}, {}, {})


def test_positions_of_a_range_are_a_histogram_of_shares():
    left, right = resolution.position(comparison()).axes
    drawn = left.patches[0].get_data()
    assert (drawn.edges[0], drawn.edges[-1], len(drawn.edges)) == (-0.2, 0.2, 41)
    assert drawn.values.sum() == pytest.approx(1) and sorted(drawn.values[drawn.values > 0]) == pytest.approx(
        [0.2, 0.2, 0.2, 0.4])
    rms = right.containers[0][0].get_ydata()
    assert rms[np.isfinite(rms)] == pytest.approx([math.sqrt((3 * 0.01 + 2 * 0.0025 + 0.0225 - 0.01) / 5)])
    assert right.containers[0][0].get_xdata()[np.isfinite(rms)].tolist() == [31]
    assert right.get_xlim() == (14, 50) and len(left.patches) == 1, "no subtraction is not among those shown"
    empty = resolution.position(comparison(), low=31.5, high=40).axes[0].patches[0].get_data()
    assert empty.values.sum() == 0


def test_responses_scale_and_spread():
    axes = resolution.response(comparison()).axes
    rows = np.array(axes).reshape(2, 3)
    for row in rows:
        drawn = row[0].patches[0].get_data()
        assert (drawn.edges[0], drawn.edges[-1]) == pytest.approx((0.3, 1.9)) and len(drawn.edges) == 33
        assert drawn.values.sum() == pytest.approx(1)
        scale, spread = (ax.containers[0][0].get_ydata() for ax in row[1:])
        assert scale[np.isfinite(scale)] == pytest.approx([1.0])
        assert spread[np.isfinite(spread)] == pytest.approx([math.sqrt(0.005)])
        for ax, error in ((row[1], math.sqrt(0.005 / 5)), (row[2], math.sqrt(0.005 / 8))):
            bars = [s for s in ax.containers[0].lines[2][0].get_segments() if len(s) and np.isfinite(s).all()]
            assert [np.ptp(bar[:, 1]) / 2 for bar in bars] == pytest.approx([error])
    assert rows[0, 0].get_title(loc="left") + rows[0, 0].get_title() == "R = 0.2, 30 to 32 GeV"


def test_efficiencies_and_fakes_with_a_floor_below_the_smallest():
    """Five of six jets are found; two of ten subtracted jets at 15 GeV are fakes, none of five at 31 GeV."""
    left, right = resolution.efficiency(comparison()).axes
    found = left.containers[0][0].get_ydata()
    assert found[np.isfinite(found)] == pytest.approx([5 / 6])
    fakes = right.containers[0][0].get_ydata()
    assert fakes[np.isfinite(fakes)] == pytest.approx([0.2]) and right.get_ylim() == pytest.approx((0.1, 1.2))
    assert right.containers[0][0].get_xdata()[np.isfinite(fakes)].tolist() == [15]


def test_the_inside_of_jets_as_shares_and_ratios():
    """Girth in bins of 0.02: truth 0.05, 0.15, 0.15, 0.25, extracted 0.1 more; the last lies past the edge at 0.3."""
    fig = substructure.inside(comparison())
    upper, lower = fig.axes[2], fig.axes[5]
    edges = substructure.BINS["girth"]
    truth, own = (patch.get_data().values for patch in upper.patches)
    at = [np.searchsorted(edges, value, "right") - 1 for value in (0.05, 0.15, 0.25)]
    assert truth[at].tolist() == [0.25, 0.5, 0.25] and truth.sum() == 1 and own.sum() == 1 and own[-1] == 0.25
    ratio = next(p for p in lower.patches if not p.get_fill()).get_data().values
    assert ratio[at[1]] == pytest.approx(own[at[1]] / 0.5) and np.isnan(ratio[0])
    band = next(p for p in lower.patches if p.get_fill()).get_data()
    assert band.values[at[1]] == pytest.approx(1 + 1 / math.sqrt(2))
    assert band.baseline[at[1]] == pytest.approx(1 - 1 / math.sqrt(2)) and band.values[0] == 1
    assert lower.get_ylim() == (0, 2)


def test_bins_of_the_observables():
    """First and last edge, and width."""
    found = {name: (edges[0], edges[-1], edges[1] - edges[0]) for name, edges in substructure.BINS.items()}
    want = {"z_g": (0.1, 0.5, 0.025), "r_g": (0, 0.5, 1 / 32), "girth": (0, 0.3, 0.02), "mass_gev": (0, 9, 0.5),
            "z_lead": (0, 0.9, 0.05), "pt_d": (0.1, 0.9, 0.05), "xi": (0, 7, 1 / 3)}
    assert found == {name: pytest.approx(each) for name, each in want.items()}


def test_means_of_plain_and_quenched_jets_are_ticked():
    result = comparison()
    fig = substructure.quenching(result, result, "full")
    ticks = [line.get_xdata()[0] for line in fig.axes[0].lines]
    assert ticks == pytest.approx([0.15, 0.25, 0.15, 0.25])


def test_losses_stand_in_their_panels_and_the_held_out_error_in_the_last():
    fig = losses.learning_curves([1, 2], {"gp_b": [3.0, 4.0], "gen_ab": [5.0, 6.0], "other": [7.0, 8.0]},
                                 ([10, 20], [0.5, 0.25]))
    assert [len(ax.lines) for ax in fig.axes] == [1, 0, 0, 0, 1, 1]
    assert fig.axes[0].lines[0].get_xydata().tolist() == [[1, 5], [2, 6]]
    assert fig.axes[4].lines[0].get_xydata().tolist() == [[1, 3], [2, 4]]
    assert fig.axes[5].lines[0].get_xydata().tolist() == [[10, 0.5], [20, 0.25]] and fig.axes[5].get_ylim()[0] == 0


def test_frames_of_an_event_say_the_error_of_its_signal():
    mixture = np.arange(24 * 64.0).reshape(24, 64)
    truth = (mixture / 2, np.ones((24, 64)))
    fig, = frames.training_frames(mixture, truth, {7: (mixture, np.full((24, 64), 1.25))})
    assert fig.axes[1].texts[0].get_text() == "step 7\nerror of the signal 0.250 GeV a tower"
    soft, hard = fig.axes[0].images[0].norm, fig.axes[3].images[0].norm
    assert soft.vmax == pytest.approx(np.percentile(mixture, 99.5)) and (hard.vmin, hard.vmax) == (0, 1)
    assert np.array_equal(fig.axes[2].images[0].get_array(), mixture)
    assert np.array_equal(fig.axes[4].images[0].get_array(), truth[0])
    assert np.array_equal(fig.axes[5].images[0].get_array(), truth[1])


def test_colours_of_an_event_end_at_its_mixture_and_at_the_largest_signal():
    """Three jets, of which the two hardest are circled with R = 0.4, each also a turn to the left and to the right."""
    from quakebook.uvcgan_s.figures import event
    from quakebook.uvcgan_s.scoring.jet_arrays import Jets

    mixture = np.arange(24 * 64.0).reshape(24, 64)
    answers = {"small": (mixture, mixture / 100), "large": (mixture, mixture / 10)}
    three = Jets(np.array([30.0, 20.0, 10.0]), np.array([0.5, -0.25, 0.1]), np.array([1.0, 6.0, 3.0]), np.zeros(3),
                 np.zeros(3), (np.zeros(1, int),) * 3)
    axes = event.event_display(mixture, answers, three).axes[:6]
    assert (axes[0].images[0].norm.vmin, axes[0].images[0].norm.vmax) == (0, pytest.approx(
        np.percentile(mixture, 99.5)))
    assert (axes[3].images[0].norm.vmin, axes[3].images[0].norm.vmax) == (0, pytest.approx(153.5))
    circles = [(*patch.get_center(), patch.get_width(), patch.get_height()) for patch in axes[5].patches]
    turn = 2 * np.pi
    assert circles == [pytest.approx((phi + k * turn, eta, 0.8, 0.8)) for eta, phi in ((0.5, 1.0), (-0.25, 6.0))
                       for k in (-1, 0, 1)]
    assert axes[5].get_xlim() == pytest.approx((0, turn)) and axes[5].get_ylim() == pytest.approx((-1.1, 1.1))
    assert axes[0].images[0].get_extent() == pytest.approx([0, turn, -1.1, 1.1])
    negative = event.tower_map(axes[0], np.full((24, 64), -2.0), None, "x")
    assert negative.get_array().max() == 0, "towers below zero are drawn as empty"


def test_six_images_at_most_with_the_scale_of_the_true_parts():
    truth = (np.linspace(-1, 2, 8 * 4).reshape(8, 2, 2), np.linspace(0, 5, 8 * 4).reshape(8, 2, 2))
    mixtures = 10 * truth[0]
    first, = frames.image_frames(mixtures, truth, {3: truth})
    axes = np.array(first.axes).reshape(5, 6)
    assert {ax.images[0].get_clim() for ax in axes.flat} == {(-1.0, 5.0)}
    assert [ax.get_ylabel() for ax in axes[:, 0]] == ["mixture", "first", "true first", "second", "true second"]
    assert np.array_equal(axes[0, 5].images[0].get_array(), mixtures[5])
    assert "step 3" in (axes[0, 0].get_title(), axes[0, 0].get_title(loc="left"))


def test_signals_of_nothing_have_a_scale_all_the_same():
    empty = np.zeros((24, 64))
    fig, = frames.training_frames(empty + 1, (empty, empty), {0: (empty, empty)})
    assert fig.axes[3].images[0].norm.vmax == 1e-3


def test_marks_of_both_kinds_stand_beside_the_line_of_their_row():
    from quakebook.uvcgan_s.figures.gains import gains

    ax = gains({"a": {"synthetic": (2.0, 0.5), "real": (1.0, 0.2)}, "b": {"real": (3.0, 1.0)}}).axes[0]
    synthetic, real = (container.lines[0].get_xydata().tolist() for container in ax.containers)
    assert synthetic == [[2.0, pytest.approx(-0.14)]]
    assert real == [[1.0, pytest.approx(0.14)], [3.0, pytest.approx(1.14)]]
    assert ax.get_ylim() == (1.5, -0.5) and ax.get_yticks().tolist() == [0, 1]


def test_panels_of_jets_have_their_limits():
    rows = np.array(resolution.response(comparison()).axes).reshape(2, 3)
    assert all(row[1].get_ylim() == (0.6, 1.4) and row[2].get_ylim() == (0, 0.5) for row in rows)
    assert all(row[1].lines[-1].get_ydata()[0] == 1 for row in rows)
    left, right = resolution.efficiency(comparison()).axes
    assert left.get_ylim() == (0, 1.05) and right.get_yscale() == "log"


def test_each_quenched_distribution_ends_in_its_bins():
    """Girth 0.05, 0.15, 0.15, 0.25 as shares; ticks of the means stand at the top of the panel."""
    fig = substructure.quenching(comparison(), comparison(), "full")
    assert [patch.get_data().values.sum() for patch in fig.axes[0].patches] == [1, 1, 1, 1]
    assert {tuple(line.get_ydata()) for line in fig.axes[0].lines} == {(0.94, 1)}
