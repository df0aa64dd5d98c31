"""Tables, differences and sentences of the page on the method, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s.pages import decomposition as page
from quakebook.uvcgan_s.pages import decomposition_sentences


def row(error, a0=0.0, a1=0.0, trivial=0.5):
    return {"test_error": error, "test_error_a0": a0, "test_error_a1": a1, "test_trivial_error": trivial,
            "test_trivial_error_a0": trivial + 0.1, "test_trivial_error_a1": trivial + 0.2}


ROWS = {"full": [row(0.1, 0.2, 0.4), row(0.3, 0.4, 0.1)], "identity": [row(0.25)], "no_cycle": [row(0.4), row(0.9)]}


def test_a_table_has_means_and_half_ranges():
    table = page.table(ROWS).set_index("variant")
    assert table.loc["full method"].tolist() == ["2", "0.200 ± 0.100", "0.300 ± 0.100", "0.250 ± 0.150"]
    assert table.loc["identity on sums", "both"] == "0.250"
    assert table.loc["mixture for both"].tolist() == ["–", "0.500", "0.600", "0.700"] and page.table({}).empty


def test_differences_are_those_of_the_least_favourable_pair():
    """The worst full seed (0.3) less the best of the others (0.25, 0.4), and less the mixture (0.5)."""
    assert page.metrics(ROWS) == pytest.approx({
        "digits.full_minus_identity.error": 0.05, "digits.full_minus_no_cycle.error": -0.1,
        "digits.full_minus_mixture.error": -0.2})
    assert page.metrics({"identity": [row(1.0)]}) == {}


def test_errors_keep_the_order_that_is_asked_for():
    assert page.errors(ROWS, ("no_cycle", "told", "full")) == {"without cycles": [0.4, 0.9], "full method": [0.1, 0.3]}


@pytest.mark.parametrize(("full", "other", "said"), [
    ((0.1, 0.2), (0.3, 0.3), "blends is 0.150; splitting sums of independent draws alone leaves 0.300: every seed"),
    ((0.4, 0.5), (0.3, 0.3), "(0.300) is better here than the full method (0.450), with every seed"),
    ((0.2, 0.4), (0.3, 0.3), "(0.300) and splitting of sums (0.300) are not told apart by 2 seeds: undecided"),
    ((0.3,), (0.3,), "one seed"),
])
def test_the_sentence_follows_the_ranges(full, other, said):
    rows = {"full": [row(e) for e in full], "identity": [row(e) for e in other]}
    assert said in decomposition_sentences.sentence(rows)
    assert "No comparison" in decomposition_sentences.sentence({"full": [row(0.1)]})


def test_recorded_seeds_are_read_by_variant(tmp_path):
    for name, error in (("digits-full-0", 0.1), ("digits-full-1", 0.2), ("digits-no_cycle-0", 0.3), ("other-0", 9.0)):
        recorded.keep("uvcgan_s", name, Outcome({"test_error": error}), tmp_path)
    found = page.results(tmp_path)
    assert {key: [r["test_error"] for r in rows] for key, rows in found.items()} == {"full": [0.1, 0.2],
                                                                                     "no_cycle": [0.3]}


def test_parts_that_a_run_kept_are_those_of_its_last_validation():
    parts = np.arange(2 * 3 * 2 * 4.0).reshape(2, 3, 2, 2, 2)  # steps, images, channels, height, width
    kept = {"parts": parts, "mixture": np.ones((3, 1, 2, 2)), "true_a0": np.full((3, 1, 2, 2), 2.0),
            "true_a1": np.full((3, 1, 2, 2), 3.0), "step": np.array([5, 10])}
    run = SimpleNamespace(read_arrays=lambda name: kept if name == "shown" else {"step": [1, 2], "error": [0.4, 0.2]})
    shown = page.shown(run)
    assert torch.equal(shown["first"], torch.as_tensor(parts[1][:, :1]))
    assert torch.equal(shown["second"], torch.as_tensor(parts[1][:, 1:]))
    assert [float(shown[name].mean()) for name in ("mixtures", "true_first", "true_second")] == [1, 2, 3]
    frames, labels = page.frames_of(run)
    assert labels == ["5", "10"] and len(frames) == 2
    rows = np.array(frames[1].axes).reshape(5, 3)
    assert np.array_equal(rows[1, 2].images[0].get_array(), parts[1, 2, 0])
    assert np.array_equal(rows[3, 0].images[0].get_array(), parts[1, 0, 1])
    assert rows[2, 0].images[0].get_array().mean() == 2 and rows[4, 0].images[0].get_array().mean() == 3
    assert rows[0, 0].images[0].get_clim() == (2, 3), "the scale of the true parts"
    assert page.curves({"a": run}) == {"a": ([1, 2], [0.4, 0.2])}


def test_sizes_are_those_of_the_published_networks():
    table = page.sizes()
    assert len(table) == len(page.TASKS) and all("," in value for value in table.iloc[0, 1:])


def test_parts_of_colour_pictures_are_three_channels_each():
    parts = np.arange(6.0)[None, None, :, None, None] * np.ones((1, 2, 6, 2, 2))
    kept = {"parts": parts, "mixture": parts[0, :, :3], "true_a0": parts[0, :, :3], "true_a1": parts[0, :, 3:]}
    shown = page.shown(SimpleNamespace(read_arrays=lambda name: kept))
    assert shown["first"][0, :, 0, 0].tolist() == [0, 1, 2] and shown["second"][0, :, 0, 0].tolist() == [3, 4, 5]
