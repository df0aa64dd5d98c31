import numpy as np
import pytest
from matplotlib.patches import Ellipse

from quakebook.data.calorimeter import open_domains
from quakebook.uvcgan_s.figures import event, frames, population, resolution, substructure
from quakebook.uvcgan_s.figures.losses import GROUPS, learning_curves
from quakebook.uvcgan_s.scoring.jets import find_jets
from quakebook.uvcgan_s.scoring.resolution import curves
from quakebook.uvcgan_s.studies import jet_results


@pytest.fixture(scope="module")
def results():
    return jet_results.measure({"full": lambda m: (0 * m + 0.7, (m - 0.7).clamp(min=0))}, classical=("area", "ics"),
                               name="synthetic:tiny", events=50)


@pytest.fixture(scope="module")
def one():
    domains = open_domains("synthetic:tiny", "val", records=4)
    background, signal = (part[0, 0].numpy() for part in domains.truth([1]))
    return background + signal, (background, signal), find_jets(signal[None], 0.4)[0]


def test_maps_share_their_scales(one):
    mixture, truth, jets = one
    fig = event.event_display(mixture, {"truth": truth, "nothing": (0 * mixture, mixture)}, jets)
    maps = [ax.images[0] for ax in fig.axes if ax.images]
    assert len(maps) == 6
    assert maps[0].norm is maps[2].norm is maps[4].norm and maps[3].norm is maps[5].norm
    assert np.array_equal(maps[3].get_array(), truth[1])
    assert sum(isinstance(patch, Ellipse) for ax in fig.axes for patch in ax.patches) == 3 * 2 * min(2, len(jets))


def test_position_draws_the_curves_of_all_methods(results):
    fig = resolution.position(results["val"])
    right = fig.axes[1]
    names = [handle.get_label() for handle in right.containers]
    assert names == ["UVCGAN-S", "area", "iterative"]
    expected = curves(results["val"].matched["area"][0.5]).position
    assert np.allclose(right.containers[1][0].get_ydata(), expected, equal_nan=True)


def test_response_and_efficiency_have_their_panels(results):
    fig = resolution.response(results["val"], ("full", "area"))
    assert len(fig.axes) == 6 and fig.axes[1].get_ylabel() == "Scale (mean)"
    assert [c.get_label() for c in fig.axes[1].containers] == ["UVCGAN-S", "area"]
    fig = resolution.efficiency(results["val"])
    assert fig.axes[1].get_yscale() == "log" and fig.axes[0].get_ylim()[1] == pytest.approx(1.05)


def test_inside_has_ratios_to_the_truth(results):
    fig = substructure.inside(results["val"])
    assert len(fig.axes) == 12
    assert [h.get_label() for h in fig.axes[0].patches[:3]] == ["truth", "UVCGAN-S", "iterative"]
    truth = substructure.shares(results["val"].structure["truth"].of("z_g"), substructure.BINS["z_g"])[0]
    assert np.allclose(fig.axes[0].patches[0].get_data().values, truth)


def test_quenching_draws_four_distributions(results):
    fig = substructure.quenching(results["val"], results["quenched"], "full")
    assert [len(ax.patches) for ax in fig.axes] == [4, 4]
    assert [len(ax.lines) for ax in fig.axes] == [4, 4]


def test_shares_sum_to_one_and_hold_outliers():
    share, error = substructure.shares(np.array([-1.0, 0.1, 0.9, 5.0]), np.linspace(0, 1, 3))
    assert share.tolist() == [0.5, 0.5] and error.tolist() == pytest.approx([np.sqrt(2) / 4] * 2)


def test_frames_hold_every_step(one):
    mixture, truth, jets = one
    figs = frames.training_frames(mixture, truth, {0: (mixture, 0 * mixture), 100: truth}, jets)
    texts = [fig.axes[1].texts[0].get_text() for fig in figs]
    assert texts[0].startswith("step 0") and "0.000 GeV" in texts[1]
    images = np.zeros((3, 8, 8))
    figs = frames.image_frames(images, (images, images), {5: (images, images)}, ("zeros", "ones"))
    assert len(figs) == 1 and len(figs[0].axes) == 15


def test_learning_curves_say_what_is_missing():
    fig = learning_curves([1, 2], {"gen_ab": [1.0, 2.0], "cycle_b": [3.0, 4.0]})
    assert sum(len(names) for names in GROUPS.values()) == 15
    assert [t.get_text() for t in fig.axes[2].texts] == ["not recorded"] and not fig.axes[0].texts
    assert len(learning_curves([1], {}, ([1, 2], [0.3, 0.2])).axes[5].lines) == 1


def test_population_counts_towers_and_jets():
    fig = population.population({"signal": np.array([0.0, 1.0])}, {"signal": np.array([15.0, 22.0])})
    assert fig.axes[0].get_xscale() == "log" and "50 %" in fig.axes[0].get_legend().texts[0].get_text()
    assert np.sum(fig.axes[1].patches[0].get_data().values) == pytest.approx(1)
