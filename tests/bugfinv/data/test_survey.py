"""The synthetic model, survey, initial model, scores."""

import math

import numpy as np
import pytest
import torch

from quakebook.bugfinv.data import survey, wells
from quakebook.bugfinv.scoring import metrics
from quakebook.data.elastic import synthetic
from quakebook.data.elastic.channels import CHANNELS
from quakebook.data.elastic.model import ElasticModel, ModelError
from quakebook.data.elastic.rock_physics import castagna_vs, gardner_density


@pytest.fixture(scope="module")
def model():
    return synthetic.make()


def test_ranges_and_rock_physics(model):
    assert model.shape == (48, 48, 160)
    for value, (low, high) in ((model.vp, (1800, 6200)), (model.vs, (500, 4300)), (model.rho, (1.85, 2.95))):
        assert np.isfinite(value).all() and value.min() >= low and value.max() <= high
    assert (model.vp / model.vs).min() >= 1.45
    correlation = np.corrcoef([model.vp.ravel(), model.vs.ravel(), model.rho.ravel()])
    assert 0.90 < correlation[0, 1] < 0.99 and 0.75 < correlation[0, 2] < 0.95
    assert len(np.unique(model.parts["layer"])) >= 15


@pytest.mark.parametrize("number", [1, 2, 3])
def test_channels_carry_the_contrast_put_in(model, number):
    inside = model.parts["channel"] == number
    contrast = (model.vp[inside] / model.parts["plain_vp"][inside]).mean() - 1
    assert inside.sum() > 200
    assert contrast == pytest.approx(CHANNELS[number - 1].factors[0] - 1, rel=0.2)


def test_seed():
    a, b, c = (synthetic.make((12, 10, 48), 0.004, seed) for seed in (1, 1, 2))
    assert np.array_equal(a.vp, b.vp) and np.array_equal(a.rho, b.rho) and a.fingerprint == b.fingerprint
    assert not np.array_equal(a.vp, c.vp) and a.fingerprint != c.fingerprint


@pytest.mark.parametrize("seed", range(6))
def test_any_seed_is_a_rock(seed):
    made = synthetic.make((16, 16, 64), 0.004, seed)
    assert (made.vs < made.vp / 1.45 * (1 + 1e-5)).all()


def test_too_small():
    with pytest.raises(ValueError, match=r"at least \(8, 8, 32\)"):
        synthetic.make((4, 48, 160))


def test_relations():
    assert castagna_vs(np.array([3000.0]), np.array([1]))[0] == pytest.approx(804.16 * 3 - 855.88)
    assert gardner_density(np.array([4000.0]))[0] == pytest.approx(2.465, abs=1e-3)


@pytest.mark.parametrize("change, message", [
    (lambda m: {"vs": m.vp * 1.01}, "below `vp`"), (lambda m: {"vp": m.vp * np.nan}, "NaN"),
    (lambda m: {"rho": m.rho[:-1]}, "one shape"), (lambda m: {"dt_s": -1.0}, "`dt_s`"),
    (lambda m: {"vp": m.vp[0]}, "inlines, crosslines, samples"),
])
def test_bad_models(tiny_model, change, message):
    values = {"vp": tiny_model.vp, "vs": tiny_model.vs, "rho": tiny_model.rho, "dt_s": 0.002, "source": "x"}
    with pytest.raises(ModelError, match=message):
        ElasticModel(**{**values, **change(tiny_model)})


def test_wells():
    grid = wells.training_wells(48, 48, 24)
    rows, columns = np.divmod(grid, 48)
    assert len(grid) == 24 and len(set(rows)) == 6 and len(set(columns)) == 4
    assert rows.min() == columns.min() == 3 and rows.max() == columns.max() == 44
    line = wells.training_wells(1, 1601, 24)
    assert line[0] == 0 and line[-1] == 1600 and len(line) == 24
    assert np.array_equal(wells.unlabelled(1, 2721, line, 5), np.arange(1500, 1601))
    blind = wells.blind_wells(48, 48, grid)
    assert len(set(blind)) == 3 and not set(blind) & set(grid)
    with pytest.raises(ValueError, match="`data.n_wells` must lie between 1 and 8"):
        wells.training_wells(3, 3, 10)


def test_survey(tiny_survey, tiny_model):
    s = tiny_survey
    assert s.gathers.shape == (120, 6, 48) and s.true.shape == s.initial.shape == (120, 3, 48)
    assert float(s.gathers.mean()) == pytest.approx(0, abs=1e-6) and float(s.gathers.std()) == pytest.approx(1, 1e-5)
    assert torch.allclose(s.physical(s.labels), s.true, rtol=1e-5)
    labels = s.labels[torch.as_tensor(s.train)]
    assert labels.mean((0, 2)).abs().max() < 1e-5 and (labels.std((0, 2)) - 1).abs().max() < 1e-4
    clean = survey.synthesise(s.true, s.dt_s, survey.Recording())
    noise = s.gathers * s.seismic_std + s.seismic_mean - clean
    assert 20 * math.log10(float(clean.square().mean().sqrt() / noise.square().mean().sqrt())) == pytest.approx(
        15, abs=0.1)
    assert not set(s.blind_traces()) & set(s.train)


