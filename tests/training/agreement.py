"""Whether two trainings that should be the same are the same up to rounding, and up to how much of it.

In float32 that is a question only for weights whose gradient is well above rounding. An optimiser that divides by the
gradient's size, such as Adam, makes a whole step of any gradient, also of the 1e-9 that rounding leaves where the true
gradient is zero: at a bias before a batch norm, for example. In float64 what rounding leaves, 1e-17, is far below
Adam's epsilon, so all weights can be compared, and closely. What remains is the learning rate: a recorded step keeps it
as a float32 tensor, 6e-8 off.
"""

import torch

#: In float64; 40 steps of 1e-2 with a rate that is 6e-8 off, some twenty times amplified, move weights by 5e-7.
DOUBLE = {"rtol": 1e-5, "atol": 5e-6}
#: In float32 a recorded Adam also takes its bias correction from a float32 step counter, 6e-6 off in the first steps.
SINGLE = {"rtol": 1e-3, "atol": 1e-4}
DTYPES = {"32-true": SINGLE, "64-true": DOUBLE}


def weights(run):
    """Parameters and buffers after the last step by "network.name"."""
    networks = run.load_checkpoint("last")["networks"]
    return {f"{name}.{key}": value for name, network in networks.items() for key, value in network.items()}


def apart(a, b, free=(), rtol=DOUBLE["rtol"], atol=DOUBLE["atol"]):
    """Names of tensors that differ by more than the tolerance, and the largest difference; without those of `free`.

    Parameters
    ----------
    a, b : dict of str to Tensor
        See `weights`.
    free : sequence of str
        Names of tensors that rounding alone moves.
    """
    assert a.keys() == b.keys() and set(free) <= a.keys()
    return {name: float((a[name].double() - b[name].double()).abs().max()) for name in a
            if name not in free and not torch.allclose(a[name].double(), b[name].double(), rtol=rtol, atol=atol)}


def assert_same(a, b, free=(), **tolerance):
    """Two runs ended with the same weights."""
    found = apart(weights(a), weights(b), free, **tolerance)
    assert not found, found


def assert_same_losses(a, b, rtol):
    """Two runs logged the same losses; these do not see what batch norm takes away."""
    a, b = a.metrics(), b.metrics()
    for name in (name for name in a if name.endswith("loss")):
        torch.testing.assert_close(torch.tensor(b[name].dropna().to_numpy()), torch.tensor(a[name].dropna().to_numpy()),
                                   rtol=rtol, atol=0)
