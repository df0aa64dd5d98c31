"""Code use of the two quantisers: shares by hand, and sentences that follow them."""

import pytest

from quakebook.gp2vec.pages import pretraining, quantisers
from quakebook.gp2vec.settings import config
from quakebook.training import recorded
from quakebook.training.recorded import Outcome


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """Writes a recorded recipe of 2 x 16 codes."""
    monkeypatch.setattr(recorded, "folder", lambda chapter: tmp_path)

    def write(name, perplexity, gap):
        metrics = {"dev_code_perplexity": perplexity, "dev_accuracy": 0.25, "dev_gap": gap}
        recorded.keep("gp2vec", name, Outcome({f"{name.replace('/', '.')}.{key}": value for key, value in
                                               metrics.items()}, {}, config("network.codes=16")))

    return write


def test_without_both_recipes_nothing_is_said_of_them(recipe):
    assert quantisers.recorded() == {} and quantisers.metrics() == {}
    recipe("tiny-recipes/group-norm", 8.0, 1.0)
    assert "No pair of recipes" in quantisers.sentence(quantisers.recorded())


def test_shares_are_of_all_codes_and_half_of_them_is_enough(recipe):
    """8 and 16 of 2 x 16 codes."""
    recipe("tiny-recipes/group-norm", 8.0, 1.0)
    recipe("tiny-recipes/unscaled", 16.0, 0.01)
    found = quantisers.recorded()
    assert quantisers.metrics() == {"pretraining.quantisers.averaged.share": 0.25,
                                    "pretraining.quantisers.gumbel.share": 0.5}
    table = quantisers.table(found)
    assert table["at least half"].tolist() == ["failed", "passed"] and table["largest"].tolist() == ["32", "32"]
    text = quantisers.sentence(found)
    assert "the averaged codebook reaches 25 % of the largest perplexity (failed)" in text
    assert "reach 50 % of the largest perplexity (passed)" in text
    assert "a gap of 0.01 nats the training with the codes chosen with Gumbel noise is still at chance" in text
    assert "averaged codebook has left chance all the same, by 1.00 nats" in text


def test_the_larger_recipes_go_first(recipe):
    for name in ("tiny-recipes/group-norm", "tiny-recipes/unscaled"):
        recipe(name, 1.0, 0.0)
    recipe("recipes/ema", 32.0, 1.0)
    recipe("recipes/group-norm", 24.0, 1.0)
    assert quantisers.shares(quantisers.recorded()) == {"averaged": 1.0, "gumbel": 0.75}
    assert "chance" not in quantisers.sentence(quantisers.recorded())


def test_the_claims_have_their_numbers(recipe):
    from quakebook.publishing import claims

    for name in ("tiny-recipes/group-norm", "tiny-recipes/unscaled"):
        recipe(name, 20.0, 0.5)
    asked = {claim.metric for claim in claims.load("gp2vec") if "quantisers" in claim.metric}
    assert asked == set(quantisers.metrics()) and not asked & set(pretraining.metrics())
