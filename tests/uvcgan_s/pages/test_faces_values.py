"""The toy on drawn faces: table, claim and sentence by hand."""

from quakebook.uvcgan_s.pages import faces

ROW = {"error": 0.2, "error_a0": 0.1, "error_a1": 0.3, "trivial_error": 0.25, "trivial_error_a0": 0.2,
       "trivial_error_a1": 0.35}
WORSE = {**ROW, "error_a1": 0.4}


def test_table_has_the_mixture_last():
    table = faces.table({"full": ROW, "identity": WORSE}).set_index("method")
    assert table.loc["full method"].tolist() == ["0.200", "0.100", "0.300"]
    assert table.loc["mixture for both"].tolist() == ["0.250", "0.200", "0.350"]
    assert list(table.columns) == ["both", "cat", "dog"] and table.index[-1] == "mixture for both"


def test_the_claim_takes_the_less_favourable_part():
    found = faces.metrics({"full": ROW, "identity": WORSE})
    assert round(found["toy.full.both_minus_mixture"], 9) == -0.05
    assert round(found["toy.identity.both_minus_mixture"], 9) == 0.05


def test_the_sentence_counts_the_parts_that_are_nearer():
    neither = {**ROW, "error_a0": 0.2, "error_a1": 0.35}
    assert faces.sentence({"full": ROW, "identity": WORSE}, 900) == (
        "After 900 steps both parts are nearer to the truth than the blend by the full method; only the cat is nearer "
        "to the truth than the blend by the identity on sums.")
    assert "neither part is nearer" in faces.sentence({"full": neither}, 5)
