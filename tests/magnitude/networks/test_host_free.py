"""No forward makes anything on the host: a copy from there cannot be recorded in a CUDA graph."""

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from quakebook.magnitude.networks.build import build

TYPES = ("phasenet", "phasenet_lstm", "phasenet_conv_lstm", "phasenet_mag", "eqtransformer_mag", "amag_v2", "magnet")


class OnTheHost(TorchDispatchMode):
    """Names of the operators that return a tensor on the CPU."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        if any(leaf.device.type == "cpu" for leaf in tree_leaves(out) if isinstance(leaf, torch.Tensor)):
            self.found.append(str(function))
        return out


@pytest.mark.parametrize("kind", TYPES)
def test_a_forward_stays_on_the_device(kind):
    """The meta device has shapes but no numbers; like a GPU it is another device than the host."""
    with torch.device("meta"):
        model = build(kind).train()
    x = torch.empty(2, getattr(model, "in_channels", 3), model.in_samples, device="meta")
    with OnTheHost() as mode:
        model(x)
    assert mode.found == []


def test_a_table_made_on_the_host_is_seen():
    with OnTheHost() as mode:
        torch.empty(2, device="meta") + torch.arange(2).to("meta")
    assert len(mode.found) == 1 and mode.found[0].startswith("aten.arange")
