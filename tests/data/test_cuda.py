"""On a GPU: synthetic records are made there, the same again, and look like those of the CPU."""

import numpy as np
import pytest
import torch

pytestmark = pytest.mark.cuda


@pytest.mark.parametrize("preset", ["picker", "magnitude", "near"])
def test_records_are_made_on_the_device(preset):
    from quakebook.data import synthetic

    records, again = (synthetic.make(preset, 400, 3, device="cuda") for _ in range(2))
    host = synthetic.make(preset, 400, 3)
    assert records.waveforms.is_cuda and torch.equal(records.waveforms, again.waveforms)
    assert torch.isfinite(records.waveforms).all()
    assert torch.equal(synthetic.make(preset, 150, 3, device="cuda").waveforms, records.waveforms[:150])
    sizes = [np.log10(made.waveforms.abs().amax((1, 2)).cpu().numpy() + 1) for made in (records, host)]
    assert abs(np.median(sizes[0]) - np.median(sizes[1])) < 0.3
    shares = [made.metadata["source_id"].isna().mean() for made in (records, host)]
    assert abs(shares[0] - shares[1]) < 0.15
