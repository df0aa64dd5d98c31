"""One inversion network in training: all wells in every batch, one rule for the shared gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from quakebook.training.experiment import Experiment

from .data.survey import Survey
from .networks.inversion import InversionNetwork
from .objective import rules
from .objective.gramian import cosines, gramian_of
from .objective.losses import criterion, supervision_share
from .objective.seismic_loss import PhysicsLoss
from .scoring.metrics import KEYS, scores
from .scoring.predict import fit_heads, predict
from .settings import BUGFInvConfig

PAIRS = ((0, 1), (0, 2), (1, 2))


class Inversion(Experiment):
    """Train on the wells of a survey; at the end invert every trace, with trained and with posterior heads."""

    monitor = "validation.nrmse.overall"

    def __init__(self, cfg: BUGFInvConfig, survey: Survey) -> None:
        self.cfg, self.survey = cfg, survey
        self.rule = rules.make(cfg)
        self.criterion = criterion(cfg.objective.loss)
        self.taken = 0

    def build(self) -> None:
        n = self.cfg.network
        self.networks = {"inversion": InversionNetwork(9 if n.lowfreq_input else 6, n.channels, n.regression,
                                                       n.dropout, n.init)}

    def configure(self) -> None:
        o = self.cfg.optimiser
        self.optimisers = {"inversion": torch.optim.Adam(self.networks["inversion"].parameters(), lr=o.lr,
                                                         weight_decay=o.weight_decay)}

    def prepare(self, device: torch.device) -> None:
        s = self.survey
        self.inputs = network_inputs(s, self.cfg.network.lowfreq_input)
        train, free = torch.as_tensor(s.train), torch.as_tensor(s.unlabelled)
        self.x, self.y = self.inputs[train].to(device), s.labels[train].to(device)
        self.free_x, self.free_gathers = self.inputs[free].to(device), s.gathers[free].to(device)
        self.physics = None
        if self.cfg.objective.physics_mode != "off":
            self.physics = PhysicsLoss(s.forward, s.mean.to(device), s.std.to(device), s.floor.to(device),
                                       s.seismic_mean, s.seismic_std, self.criterion, self.cfg.objective.physics_mode)
        if self.cfg.optimiser.pretrain_low:
            self._pretrain(device)

    def batch(self, step: int) -> dict[str, Tensor]:
        return {"x": self.x, "y": self.y, "epoch": torch.tensor(float(step))}

    def step(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        self.optimisers["inversion"].zero_grad(set_to_none=True)
        network = self.original("inversion")
        features, prediction = self._forward(batch["x"])
        losses = self._losses(prediction, batch["y"])
        log = {f"loss.{name}": loss for name, loss in zip(KEYS, losses.detach().unbind(), strict=True)}
        log |= self._conflict(losses, features)
        used, seismic = self._with_physics(losses, float(batch["epoch"]))
        rule_log = self.rule(used, network, features, batch["y"])
        if seismic is not None:
            log["loss.seismic"] = seismic.detach()
            if self.cfg.objective.method == "bugfinv" and self.cfg.objective.physics_mode == "on":
                share = 1.0 - supervision_share(float(batch["epoch"]))
                rules.add_plain(self.cfg.objective.physics.weight * share / self.cfg.objective.physics.factor * seismic,
                                network.shared_parameters())
        if self.cfg.objective.solver.unit_norm:
            rules.to_unit_length(network)
        self.clip("inversion")
        self.optimisers["inversion"].step()
        if hasattr(self.rule, "after"):
            with torch.no_grad():
                later = self._losses(self._forward(batch["x"])[1], batch["y"])
                self.rule.after(self._with_physics(later, float(batch["epoch"]))[0])
        weights = rule_log.pop("weights")
        return log | {f"weight.{name}": w for name, w in zip(KEYS, weights.detach().unbind(), strict=True)} | rule_log

    def validate(self, step: int) -> dict[str, float]:
        chosen = torch.as_tensor(self.survey.validation)
        volume = self.survey.physical(predict(self.averaged("inversion"), self.inputs[chosen], self.device,
                                              self.cfg.evaluation.batch_size))
        found = scores(volume.numpy(), self.survey.true[chosen].numpy(), (1, len(chosen)), ssim=False)
        return {f"validation.{key}": value for key, value in found.items()}

    def finish(self, run: Any) -> None:
        from .scoring.volumes import report_volumes

        network, batch = self.averaged("inversion").eval(), self.cfg.evaluation.batch_size
        trained = self.survey.physical(predict(network, self.inputs, self.device, batch))
        state = self.weights("inversion")
        heads = fit_heads(network, self.x, self.y, self.cfg.objective.bayes.heads_prior)
        std = heads.apply(network, self.inputs, self.device)
        posterior = self.survey.physical(predict(network, self.inputs, self.device, batch))
        volumes = {"trained": trained, "posterior": posterior, "std": std * self.survey.std[:, None]}
        report_volumes(run, self.survey, volumes)
        run.save_checkpoint("model", {"inversion": state})

    def state_dict(self) -> dict[str, Any]:
        return self.rule.state_dict() if hasattr(self.rule, "state_dict") else {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if hasattr(self.rule, "load_state_dict"):
            self.rule.load_state_dict(state)

    def _forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, T, d) and predictions (B, 3, T).

        Under mixed precision Fabric insists on its own backward, which cannot fuse gradients: the bare network then
        runs in an autocast of our own.
        """
        if self.cfg.training.precision != "bf16-mixed":
            return self.networks["inversion"](x, with_features=True)
        with torch.autocast(x.device.type, torch.bfloat16):
            return self.original("inversion")(x, with_features=True)

    def _losses(self, prediction: Tensor, labels: Tensor) -> Tensor:
        """The criterion of each task (3,)."""
        return torch.stack([self.criterion(prediction[:, t].to(labels), labels[:, t]) for t in range(3)])

    def _conflict(self, losses: Tensor, features: Tensor) -> dict[str, Tensor]:
        """Cosines between the task gradients at the shared features."""
        gramian, _ = gramian_of(losses, [features])
        found = cosines(gramian)
        return {f"cosine.{KEYS[a]}-{KEYS[b]}": found[a, b] for a, b in PAIRS}

    def _with_physics(self, losses: Tensor, epoch: float) -> tuple[Tensor, Tensor | None]:
        """Task losses s L_t + u L_seis / factor; BUGFInv's losses stay as they are."""
        if self.physics is None:
            return losses, None
        _, prediction = self._forward(self.free_x)
        seismic = self.physics(prediction.to(self.free_gathers), self.free_gathers)
        if self.cfg.objective.method == "bugfinv":
            return losses, seismic
        s = supervision_share(epoch)
        return s * losses + (1.0 - s) * seismic / self.cfg.objective.physics.factor, seismic

    def _pretrain(self, device: torch.device) -> None:
        """Fit the initial model on all traces, in batches of 100."""
        network = self.original("inversion")
        adam = torch.optim.Adam(network.parameters(), lr=self.cfg.optimiser.lr)
        target = (self.survey.initial - self.survey.mean[:, None]) / self.survey.std[:, None]
        generator = torch.Generator().manual_seed(self.cfg.training.seed)
        for _ in range(self.cfg.optimiser.pretrain_low):
            rows = torch.randint(len(target), (min(100, len(target)),), generator=generator)
            adam.zero_grad(set_to_none=True)
            torch.nn.functional.mse_loss(network(self.inputs[rows].to(device)), target[rows].to(device)).backward()
            adam.step()


def network_inputs(survey: Survey, lowfreq: bool) -> Tensor:
    """Normalised gathers (traces, 6, T), with the normalised initial model as three more channels if asked for."""
    if not lowfreq:
        return survey.gathers
    return torch.cat([survey.gathers, (survey.initial - survey.mean[:, None]) / survey.std[:, None]], dim=1)
