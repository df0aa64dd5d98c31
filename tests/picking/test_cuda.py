"""On a GPU: peaks, matches, labels and windows equal those of the CPU."""

import pytest
import torch

from quakebook.picking import labels, matching, normalise, peaks, windows

pytestmark = pytest.mark.cuda


@pytest.fixture
def curves():
    """Smooth curves with several peaks, and with flat tops and equal heights."""
    noise = torch.randn(20, 3001, generator=torch.Generator().manual_seed(0))
    smooth = torch.nn.functional.avg_pool1d(noise[:, None], 31, 1, 15)[:, 0]
    return ((smooth - smooth.min()) / (smooth.max() - smooth.min()) * 20).round() / 20


def test_peaks_and_matches(curves):
    host = peaks.find_picks_batch(curves, 0.3, 100)
    device = peaks.find_picks_batch(curves.cuda(), 0.3, 100)
    for a, b in zip(host, device, strict=True):
        torch.testing.assert_close(b.cpu(), a, equal_nan=True, rtol=0, atol=0)
    labelled = torch.rand(20, 3, generator=torch.Generator().manual_seed(1)) * 3000
    assert torch.equal(matching.match_batch(device[0], labelled.cuda()).cpu(), matching.match_batch(host[0], labelled))


def test_windows_and_labels():
    g = torch.Generator().manual_seed(2)
    waveforms, p = torch.randn(9, 3, 6000, generator=g), torch.rand(9, 1, generator=g) * 6000
    s, npts = p + 400, torch.full((9,), 6000)
    names = [f"trace{k}" for k in range(9)]
    starts = [windows.fixed(names, *(x.to(device) for x in (p, s, npts))).cpu() for device in ("cpu", "cuda")]
    assert torch.equal(*starts)
    made = []
    for device in ("cpu", "cuda"):
        record, start = torch.arange(9, device=device), starts[0].to(device)
        picks = [windows.relative(x.to(device), record, start) for x in (p, s)]
        cut = windows.cut(waveforms.to(device), record, start)
        made.append((normalise.per_component_peak(cut).cpu(), labels.phase_labels(*picks, 3001).cpu()))
    for a, b in zip(*made, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)
