"""One training step with the published mathematics and about half of its arithmetic.

What is left out changes no weight: two of three generator forwards (BatchNorm's running statistics then need
another momentum, see `networks.SHARED_FORWARD_MOMENTUM`), the discriminator's look at real curves in the
generator's half of the step, and the discriminator's weight gradients there. No number is read back to the host.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from .losses import Weights, adversarial_loss, data_loss, discriminator_loss, generator_loss

Backward = Callable[[Tensor], None]
Clip = Callable[[str], None]


def no_clip(network: str) -> None:
    """Leave the gradients of a network as they are, as published."""


def data_step(generator: nn.Module, optimiser: Optimizer, backward: Backward, x: Tensor, y: Tensor,
              clip: Clip = no_clip) -> dict[str, Tensor]:
    """BCE only.

    Parameters
    ----------
    generator : Module
        Called as ``generator(x, logits=True)``.
    optimiser : Optimizer
    backward : callable
        Takes the loss (Fabric's backward, or ``Tensor.backward``).
    x, y : Tensor, shape (b, 3, samples)
        Waveforms and labels.
    clip : callable
        Takes the name of a network, "generator" or "discriminator", whose gradients are ready.

    Returns
    -------
    dict
        Detached scalars under the published metric names.
    """
    optimiser.zero_grad(set_to_none=True)
    loss = data_loss(generator(x, logits=True), y)
    backward(loss)
    clip("generator")
    optimiser.step()
    return {"g_data_loss": loss.detach(), "g_loss": loss.detach()}


def adversarial_step(generator: nn.Module, discriminator: nn.Module, optimisers: dict[str, Optimizer],
                     backward: Backward, x: Tensor, y: Tensor, weights: Weights,
                     published_statistics: bool = False, clip: Clip = no_clip) -> dict[str, Tensor]:
    """Hybrid or GAN only: first the discriminator, then the generator, once each.

    Parameters
    ----------
    optimisers : dict
        Keys "generator" and "discriminator".
    weights : Weights
    published_statistics : bool
        Also show real curves to the updated discriminator, as the published step does for a log line. This moves
        only the discriminator's running statistics (used for its tracked logits), never a weight.
    """
    logits = generator(x, logits=True)
    fake = torch.sigmoid(logits)
    optimisers["discriminator"].zero_grad(set_to_none=True)
    d_real, d_fake = discriminator(torch.cat([y, x], 1)), discriminator(torch.cat([fake.detach(), x], 1))
    d_loss = discriminator_loss(d_real, d_fake)
    backward(d_loss)
    clip("discriminator")
    optimisers["discriminator"].step()

    if published_statistics:
        with torch.no_grad():
            discriminator(torch.cat([y, x], 1))
    optimisers["generator"].zero_grad(set_to_none=True)
    discriminator.requires_grad_(False)
    judged = discriminator(torch.cat([fake, x], 1))
    gan = adversarial_loss(judged)
    data = data_loss(logits if weights.data else logits.detach(), y)
    loss = generator_loss(gan, data, weights)
    backward(loss)
    discriminator.requires_grad_(True)
    clip("generator")
    optimisers["generator"].step()
    return {"g_data_loss": data.detach(), "g_loss": loss.detach(), "g_SGAN_loss": gan.detach(),
            "g_SGAN_fake": judged.detach().mean(), "d_loss": d_loss.detach(), "d_SGAN_loss": d_loss.detach(),
            "d_SGAN_real": d_real.detach().mean(), "d_SGAN_fake": d_fake.detach().mean()}
