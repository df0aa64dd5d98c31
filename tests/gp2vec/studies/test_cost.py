"""Frame rates and operations of the networks: by hand, and by the growth with depth, codes and time."""

from dataclasses import replace

import pytest

from quakebook.gp2vec.networks.architecture import of_size
from quakebook.gp2vec.networks.encoder import layers
from quakebook.gp2vec.studies.cost import forward_flop, rate_rows


def test_frame_rates_by_hand():
    """5 Hz: strides 5 and 4; kernels 10, 8, 3, 3, 3 see 10 + 7 5 + 3 2 20 = 165 samples; 142 frames fit into 30 s."""
    rows = {row["preset"]: row for row in rate_rows()}
    assert [rows[name]["frames per second"] for name in ("hz5", "hz25", "hz50", "hz100")] == [5, 25, 50, 100]
    assert (rows["hz5"]["stride"], rows["hz5"]["frames, same"], rows["hz5"]["frames, valid"]) == (20, 150, 142)
    assert rows["hz5"]["receptive field (s)"] == pytest.approx(1.65)
    assert rows["draft160"]["frames per second"] == pytest.approx(100 / 160)
    assert rows["hz5"]["kernels"] == "10, 8, 3, 3, 3" and rows["hz5"]["strides"] == "5, 4, 1, 1, 1"


def test_operations_of_one_block_and_of_more_codes():
    """A block: 2 T (4 D^2 + 2 D F) of products with weights, 4 T^2 D of attention; codes: 2 T C G V."""
    plan = of_size("tiny", "hz5", norm="layer", fusion="none", padding="valid")
    t, d, flop = 142, plan.width, forward_flop(plan, 3000)
    block = 8 * t * d * d + 4 * t * d * plan.hidden + 4 * t * t * d
    assert forward_flop(replace(plan, depth=plan.depth + 1), 3000) - flop == pytest.approx(block)
    more = forward_flop(replace(plan, codes=plan.codes + 10), 3000) - flop
    assert more == pytest.approx(2 * t * plan.convolutions[-1].channels * plan.codebooks * 10)


def test_operations_of_the_convolutions():
    """Two layers of 4 channels, kernel 3, stride 2: 1500 and 750 frames; then all that follows."""
    plan = of_size("tiny", "hz5", norm="layer", fusion="none", padding="same")
    one = replace(plan, convolutions=layers("seislm", (4, 4)), depth=1)
    t, d = 750, plan.width
    rest = 2 * t * 4 * d + 2 * (t + 1) * d * d / 16 * plan.position_kernel + 2 * t * 4 * plan.codebooks * plan.codes
    rest += 2 * t * (d * plan.code_width + plan.code_width**2)
    rest += 8 * t * d * d + 4 * t * d * plan.hidden + 4 * t * t * d
    assert forward_flop(one, 3000) - rest == pytest.approx(2 * 1500 * 4 * plan.channels * 3 + 2 * 750 * 4 * 4 * 3)


def test_sizes_of_a_step():
    """Three passes' worth of operations a step; parameters of the published base network without metadata."""
    from quakebook.gp2vec.studies.cost import parameters, size_rows

    row, = size_rows(("tiny",))
    for rate, column in (("hz5", "GFLOP per window and step, 5 Hz"), ("hz25", "25 Hz")):
        plan = of_size("tiny", rate, norm="layer", fusion="none", padding="valid")
        assert row[column] == pytest.approx(3 * forward_flop(plan, 3000) / 1e9)
    assert (row["width"], row["blocks"], row["heads"], row["parameters"]) == (128, 4, 2, 1_161_632)
    assert parameters(of_size("small", norm="layer", fusion="none")) == 5_924_192
    assert rate_rows(6000)[0]["frames, same"] == 300
