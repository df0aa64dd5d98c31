"""Windows and labels on the device."""

import numpy as np
import pytest
import torch

from quakebook.bluedisc.data.windows import Samples, render
from quakebook.data.errors import DataError
from quakebook.training.batches import shuffled


def test_windows_are_normalised_per_component_and_labelled(records):
    samples = Samples(records)
    windows = samples.cut(torch.arange(len(samples)), samples.fixed_starts())
    assert windows.x.shape == windows.y.shape == (24, 3, 3001) and windows.x.dtype == windows.y.dtype == torch.float32
    torch.testing.assert_close(windows.x.abs().amax(-1), torch.ones(24, 3), rtol=0, atol=1e-5)
    torch.testing.assert_close(windows.y.sum(1), torch.ones(24, 3001), rtol=0, atol=1e-6)
    row = int(torch.nonzero((windows.picks["P"][:, 0] > 100) & (windows.picks["P"][:, 0] < 2900))[0])
    assert abs(float(windows.picks["P"][row, 0]) - int(windows.y[row, 0].argmax())) <= 1


def test_detection_label_replaces_noise():
    picks = {"P": torch.tensor([[1000.0]]), "S": torch.tensor([[1200.0]])}
    assert render(picks, "D")[0, 2, 1000:1481].eq(1).all()
    assert float(render(picks, "N")[0, 2, 1000]) < 1e-6


def test_training_windows_depend_on_the_generator_only(records):
    samples = Samples(records)
    first, second = (samples.draw(torch.arange(8), torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first.x, second.x) and torch.equal(first.y, second.y)


@pytest.mark.parametrize(("n", "batch"), [(10, 4), (3, 8), (7, 7)])
def test_shuffled_passes_visit_every_record_equally_often(n, batch):
    steps = 2 * n
    seen = torch.cat([shuffled(n, batch, step, seed=1) for step in range(steps)])
    assert torch.bincount(seen, minlength=n).eq(2 * batch).all()
    assert torch.equal(shuffled(n, batch, 3, seed=1), shuffled(n, batch, 3, seed=1))
    assert not torch.equal(torch.cat([shuffled(50, 50, 0, 1)]), torch.cat([shuffled(50, 50, 0, 2)]))


def test_records_without_s_picks_are_refused(records):
    from dataclasses import replace

    table = records.metadata.assign(trace_s_arrival_sample=np.nan, trace_S1_arrival_sample=np.nan)
    with pytest.raises(DataError, match="pick of phase S"):
        Samples(replace(records, metadata=table))


def test_each_pass_has_an_order_of_its_own():
    first, second = (torch.cat([shuffled(50, 10, step, seed=1) for step in range(5 * k, 5 * k + 5)]) for k in (0, 1))
    assert sorted(first.tolist()) == sorted(second.tolist()) and first.tolist() != second.tolist()


def test_two_windows_in_three_lie_round_a_pick():
    """Of windows drawn from a record with one pick far from its middle, most hold the pick."""
    import pandas as pd

    from quakebook.data.records import Records

    n = 6000
    table = pd.DataFrame({"trace_name": [f"t{k}" for k in range(n)], "trace_p_arrival_sample": 9000.0,
                          "trace_s_arrival_sample": 9000.0})
    samples = Samples(Records(torch.zeros(n, 3, 20_000, dtype=torch.int8), table, 100.0, "test", "x"))
    windows = samples.draw(torch.arange(n), torch.Generator().manual_seed(0))
    inside = ((windows.picks["P"] >= 0) & (windows.picks["P"] <= 3000)).any(1).float().mean()
    anywhere = 3001 / (20_000 - 3001 + 1)  # a window from the whole record meets the pick so often
    assert float(inside) == pytest.approx(2 / 3 + anywhere / 3, abs=0.02)


@pytest.mark.parametrize("length", [np.nan, 0, 10**6])
def test_trace_lengths_that_cannot_be_are_refused(records, length):
    from dataclasses import replace

    table = records.metadata.assign(trace_npts=[float(records.waveforms.shape[-1])] * 23 + [length])
    with pytest.raises(DataError, match=r"trace_npts must lie between 1 and \d+.*in row 23 \(1 such rows\)"):
        Samples(replace(records, metadata=table))
