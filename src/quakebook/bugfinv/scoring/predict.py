"""Predictions for every trace, and heads from the posterior of the wells' features."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from quakebook.bugfinv.networks.encode import encode_in_chunks
from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.objective.bayes.posterior import Statistics, TaskGroup, posterior


def predict(network: InversionNetwork, inputs: Tensor, device: torch.device | str = "cpu", chunk: int = 256) -> Tensor:
    """Normalised predictions (traces, 3, T), float32 on the CPU."""
    return encode_in_chunks(lambda x: network(x.to(device)).float().cpu(), inputs, chunk, module=network)


@dataclass(frozen=True)
class PosteriorHeads:
    """Heads whose weights are the posterior mean; one covariance per task, as each task has its own noise.

    Attributes
    ----------
    groups : list of TaskGroup
    noise_variance : Tensor, shape (3,)
        Estimated from the residuals at the wells.
    """

    groups: list[TaskGroup]
    noise_variance: Tensor

    def apply(self, network: InversionNetwork, inputs: Tensor, device: torch.device | str = "cpu") -> Tensor:
        """Write the means into the network's heads; return the predictive standard deviation (traces, 3, T).

        The predictive variance of task t is h^T Sigma_t h + s2_t, in normalised units.
        """
        weights, bias = torch.zeros(3, network.n_features), torch.zeros(3)
        for group in self.groups:
            for k, t in enumerate(group.outputs):
                weights[t], bias[t] = group.posterior.mean[k], group.posterior.bias_mean[k]
        network.set_heads(weights, bias)

        def deviation(x: Tensor) -> Tensor:
            h = network.shared_encoder(x.to(device)).double()  # (B, T, d)
            out = torch.empty(h.shape[0], 3, h.shape[1])
            for group in self.groups:
                p = group.posterior.to(torch.float64, h.device)
                q = ((h @ p.covariance + 2 * p.bias_covariance) * h).sum(-1) + p.bias_variance
                out[:, list(group.outputs)] = (q + group.noise_variance).sqrt().float().cpu()[:, None]
            return out

        return encode_in_chunks(deviation, inputs, module=network)


def fit_heads(network: InversionNetwork, x: Tensor, y: Tensor, prior_variance: float) -> PosteriorHeads:
    """Posterior heads from wells x (B, n_in, T), y (B, 3, T), in evaluation mode (no dropout).

    The noise variance of each task is the mean squared residual of a first solution with unit noise.
    """
    features = encode_in_chunks(network.shared_encoder, x)
    h, targets = features.reshape(-1, features.shape[-1]), y.movedim(1, -1).reshape(-1, 3)
    statistics = Statistics.of(h, targets, bias=True)
    (first,) = posterior(statistics, prior_variance, (1.0,) * 3)
    p = first.posterior
    residual = h.double() @ p.mean.T + p.bias_mean - targets.double()
    noise = residual.square().mean(dim=0).clamp_min(1e-6)
    return PosteriorHeads(posterior(statistics, prior_variance, [float(v) for v in noise]), noise.cpu())
