"""What holds where nobody says otherwise, and the ends of the ranges."""

import pytest
import seisbench.models as sbm

from quakebook.picking.continuous.rules import BATCH_SIZES, THRESHOLD, Rules, _overlap, rules_of


def test_rules_that_were_chosen():
    """Batch sizes are ours; the threshold is SeisBench's."""
    assert Rules(0) == Rules(overlap=0, blinding=(0, 0), stacking="avg", thresholds={}, resample="correct",
                             windows="clock", picker="trigger", distance=100, strict=False,
                             flexible_horizontal_components=True, zerophase_resample=True, batch_size=256,
                             precision="float32")
    assert BATCH_SIZES == {"cpu": 32, "cuda": 2048}
    assert sbm.PhaseNet()._annotate_args["*_threshold"][1] == THRESHOLD
    rules = rules_of(sbm.PhaseNet(phases="PSN"), "cuda")
    assert rules.batch_size == 2048 and rules.thresholds == {"P": 0.3, "S": 0.3} and not rules.strict


@pytest.mark.parametrize(("given", "samples"), [(0, 0), (0.5, 1500), (0.9999, 3000), (1, 1), (1.0, 1), (2999, 2999)])
def test_overlaps_below_one_are_shares(given, samples):
    assert _overlap(given, 3001) == samples


def test_ends_of_the_ranges():
    model = sbm.PhaseNet(phases="PSN")
    rules = rules_of(model, overlap=3000, batch_size=1, distance=1, blinding=(1500, 1500), P_threshold=1.0)
    assert rules.overlap == 3000 and rules.blinding == (1500, 1500) and rules.thresholds["P"] == 1.0
    for wrong in ({"blinding": (1500, 1501)}, {"blinding": (-1, 0)}, {"P_threshold": 0.0}, {"P_threshold": 1.01},
                  {"distance": 0}, {"batch_size": 0}, {"overlap": 3001}):
        with pytest.raises(ValueError, match="found"):
            rules_of(model, **wrong)
