"""BUGFInv: the shared gradient is the precision-weighted mean of the tasks' gradients under Bayesian last layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from quakebook.bugfinv.networks.encode import encode_in_chunks
from quakebook.checks import require_finite

from . import checks, layout, options
from .posterior import Statistics, TaskGroup, posterior
from .rows import Fused, fused_gradient


class BUGFInv:
    """Bayesian uncertainty-aware gradient fusion for several regression tasks on one shared representation.

    Each task's last layer gets a Gaussian posterior from the batch and, where known, the full training features. The
    gradient of each task's squared error at each row and feature is then a random number with known mean and
    variance, and the tasks are fused by their precisions (`gradient_moments`, `fuse`).

    Parameters
    ----------
    num_tasks : int
    n_outputs_per_task_group : sequence of int
        Outputs of each task; ``[1, 1, 1]`` for Vp, Vs and density, or ``[3]`` for one group of three.
    agg_scheme_hps : mapping, optional
        ``min_var`` (default 1e-8), the floor of the variances; other keys are accepted and unused, as in the reference.
    reg_hps : mapping, optional
        ``gamma`` 0.001, prior variance of the weights; ``sqrt_power`` 1.0, exponent of the variances; ``obs_noise``
        1.0, noise variance, one number or one per task group.
    model_bias : bool
        Model the heads' bias as one more weight. The reference does not: an offset of the labels is then read as noise.
    feature_dim : int
        Axis of the features in `representation`: -1 for (..., d), 1 for (batch, d, time).
    encoder : callable, optional
        Maps raw inputs to features. With it, `full_train_features` are raw inputs, always; `accumulate` takes features.
    warmup_steps : int
        The first calls of `backward` use the plain sum of the losses.
    max_norm : float
        Clip the norm of dL/dh; 0 switches it off (the default; the regression code clips nothing).
    summary : bool
        Keep the mean weight per task and the clamped fraction of each call in `last`.
    check_finite : bool
        Raise on NaN and infinite values. False saves a wait for the device.
    average_heads : bool
        Average the heads' gradients over the processes of `torch.distributed`, where there are several. Wrap the
        encoder alone in DistributedDataParallel then: its gradients are averaged by that, those of the heads here.
        Each process fuses its own batch with its own posterior.
    """

    def __init__(self, num_tasks: int = 3, n_outputs_per_task_group: Sequence[int] = (1, 1, 1),
                 agg_scheme_hps: Mapping[str, Any] | None = None, reg_hps: Mapping[str, Any] | None = None, *,
                 model_bias: bool = False, feature_dim: int = -1, encoder: Callable[[Tensor], Tensor] | None = None,
                 warmup_steps: int = 0, max_norm: float = 0.0, summary: bool = False, check_finite: bool = True,
                 chunk_rows: int | None = None, average_heads: bool = True) -> None:
        self.options = options.read(num_tasks, n_outputs_per_task_group, agg_scheme_hps, reg_hps)
        self.tasks = {num_tasks, len(self.options.groups)}
        self.average_heads = average_heads
        self.model_bias, self.feature_dim, self.encoder = model_bias, feature_dim, encoder
        self.warmup_steps, self.max_norm = warmup_steps, max_norm
        self.summary, self.check_finite, self.chunk_rows = summary, check_finite, chunk_rows
        self.steps = 0
        self.last: Fused | None = None
        self._full: Statistics | None = None
        self._running: Statistics | None = None

    def backward(self, losses: Tensor | Sequence[Tensor], last_layer_params: Sequence[nn.Parameter],
                 representation: Tensor, labels: Sequence[Tensor] | Tensor, full_train_features: Tensor | None = None,
                 full_train_labels: Sequence[Tensor] | Tensor | None = None) -> None:
        """Put gradients on the heads and on everything below the representation.

        The heads' gradients are those of the sum of `losses` and are assigned (what was there is overwritten). The
        shared gradients come from the fused gradient at the representation and accumulate. The loss values never
        enter the shared gradient: it is that of the squared error under the posterior, averaged over rows.

        Parameters
        ----------
        losses : Tensor, shape (tasks,), or sequence of 0-d Tensors
        last_layer_params : sequence of Parameter
        representation : Tensor
            Shared features with gradient, e.g. (batch, time, d).
        labels : list or tuple of Tensor
            One per task group, of the representation's leading shape, optionally with a last axis of the group's size.
        full_train_features, full_train_labels : optional
            All training features (any leading shape) and their labels. Given: recomputed and kept. Absent: the last
            ones are used. Never given: the prior stands alone.
        """
        checks.differentiable(representation)
        rows, targets = self._rows(representation, labels, "representation", "labels")
        total = checks.stacked(losses, self.tasks, self.check_finite).sum()
        if full_train_features is not None or full_train_labels is not None:
            self.set_full_data(full_train_features, full_train_labels, d=rows.shape[1])
        if self._full is not None and self._full.gram.shape[0] != rows.shape[1] + int(self.model_bias):
            raise ValueError(f"the representation has {rows.shape[1]} features; the full training features had "
                             f"{self._full.gram.shape[0] - int(self.model_bias)}")
        parameters = list(last_layer_params)
        checks.head_gradients(total, parameters)
        if self.average_heads:
            checks.average_over_processes(parameters)
        self.steps += 1
        if self.steps <= self.warmup_steps:
            (gradient,) = torch.autograd.grad(total, [representation], retain_graph=True)
        else:
            gradient = layout.like(self._fuse(rows, targets), representation, self.feature_dim)
        representation.backward(gradient=gradient)

    def posterior(self, features: Tensor | None = None, labels: Tensor | None = None) -> list[TaskGroup]:
        """Posterior of the heads from the kept full data, plus a batch of rows (rows, d), (rows, outputs) if given."""
        statistics = self._full
        if features is not None:
            batch = Statistics.of(features, labels, self.model_bias)
            statistics = batch if statistics is None else statistics.to(batch.gram.device) + batch
        if statistics is None:
            raise ValueError("no full training data yet: give `full_train_features`, or `accumulate` and `end_epoch`")
        return posterior(statistics, self.options.prior_variance, self.options.noise_variances)

    def set_full_data(self, features: Tensor, labels: Sequence[Tensor] | Tensor, d: int | None = None) -> None:
        """Replace the kept full data by these features (with `encoder`: raw inputs) and labels."""
        self._full = self._statistics(features, labels, d, self.encoder)

    def accumulate(self, features: Tensor, labels: Sequence[Tensor] | Tensor) -> None:
        """Add features seen in this epoch to the running sums, which `end_epoch` makes the full data."""
        new = self._statistics(features, labels)
        self._running = new if self._running is None else self._running + new

    def end_epoch(self) -> None:
        """Make the accumulated sums the full data, and start anew. Without any, the last full data stay."""
        if self._running is not None:
            self._full, self._running = self._running, None

    def state_dict(self) -> dict[str, Any]:
        """Kept sums and step count, as plain tensors and numbers."""
        keep = {name: value for name, value in (("full", self._full), ("running", self._running)) if value is not None}
        return {"steps": self.steps, **{k: {"gram": s.gram, "cross": s.cross, "rows": s.rows} for k, s in keep.items()}}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        self.steps = int(state["steps"])
        self._full, self._running = (
            Statistics(state[k]["gram"], state[k]["cross"], int(state[k]["rows"]), self.model_bias) if k in state
            else None for k in ("full", "running"))

    def _fuse(self, rows: Tensor, targets: Tensor) -> Tensor:
        self.last = fused_gradient(rows, targets, self.posterior(rows, targets), sqrt_power=self.options.sqrt_power,
                                   min_var=self.options.min_var, summary=self.summary, chunk_rows=self.chunk_rows)
        gradient = self.last.gradient
        if self.max_norm > 0.0:
            gradient = gradient * (self.max_norm / gradient.norm().clamp_min(self.max_norm))
        return gradient

    def _rows(self, features: Tensor, labels: Sequence[Tensor] | Tensor, name: str, label_name: str
              ) -> tuple[Tensor, Tensor]:
        rows = layout.rows_of(features.detach(), self.feature_dim if features.ndim > 2 else -1)
        rows = rows.to(layout.compute_dtype(rows.dtype))
        leading = features.movedim(self.feature_dim, -1).shape[:-1] if features.ndim > 2 else features.shape[:-1]
        targets = layout.label_rows(labels, leading, self.options.groups, rows, label_name)
        if self.check_finite:
            require_finite(**{name: rows, label_name: targets})
        return rows, targets

    def _statistics(self, features: Tensor | None, labels: Any, d: int | None = None,
                    encoder: Callable[[Tensor], Tensor] | None = None) -> Statistics:
        if features is None or labels is None:
            raise ValueError("`full_train_features` and `full_train_labels` belong together; one of them is missing")
        if not isinstance(features, Tensor):
            raise ValueError("`full_train_features` must be a tensor (torch.from_numpy makes one); found "
                             f"{type(features).__name__}")
        features = features.detach() if encoder is None else encode_in_chunks(encoder, features.detach())
        width = features.shape[self.feature_dim if features.ndim > 2 else -1]
        if d is not None and width != d:
            advice = "; for raw inputs give `encoder=` to BUGFInv" if encoder is None else " from `encoder`"
            raise ValueError(f"`full_train_features` must be features: {d} of them are expected on axis "
                             f"{self.feature_dim}, found shape {tuple(features.shape)}{advice}")
        return Statistics.of(*self._rows(features, labels, "full_train_features", "full_train_labels"),
                             self.model_bias)
