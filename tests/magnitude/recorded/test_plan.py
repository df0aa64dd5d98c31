"""Seeds, amounts and costs of what is recorded, and the conditions of the papers' numbers; chosen or printed."""

import pytest

from quakebook.magnitude.pages import amplitude_and_protocol, magnitude_from_waveforms, models_and_data, tuning
from quakebook.magnitude.published import literature
from quakebook.magnitude.recorded import make, paper, plan, real_records


@pytest.mark.parametrize(("name", "cost_s"), [
    ("eqtransformer_mag-light-physical-seed1", 180), ("amag_v2-light-physical-seed2", 145),
    ("magnet-physical-seed3", 80), ("richter-seed1", 1),
    ("constant-seed3", 1), ("phasenet_mag-peak-none-seed2", 35),
    ("phasenet-seed1", 35),
    ("paper/amag_v2-1", 10_000), ("real-phasenet", 60)])
def test_seconds_of_an_entry(name, cost_s):
    entry, = (entry for entry in plan.PLAN if entry.name == name)
    assert entry.cost_s == cost_s


def test_three_seeds_of_every_job():
    assert plan.SEEDS == (1, 2, 3) and len(plan.PLAN) == 3 * (6 + 5 + 3) + 6 + 1
    assert len({entry.name for entry in plan.PLAN}) == len(plan.PLAN)
    rates = {job.name: job.overrides[-1] for job in plan.jobs() if job.group == "phase"}
    assert rates == {"phasenet": "optimiser.lr=0.01", "phasenet_lstm": "optimiser.lr=0.003",
                     "phasenet_conv_lstm": "optimiser.lr=0.003"}


def test_chosen_amounts():
    """Four windows of seed 1 for figures, two real ones; a pick from 0.3 on; sizes of the study on a page."""
    assert (make.EXAMPLE_SEED, make.EXAMPLES, real_records.EXAMPLES, real_records.THRESHOLD, paper.SEED) == (
        1, 4, 2, 0.3, 1)
    assert tuning.RECORDS == {"smoke": 240, "quick": 900, "paper": 50_000}
    assert tuning.EPOCHS == {"smoke": 1, "quick": 2, "paper": 20}
    assert (amplitude_and_protocol.LARGE, models_and_data.BIN_WIDTH, models_and_data.EVEN) == (4.5, 0.5, 1.5)
    assert len(magnitude_from_waveforms.ESTIMATORS) == 3


def test_conditions_of_the_papers():
    """MagNet: 20 dB and 110 km; PhaseNet: 0.5 within 0.1 s; CREIME: at most 2 s of P in windows of 3000 samples."""
    assert (literature.MAGNET_SNR_DB, literature.MAGNET_DISTANCE_KM) == (20.0, 110.0)
    assert (literature.PHASENET_THRESHOLD, literature.PHASENET_TOLERANCE_S) == (0.5, 0.1)
    assert literature.TWO_SECONDS_BEFORE == 2800


@pytest.mark.parametrize(("counts", "even"), [((10, 15), True), ((10, 16), False)])
def test_bins_are_even_up_to_half_as_many_again(counts, even):
    magnitude = [0.25] * counts[0] + [0.75] * counts[1]
    assert models_and_data.bins(magnitude) == {0.0: counts[0], 0.5: counts[1]}
    assert ("spread evenly:" in models_and_data.spread_sentence(magnitude)) == even


def test_a_simulated_floor_has_the_closed_form():
    """As above: onset in the middle of 30 s, mean 2 and variance 1 give 2 / 3."""
    assert amplitude_and_protocol.simulated_floor([1.0, 3.0], [15.0, 15.0]) == pytest.approx(2 / 3, abs=1e-3)
