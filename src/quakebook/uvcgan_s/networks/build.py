"""All trained networks of a configuration, in the order in which the published program makes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from torch import nn

from ..settings import NetworkConfig, Shapes
from .discriminators import Critic, NLayersBody, ResNetBody
from .heads import head
from .initialise import initialise
from .spectral import attach_spectral_norm
from .vit_modnet import Shape, ViTModNet

#: The published networks and the image shapes of A0, A1 and B that they are made for.
TASKS: dict[str, tuple[NetworkConfig, Shapes]] = {
    "sphenix": (NetworkConfig(), ((1, 24, 64),) * 3),
    "toy_mix_blur": (replace(NetworkConfig(), levels=(48, 96, 192, 384), critic="n_layers", critic_blocks=0,
                             critic_levels=(64, 128, 256, 512, 512), critic_norm="instance", spectral_norm=False),
                     ((3, 256, 256),) * 3),
}


def build_networks(task: Literal["sphenix", "toy_mix_blur"] | NetworkConfig, shapes: Shapes | None = None
                   ) -> nn.ModuleDict:
    """Two generators and three critics with fresh start weights from torch's global generator.

    Parameters
    ----------
    task : str or NetworkConfig
        "sphenix" and "toy_mix_blur" are the published tasks.
    shapes : tuple of three (channels, height, width)
        Images of A0, A1 and B; needed with a NetworkConfig, else those of the task.

    Returns
    -------
    ModuleDict
        gen_ab, gen_ba, disc_a0, disc_a1, disc_b, as keys and as attributes.

    Raises
    ------
    ValueError
        Unknown task, or images of different sizes.
    """
    network, shapes = _resolve(task, shapes)
    a0, a1, b = shapes
    return nn.ModuleDict({
        "gen_ab": generator(network, (a0[0] + a1[0], *a0[1:]), b[0]),
        "gen_ba": generator(network, b, a0[0] + a1[0]),
        "disc_a0": critic(network, a0[0]), "disc_a1": critic(network, a1[0]), "disc_b": critic(network, b[0])})


def _resolve(task: str | NetworkConfig, shapes: Shapes | None) -> tuple[NetworkConfig, Shapes]:
    if isinstance(task, str):
        if task not in TASKS:
            raise ValueError(f"unknown task {task!r}; known: {', '.join(TASKS)}")
        network, known = TASKS[task]
        shapes = shapes or known
    else:
        network = task
    if shapes is None or len(shapes) != 3:
        raise ValueError(f"`shapes` must give (channels, height, width) of A0, A1 and B; found {shapes}")
    if len({tuple(shape[1:]) for shape in shapes}) != 1:
        raise ValueError(f"images of the three domains must have one height and width; found {list(shapes)}")
    return network, shapes


def generator(network: NetworkConfig, shape_in: Shape, channels_out: int) -> ViTModNet:
    """One generator with Kaiming start weights."""
    return initialise(ViTModNet(shape_in, channels_out, network), "kaiming")


def critic(network: NetworkConfig, channels: int) -> Critic:
    """One critic with N(0, 0.02) start weights; spectral norm is attached afterwards."""
    reduce = network.head == "idt"
    if network.critic == "resnet":
        body = ResNetBody(channels, network.critic_levels, network.critic_blocks, network.critic_norm, reduce)
    else:
        body = NLayersBody(channels, network.critic_levels, network.critic_norm, reduce)
    made = initialise(Critic(body, head(network.head, network.critic_levels[-1])), "normal")
    if network.spectral_norm:
        attach_spectral_norm(body)
    return made


def parameter_count(module: nn.Module) -> int:
    """Trained numbers of a network."""
    return sum(parameter.numel() for parameter in module.parameters())
