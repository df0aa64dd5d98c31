"""What is said of weights where there are none, or too few."""

from quakebook.bluedisc.pages import training_sweep


def test_nothing_is_ranked_from_nothing():
    words = training_sweep.ranking_sentence([])
    assert words == ("**No ranking.** Some of these weights have 0 seeds and the mean of 0 validations; weights are "
                     "ranked here only from 3 seeds and 5 validations on.")
    assert training_sweep.box_sentence([]) == "" and not training_sweep.rankable([])
    assert (training_sweep.LEAST_SEEDS, training_sweep.LEAST_VALIDATIONS) == (3, 5)
