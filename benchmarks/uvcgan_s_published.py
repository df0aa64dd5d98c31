"""One published training step of UVCGAN-S, written out plainly: the oracle of our step, and of its speed."""

from __future__ import annotations

import copy
import itertools
import types
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def plain(networks: nn.ModuleDict) -> nn.ModuleDict:
    """A copy whose layers compute as PyTorch's own do: convolutions, batch norms, doubled images, weights divided by
    their spectral norm, and attention that also returns its weights."""
    copied = copy.deepcopy(networks)
    for layer in copied.modules():
        for kind in (nn.Conv2d, nn.BatchNorm2d):
            if isinstance(layer, kind):
                layer.forward = types.MethodType(kind.forward, layer)
        if isinstance(layer, nn.Sequential) and len(layer) and isinstance(layer[0], nn.Upsample):
            layer.forward = types.MethodType(nn.Sequential.forward, layer)
        if hasattr(layer, "atten"):
            layer.forward = types.MethodType(attend, layer)
    return copied


def attend(block: nn.Module, x: Tensor) -> Tensor:
    """A transformer block as published: with attention weights, which nobody reads."""
    y = block.norm1(x)
    x = x + block.re_alpha * block.atten(y, y, y)[0]
    return x + block.re_alpha * block.ffn(block.norm2(x))


def log(x: Tensor) -> Tensor:
    """Image values to those of the network."""
    return torch.log(x + 0.1)


def unlog(y: Tensor) -> Tensor:
    """The network's values to those of images."""
    return torch.exp(y) - 0.1


class PublishedStep:
    """Six generator passes with a backward each, then three critics one after the other; plain Adam and EMA."""

    def __init__(self, networks: nn.ModuleDict, averages: list[nn.Module], *, lr: float = 5e-5, penalty: float = 0.01,
                 cycle: tuple[float, float, float] = (10.0, 100.0, 10.0), clip: float = 0.5, momentum: float = 0.9999,
                 forward: Callable[[Tensor], Tensor] = log, inverse: Callable[[Tensor], Tensor] = unlog) -> None:
        self.n, self.averages, self.momentum = networks, averages, momentum
        self.penalty, self.cycle, self.clip, self.forward, self.inverse = penalty, cycle, clip, forward, inverse
        self.generators = [*networks.gen_ab.parameters(), *networks.gen_ba.parameters()]
        self.critics = list(itertools.chain(networks.disc_a0.parameters(), networks.disc_a1.parameters(),
                                            networks.disc_b.parameters()))
        self.gen = torch.optim.Adam(self.generators, lr=lr, betas=(0.5, 0.99))
        self.disc = torch.optim.Adam(self.critics, lr=lr, betas=(0.5, 0.99))
        self.random = torch.Generator().manual_seed(0)

    def __call__(self, a0: Tensor, a1: Tensor, b: Tensor) -> dict[str, float]:
        """Train on images (B, C, H, W) of the three domains and read all losses."""
        cyc0, cyc1, cyc_b = self.cycle
        fwd, inv, n, channels, parts = self.forward, self.inverse, self.n, a0.shape[1], {}
        a = torch.cat([a0, a1], 1)
        for parameter in self.critics:
            parameter.requires_grad_(False)
        self.gen.zero_grad()

        mixed = n.gen_ab(fwd(a))
        fake_b, reco = inv(mixed), inv(n.gen_ba(mixed))
        parts["gen_ab"] = -n.disc_b(fake_b).mean()
        parts["cycle_a0"], parts["cycle_a1"] = F.l1_loss(reco[:, :channels], a0), F.l1_loss(reco[:, channels:], a1)
        (parts["gen_ab"] + 0.5 * cyc0 * parts["cycle_a0"] + 0.5 * cyc1 * parts["cycle_a1"]).backward()

        split = n.gen_ba(fwd(b))
        fake_a, reco_b = inv(split), inv(n.gen_ab(split))
        parts["gen_ba0"] = -n.disc_a0(fake_a[:, :channels]).mean()
        parts["gen_ba1"] = -n.disc_a1(fake_a[:, channels:]).mean()
        parts["cycle_b"] = F.l1_loss(reco_b, b)
        (0.5 * parts["gen_ba0"] + 0.5 * parts["gen_ba1"] + cyc_b * parts["cycle_b"]).backward()

        parts["idt_bb"] = F.l1_loss(inv(n.gen_ab(fwd(torch.cat([b, torch.zeros_like(a1)], 1)))), b)
        (0.5 * cyc_b * parts["idt_bb"]).backward()

        same = inv(n.gen_ba(fwd(a0 + a1)))
        parts["idt_aa_a0"], parts["idt_aa_a1"] = F.l1_loss(same[:, :channels], a0), F.l1_loss(same[:, channels:], a1)
        (0.5 * 0.5 * (cyc0 * parts["idt_aa_a0"] + cyc1 * parts["idt_aa_a1"])).backward()

        torch.nn.utils.clip_grad_norm_(self.generators, self.clip)
        self.gen.step()

        for parameter in self.critics:
            parameter.requires_grad_(True)
        self.disc.zero_grad()
        rows = (("b", n.disc_b, b, fake_b, 1.0), ("a0", n.disc_a0, a0, fake_a[:, :channels], 0.5),
                ("a1", n.disc_a1, a1, fake_a[:, channels:], 0.5))
        for name, critic, real, fake, share in rows:
            parts |= self.train_critic(name, critic, real, fake.detach(), share)
        torch.nn.utils.clip_grad_norm_(self.critics, self.clip)
        self.disc.step()
        with torch.no_grad():
            for average, network in ((self.averages[0], n.gen_ab), (self.averages[1], n.gen_ba)):
                for kept, now in zip((*average.parameters(), *average.buffers()),
                                     (*network.parameters(), *network.buffers()), strict=True):
                    kept.lerp_(now, 1 - self.momentum)
        return {key: float(value.detach()) for key, value in parts.items()}

    def train_critic(self, name: str, critic: nn.Module, real: Tensor, fake: Tensor, share: float) -> dict[str, Tensor]:
        """Penalty on its own, then real and fake images; the gradients are copied for a cache that is never read."""
        alpha = torch.rand(1, generator=self.random)
        point = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
        value = critic(point).mean(dim=(1, 2, 3))
        slope = torch.autograd.grad(value, point, torch.ones_like(value), create_graph=True)[0]
        charge = self.penalty * (slope.flatten(1).norm(dim=1) ** 2).mean()
        charge.backward()
        kept = [p.grad.detach().clone() if p.grad is not None else None for p in critic.parameters()]
        real_loss = F.relu(1 - critic(real)).mean()
        fake_loss = F.relu(1 + critic(fake)).mean()
        loss = 0.5 * share * (real_loss + fake_loss)
        loss.backward()
        del kept
        return {f"gp_{name}": charge, f"disc_{name}": loss}
