"""Numbers of recorded trainings for the claims."""

import numpy as np
import pytest

from quakebook.bluedisc.pages import training_numbers
from quakebook.bluedisc.recorded import choose


def test_claims_take_the_worst_seed_and_only_where_p_works(made):
    rows = {"P_tp": 90.0, "S_tp": 30.0, "S_below": 30.0, "S_middle": 6.0, "S_precise": 60.0}
    runs = {"bce-0": made("bce-0", **rows), "hybrid-0": made("hybrid-0", **rows | {"S_tp": 60.0, "S_below": 2.0}),
            "bce-1": made("bce-1", **rows), "hybrid-1": made("hybrid-1", **rows | {"S_tp": 45.0, "S_below": 5.0}),
            "bce-2": made("bce-2", **rows | {"P_tp": 1.0}), "hybrid-2": made("hybrid-2", **rows)}
    assert choose.free_seeds(runs) == [0, 1] and choose.paired_seeds(runs) == [0, 1, 2]
    numbers = training_numbers.effect_metrics(runs)
    assert numbers["recorded.tp_ratio.min"] == 1.5 and numbers["recorded.below_fall.min"] == pytest.approx(6)
    assert numbers["recorded.bce.P.tp.min"] == 1.0 and numbers["recorded.seeds_free"] == 2
    assert numbers["recorded.hybrid.S.tp.min"] == 45


def test_each_direction_is_judged_by_the_seed_that_speaks_most_against_it(made):
    rows = {"P_tp": 90.0, "S_tp": 30.0, "S_below": 30.0, "S_middle": 8.0, "S_precise": 60.0}
    runs = {"bce-0": made("bce-0", **rows), "bce-1": made("bce-1", **rows),
            "hybrid-0": made("hybrid-0", **rows | {"S_middle": 1.0, "S_precise": 63.0, "P_tp": 91.0}),
            "hybrid-1": made("hybrid-1", **rows | {"S_middle": 2.0, "S_precise": 54.0, "P_tp": 88.0})}
    numbers = training_numbers.effect_metrics(runs)
    assert numbers["recorded.middle_fall.min"] == pytest.approx(4)
    assert numbers["recorded.precise_change_percent.largest"] == pytest.approx(-10)
    assert numbers["recorded.p_difference.largest"] == pytest.approx(-2)


@pytest.mark.parametrize("values", [(0.9, np.nan), (np.nan, 0.9)])
def test_a_seed_without_a_number_is_the_worst(made, values):
    runs = {f"gan-{k}": made(f"gan-{k}", S_tp=value, S_height_50=value) for k, value in enumerate(values)}
    runs |= {f"{mode}-{k}": made(f"{mode}-{k}", P_tp=90.0, S_tp=value, S_below=value, S_middle=value, S_precise=value)
             for k, value in enumerate(values) for mode in ("bce", "hybrid")}
    numbers = training_numbers.effect_metrics(runs)
    assert all(np.isnan(numbers[f"recorded.{key}"]) for key in (
        "gan.S.tp", "gan.S.height_50", "tp_ratio.min", "below_fall.min", "precise_change_percent.largest"))


def test_a_bump_is_a_band_that_stands_above_its_neighbours():
    class Peaks:
        error_samples = np.array([0.0] * 9 + [np.nan])
        height = np.array([0.42, 0.54, 0.46, 0.46, 0.5, 0.5, 0.5, 0.9, 0.1, 0.46])

    assert training_numbers.bump(Peaks) == 2.5


def test_p_is_judged_even_where_no_seed_may_be_judged_on_s(made):
    runs = {name: made(name, P_tp=10.0, S_tp=1.0) for name in ("bce-0", "hybrid-0")}
    numbers = training_numbers.effect_metrics(runs)
    assert numbers["recorded.seeds_free"] == 0 and numbers["recorded.bce.P.tp.min"] == 10
    assert "recorded.tp_ratio.min" not in numbers


def test_gan_only_and_exact_labels_are_judged_by_their_worst_seed(made):
    runs = {"gan-0": made("gan-0", S_tp=3.0, S_height_50=0.9), "gan-1": made("gan-1", S_tp=20.0, S_height_50=0.7),
            "exact-bce-0": made("exact-bce-0", S_middle=1.0, S_below=2.0)}
    numbers = training_numbers.effect_metrics(runs)
    assert numbers["recorded.gan.S.tp"] == 20 and numbers["recorded.gan.S.height_50"] == 0.7
    assert numbers["recorded.exact-bce.S.middle"] == 1
