"""Whole states through torch's distributed checkpoint: on an undivided network they are the plain ones."""

from copy import deepcopy

import torch

from quakebook.training import sharded


def trained(seed):
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01 * (seed + 1))
    return network, optimiser


def steps(network, optimiser, n):
    generator = torch.Generator().manual_seed(n)
    for _ in range(n):
        optimiser.zero_grad()
        network(torch.randn(4, 2, generator=generator)).square().sum().backward()
        optimiser.step()


def test_round_trip_goes_on_with_the_same_bits():
    with torch.random.fork_rng(devices=[]):
        (a, a_opt), (b, b_opt) = trained(0), trained(1)
    steps(a, a_opt, 3)
    sharded.load_network(b, deepcopy(sharded.network_state(a)))
    sharded.load_optimiser(b, b_opt, deepcopy(sharded.optimiser_state(a, a_opt)))
    steps(a, a_opt, 2)
    steps(b, b_opt, 2)
    assert all(torch.equal(p, q) for p, q in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def test_names_are_those_of_the_bare_network():
    with torch.random.fork_rng(devices=[]):
        network, optimiser = trained(0)
    steps(network, optimiser, 1)
    assert list(sharded.network_state(network)) == list(network.state_dict())
    assert list(sharded.optimiser_state(network, optimiser)["state"]) == list(dict(network.named_parameters()))
