"""The optimisation without a model: published values, other seeds, theory, and SciPy's draws."""

import numpy as np
import pytest
import torch
from scipy.stats import skewnorm

from quakebook.bluedisc import optimise_without_model
from quakebook.bluedisc.studies.mean_target import mean_target_peak
from quakebook.bluedisc.studies.moving_targets import SCALES_S, SKEWS, optimise_cells, optimise_grid
from quakebook.bluedisc.studies.targets import gaussian, samples_at, target_times

SEEDS = (42, 0, 1, 2, 3, 4)
CELLS = [(scale, skew) for skew in SKEWS for scale in SCALES_S]
POINTWISE = dict(zip(CELLS, (0.85, 0.70, 0.55, 0.40, 0.90, 0.80, 0.75, 0.60), strict=True))
GAUSSIAN = dict(zip(CELLS, (0.90, 0.85, 0.75, 0.70, 0.95, 0.90, 0.85, 0.75), strict=True))


@pytest.fixture(scope="module")
def grid():
    return optimise_grid(seeds=SEEDS)


@pytest.mark.parametrize("cell", CELLS)
def test_seed_42_meets_the_published_figure(grid, cell):
    result = grid[*cell, 42]
    assert result.pointwise_peak == pytest.approx(POINTWISE[cell], abs=0.05)
    assert result.gaussian_height[-1] == pytest.approx(GAUSSIAN[cell], abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("skew", SKEWS)
def test_peaks_sink_with_the_scatter_on_every_seed(grid, skew, seed):
    points = [grid[scale, skew, seed].pointwise_peak for scale in SCALES_S]
    heights = [float(grid[scale, skew, seed].gaussian_height[-1]) for scale in SCALES_S]
    assert points == sorted(points, reverse=True) and heights == sorted(heights, reverse=True)
    assert all(height > point for height, point in zip(heights, points, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("cell", CELLS)
def test_places_on_every_seed(grid, cell, seed):
    result = grid[*cell, seed]
    assert abs(result.gaussian_position_s[-1]) < 0.1
    assert (result.gaussian_height[1:] > 0.5).all()
    if cell[0] <= 0.3:
        assert abs(result.pointwise_peak_time_s) <= 0.1
    assert 0.05 < result.pointwise[-1].min() < 0.07


@pytest.mark.parametrize("seed", SEEDS)
def test_wide_skewed_targets_give_a_late_peak(grid, seed):
    assert 0.05 <= grid[0.5, -10.0, seed].pointwise_peak_time_s <= 0.2
    assert grid[0.5, -10.0, seed].pointwise_peak_time_s > grid[0.1, -10.0, seed].pointwise_peak_time_s


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell[0] >= 0.2])
def test_mean_over_seeds_meets_the_mean_target(grid, cell):
    measured = np.mean([grid[*cell, seed].pointwise_peak for seed in SEEDS])
    assert measured == pytest.approx(mean_target_peak(*cell)[1], abs=0.06)


@pytest.mark.parametrize("skew", SKEWS)
def test_narrow_targets_stay_below_theory_for_want_of_steps(grid, skew):
    assert grid[0.1, skew, 42].pointwise_peak < mean_target_peak(0.1, skew)[1]
    longer = optimise_without_model(0.1, skew, steps=900).pointwise_peak
    assert longer > grid[0.1, skew, 42].pointwise_peak


@pytest.mark.parametrize("skew", SKEWS)
def test_paths_of_one_row_are_stretched_copies(grid, skew):
    unit = grid[0.1, skew, 42].target_time_s / 0.1
    for scale in SCALES_S[1:]:
        np.testing.assert_allclose(grid[scale, skew, 42].target_time_s / scale, unit, atol=1e-5)


@pytest.mark.parametrize("skew", [0.0, -10.0, 3.5])
@pytest.mark.parametrize("seed", [42, 7])
def test_draws_are_scipys_and_the_global_generator_is_left_alone(skew, seed):
    before = np.random.get_state()
    torch_before = torch.get_rng_state()
    optimise_without_model(0.3, skew, seed, steps=3)
    ours = target_times(0.3, skew, seed, 301).numpy()
    after = np.random.get_state()
    assert np.array_equal(before[1], after[1]) and before[2:] == after[2:]
    assert torch.equal(torch_before, torch.get_rng_state())
    np.random.seed(seed)
    draws = np.array([skewnorm.rvs(a=skew, loc=0, scale=0.3) for _ in range(301)])
    np.random.set_state(before)
    np.testing.assert_allclose(ours, draws - draws.mean(), atol=1e-6)


def test_start_values_are_the_first_of_torchs_generator():
    torch_before = torch.get_rng_state()
    torch.manual_seed(42)
    expected = torch.empty(100).uniform_(0.01, 0.05).sigmoid()
    torch.set_rng_state(torch_before)
    result = optimise_without_model(0.2, 0, steps=1)
    np.testing.assert_array_equal(result.pointwise[0], expected.numpy())
    assert result.gaussian_height.tolist() == [0.5] and result.gaussian_position_s.tolist() == [0.0]


def plain_reference(scale_s, skew, steps):
    """The experiment in words, value by value, in float64 and with Adam written out."""
    targets = target_times(scale_s, skew, 42, steps).double().numpy()
    sample = np.arange(3001)
    columns = samples_at(np.linspace(-3, 3, 100))
    raw = torch.empty(100).uniform_(0.01, 0.05, generator=torch.Generator().manual_seed(42)).double().numpy()
    second, history = np.zeros(100), []
    for step, time in enumerate(targets, start=1):
        label = np.exp(-((sample - 1500 - 100 * time) ** 2) / 800)
        label = (label / label.max())[columns]
        value = 1 / (1 + np.exp(-raw))
        history.append(value)
        gradient = (value - label) / 100
        second = 0.9 * second + 0.1 * gradient**2
        raw = raw - 0.01 * gradient / (np.sqrt(second / (1 - 0.9**step)) + 1e-8)
    return np.array(history)


@pytest.mark.parametrize("cell", [(0.1, 0.0), (0.5, -10.0)])
def test_pointwise_equals_the_experiment_written_out(cell):
    ours = optimise_without_model(*cell, steps=120).pointwise
    assert np.abs(ours - plain_reference(*cell, 120)).max() < 1e-3


def test_batched_cells_equal_single_cells():
    cells = [(0.1, 0.0, 42), (0.5, -10.0, 42), (0.3, 0.0, 3), (0.3, -10.0, 9), (0.2, 0.0, 1)]
    for cell, batched in zip(cells, optimise_cells(cells, 80), strict=True):
        single = optimise_without_model(*cell, steps=80)
        np.testing.assert_array_equal(batched.pointwise, single.pointwise)
        np.testing.assert_allclose(batched.gaussian_height, single.gaussian_height, atol=1e-7)
        np.testing.assert_allclose(batched.gaussian_position_s, single.gaussian_position_s, atol=1e-7)


def test_shapes_and_meta():
    result = optimise_without_model(0.2, -10, seed=5, steps=7)
    assert result.pointwise.shape == (7, 100) and result.pointwise_time_s.shape == (100,)
    assert result.gaussian_height.shape == result.gaussian_position_s.shape == result.target_time_s.shape == (7,)
    assert (result.scale_s, result.skew, result.seed) == (0.2, -10, 5)
    assert abs(result.target_time_s.mean()) < 1e-6


@pytest.mark.parametrize("arguments", [(0.0, 0.0), (-0.1, 0.0)])
def test_scale_must_be_positive(arguments):
    with pytest.raises(ValueError, match="must be positive"):
        optimise_without_model(*arguments)
    with pytest.raises(ValueError, match="must be positive"):
        optimise_without_model(0.1, 0.0, steps=0)


def test_target_is_one_at_its_highest_sample_wherever_it_stands():
    curves = gaussian(torch.tensor([0.0, 0.1234, -15.0, 14.997]))
    assert torch.equal(curves.amax(dim=1), torch.ones(4))
    assert curves.argmax(dim=1).tolist() == [1500, 1512, 0, 3000]
