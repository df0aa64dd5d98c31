"""The inversion without a network."""

from quakebook.bugfinv.objective import lbfgs
from quakebook.bugfinv.scoring import metrics


def test_lbfgs_beats_the_initial_model(tiny_survey):
    result = lbfgs.invert(tiny_survey, iterations=25)
    before, after = (metrics.scores(v.numpy(), tiny_survey.true.numpy(), tiny_survey.shape)
                     for v in (tiny_survey.initial, result.volume))
    assert after["nrmse.overall"] < before["nrmse.overall"] and result.misfit < 2.0
    assert result.objective[-1] < result.objective[0] and len(result.objective) == result.evaluations
