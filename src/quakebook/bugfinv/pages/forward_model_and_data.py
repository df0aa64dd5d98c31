"""Numbers and tables of the page on forward model and data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from quakebook.bugfinv.data import wavelets
from quakebook.bugfinv.data.forward import exponents, forward_model
from quakebook.bugfinv.data.survey import Survey
from quakebook.bugfinv.figures.scheme import STAGES
from quakebook.bugfinv.networks.inversion import InversionNetwork, receptive_field
from quakebook.data.elastic.model import ElasticModel


def forward_metrics(survey: Survey, model: ElasticModel) -> dict[str, float]:
    """Numbers of the published forward model and network, and the checks of the data."""
    matrix, ormsby = exponents(), wavelets.ormsby(0.001)
    log = [torch.from_numpy(x[0, 0].astype(np.float64)) for x in (model.vp, model.vs, model.rho)]
    correlation = np.corrcoef([model.vp.ravel(), model.vs.ravel(), model.rho.ravel()])
    return {
        "forward.a30": float(matrix[5, 0]), "forward.b30": float(matrix[5, 1]), "forward.c30": float(matrix[5, 2]),
        "forward.ormsby_minimum": float(ormsby.min()), "forward.wavelet_samples": len(ormsby),
        "forward.tanh_error": tanh_error(*log), "forward.weakest": float(torch.linalg.svdvals(matrix)[2]),
        "network.parameters": sum(p.numel() for p in InversionNetwork().parameters()),
        "network.receptive_field": receptive_field(),
        "model.vp_vs_correlation": float(correlation[0, 1]), "model.vp_rho_correlation": float(correlation[0, 2]),
        "model.smallest_vp_vs": float((model.vp / model.vs).min())}


def tanh_error(vp: torch.Tensor, vs: torch.Tensor, rho: torch.Tensor) -> float:
    """Largest difference between the tanh form and the ratio of impedances as published, in float64."""
    unit = torch.zeros(3, dtype=torch.float64)
    unit[1] = 1.0
    found = forward_model(vp, vs, rho, wavelet=unit)
    impedance = torch.stack([vp**a * vs**b * rho**c for a, b, c in exponents()])
    ratio = torch.diff(impedance, dim=1) / (impedance[:, 1:] + impedance[:, :-1])
    return float((found[:, 1:] - ratio).abs().max())


def layer_table(network: InversionNetwork) -> pd.DataFrame:
    """One row per stage: output shape and parameters, counted on the network itself."""
    parts = [*network.encoder, *network.regression]
    widths = [block.body[0].out_channels for block in network.encoder] + [r[0].out_channels for r in network.regression]
    rows = [(name, f"[B, {width}, T]", sum(p.numel() for p in part.parameters()))
            for name, part, width in zip(STAGES, parts, widths, strict=False)]
    rows.append(("heads", "[B, 3, T]", sum(p.numel() for p in network.task_specific_parameters())))
    rows.append(("total", "", sum(p.numel() for p in network.parameters())))
    return pd.DataFrame(rows, columns=["stage", "output", "parameters"])
