"""Settings of the controls."""

from quakebook.uvcgan_s.studies import regressions
from quakebook.uvcgan_s.studies.comparison import Comparison
from quakebook.uvcgan_s.studies.population import PUBLIC, momenta


def test_the_small_jets_are_validated_ten_times():
    cfg = regressions.jets("identity", 3, 500, "objective.warm_steps=0")
    assert (cfg.training.steps, cfg.training.validate_every, cfg.training.seed) == (500, 50, 3)
    assert regressions.jets("full", 0, 5).training.validate_every == 1
    assert cfg.objective.method == "identity" and cfg.data.name == "synthetic:small" and cfg.data.records == 20_000
    assert regressions.settings("paired", preset="smoke").objective.warm_steps == 0


def test_public_means_are_those_of_the_analysis():
    assert PUBLIC["val"] == {"z_g": 0.247, "r_g": 0.257, "girth": 0.144, "mass_gev": 4.26, "z_lead": 0.277,
                             "pt_d": 0.373, "cone_gev": 32.0}
    assert PUBLIC["quenched"] == {"z_g": 0.233, "r_g": 0.222, "girth": 0.122, "mass_gev": 3.61, "z_lead": 0.333,
                                  "pt_d": 0.423}


def test_momenta_are_those_of_the_true_jets_of_a_radius():
    from types import SimpleNamespace

    sets = {domain: Comparison(domain, 1, {"area": {r: SimpleNamespace(true_pt=k + r) for r in (0.2, 0.4)}}, {}, {}, {})
            for k, domain in enumerate(("val", "quenched"))}
    assert momenta(sets) == {"as in training": 0.4, "quenched": 1.4}
    assert momenta(sets, 0.2)["quenched"] == 1.2


def test_means_of_embedded_jets_by_hand():
    """The mean of what is finite, the median of cones that exist, NaN of nothing."""
    import numpy as np

    from quakebook.uvcgan_s.scoring.substructure import Substructure
    from quakebook.uvcgan_s.studies.population import embedded

    names = list(PUBLIC["quenched"])
    inside = Substructure({name: np.array([k, k + 3.0, np.nan]) for k, name in enumerate(names)}, np.zeros(0))
    cones = {"truth": np.array([10.0, np.nan, 20.0, 60.0])}
    found = embedded(Comparison("val", 3, {}, {"truth": inside}, cones, {}))
    assert found == {**{name: k + 1.5 for k, name in enumerate(names)}, "cone_gev": 20.0}
    nothing = Substructure({name: np.zeros(0) for name in names}, np.zeros(0))
    assert all(np.isnan(v) for v in embedded(Comparison("val", 0, {}, {"truth": nothing}, {"truth": np.zeros(0)},
                                                        {})).values())