def test_survey_switches(tiny_model):
    plain = survey.synthesise(torch.from_numpy(tiny_model.traces), 0.004, survey.Recording())
    for change in ({"zoeppritz": True}, {"phase_deg": 5.0}, {"frequency_error": 0.05}, {"wavelet": "ormsby"}):
        other = survey.synthesise(torch.from_numpy(tiny_model.traces), 0.004, survey.Recording(**change))
        assert other.shape == plain.shape and not torch.allclose(other, plain, rtol=1e-3)
    exact = survey.synthesise(torch.from_numpy(tiny_model.traces), 0.004, survey.Recording(zoeppritz=True))
    assert np.corrcoef(exact.numpy().ravel(), plain.numpy().ravel())[0, 1] > 0.95
    assert survey.build(tiny_model, survey.Recording(resolution_ratio=2), 6).gathers.shape == (120, 6, 24)
    with pytest.raises(ValueError, match="ricker"):
        survey.build(tiny_model, survey.Recording(wavelet="ormsby", frequency_error=0.1), 6)


def test_initial_model_honours_the_wells_roughly(tiny_survey):
    found = metrics.scores(tiny_survey.initial.numpy(), tiny_survey.true.numpy(), tiny_survey.shape)
    assert found["r2.Vp"] > 0.4 and found["pcc.Vs"] > 0.6


def test_scores_of_known_volumes():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(30, 3, 40)).astype(np.float32)
    perfect = metrics.scores(true, true, (3, 10))
    assert perfect["pcc.Vp"] == pytest.approx(1) and perfect["r2.rho"] == 1 and perfect["ssim.Vs"] == pytest.approx(1)
    shifted = metrics.scores(true + 1.0, true, (3, 10))
    assert shifted["pcc.Vp"] == pytest.approx(1) and shifted["rmse_std.Vp"] == pytest.approx(1 / true[:, 0].std())
    assert shifted["r2.Vp"] == pytest.approx(1 - 1 / true[:, 0].var(), rel=1e-4)
    assert shifted["nrmse.overall"] == pytest.approx(np.mean([1 / np.ptp(true[:, k]) for k in range(3)]), rel=1e-5)
    assert metrics.scores(true + 1.0, true, (3, 10), keep=np.arange(4))["rmse_std.Vp"] > 0
    with pytest.raises(ValueError, match="traces, 3, T"):
        metrics.scores(true[0], true[0], (3, 10))


def test_ssim_against_a_stored_value():
    """scikit-image 0.26 defaults, 7 x 7 uniform window; pinned for the window and the constants."""
    y, x = np.mgrid[0:32, 0:40]
    true = np.sin(x / 5.0) + np.cos(y / 7.0)
    predicted = true + 0.2 * np.sin(3.0 * x + y)
    assert metrics.mean_ssim(predicted[None], true[None], float(np.ptp(true))) == pytest.approx(0.9001353, abs=1e-6)


def small(n=9, samples=40, **more):
    """One inline of random rock."""
    rng = np.random.default_rng(1)
    vp = 3000 + 200 * rng.normal(size=(1, n, samples))
    given = {"vp": vp, "vs": vp / 1.8 + 20 * rng.normal(size=vp.shape), "rho": 2.3 + 0.05 * rng.normal(size=vp.shape)}
    return ElasticModel(**(given | more), dt_s=0.004, source="small")


@pytest.mark.parametrize(("n", "samples", "ratio"), [(6, 40, 1), (9, 6, 1), (9, 12, 2)])
def test_a_section_smaller_than_the_window_of_ssim_is_refused_before_the_training(n, samples, ratio):
    with pytest.raises(ModelError, match=f"small: .* found {n} traces of 6 samples" if n == 9 else "found 6 traces"):
        survey.check_size(small(n, samples), ratio)


def test_a_section_as_small_as_the_window_is_scored():
    survey.check_size(small(7, 13), 2)
    made = survey.build(small(7, 13), survey.Recording(resolution_ratio=2), n_wells=3)
    assert np.isfinite(list(metrics.scores(made.initial.numpy(), made.true.numpy(), made.shape).values())).all()


def test_wells_on_every_trace_leave_nothing_to_score():
    with pytest.raises(ModelError, match="leave one trace blind at least; found all 9"):
        survey.build(small(wells=np.arange(9)))
    assert len(survey.build(small(wells=np.arange(8))).blind_traces()) == 1


@pytest.mark.parametrize(("name", "said"), [("vp", "Vp must vary"), ("rho", "density must vary")])
def test_a_constant_property_is_named(name, said):
    value = {"vp": 3000.0, "rho": 2.25}[name]
    with pytest.raises(ModelError, match=f"{said} at the training wells; found {value:g}"):
        survey.build(small(**{name: np.full((1, 9, 40), value)}), n_wells=3)


def test_dead_gathers_are_named():
    with pytest.raises(ModelError, match="gathers must vary; found 0 everywhere"):
        survey.build(small(gathers=np.zeros((1, 9, 6, 40), np.float32)), n_wells=3)


def test_a_well_named_twice_is_refused():
    with pytest.raises(ModelError, match="trace 5 stands there 2 times"):
        small(wells=np.array([0, 5, 5]))
    with pytest.raises(ModelError, match="trace 5 stands there 2 times"):
        small(wells=np.array([[0, 5], [0, 1], [0, 5]]))
