"""Tables and numbers that the chapter's pages show; computing stays in the other modules, drawing in `figures`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import torch

from quakebook.bugfinv import recorded, wavelets
from quakebook.bugfinv.elastic import ElasticModel
from quakebook.bugfinv.figures.training import LABELS
from quakebook.bugfinv.forward import exponents, forward_model
from quakebook.bugfinv.network import InversionNetwork, receptive_field
from quakebook.bugfinv.survey import Survey

#: The README's table, as printed. 0.531 disagrees with its neighbours; 0.0531 is presumably meant.
README = {
    "L-BFGS": ("0.9768", "0.9438", "0.7967", "0.1054"), "CW": ("0.9858", "0.9774", "0.9221", "0.0596"),
    "Nash": ("0.9879", "0.9840", "0.9316", "0.531 [sic]"), "BUGFInv": ("0.9924", "0.9895", "0.9556", "0.0348"),
}
README_COLUMNS = ("PCC (Vp)", "R² (Vs)", "SSIM (ρ)", "NRMSE (overall)")
#: Nash paper, Marmousi2: PCC, R2, SSIM per parameter.
NASH_MARMOUSI2 = {"Vp": (0.9907, 0.9689, 0.9097), "Vs": (0.9906, 0.9673, 0.8917), "rho": (0.9792, 0.9447, 0.9110)}


def myst(frame: pd.DataFrame, name: str, caption: str) -> str:
    """A DataFrame as a numbered table of the book."""
    body = frame.to_markdown(index=False, disable_numparse=True)
    return f"```{{table}} {caption}\n:name: {name}\n\n{body}\n```"


def readme_table() -> pd.DataFrame:
    """The README's table, digits as printed."""
    return pd.DataFrame([(method, *values) for method, values in README.items()], columns=["method", *README_COLUMNS])


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


def log_of(family: str, name: str) -> dict[str, np.ndarray]:
    """The training log of a recorded run."""
    return {key[4:]: value for key, value in recorded.arrays(family, name).items() if key.startswith("log.")}


def recorded_sections(family: str, chosen: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Sections (traces, 3, T) of recorded runs; `chosen` maps a method to its heads."""
    return {f"{LABELS[method]}" + (f", {heads} heads" if method not in ("initial", "lbfgs") else ""):
            recorded.arrays(family, f"{method}-seed0")[f"section.{heads}"] for method, heads in chosen.items()}


def robustness_table() -> pd.DataFrame:
    """Recorded runs against noise and wells: columns method, heads, axis, value, nrmse.overall."""
    table = recorded.score_table("robustness")
    if table.empty:
        return table
    parts = table.name.str.extract(r"-(?P<axis>snr_db|n_wells)(?P<value>\d+)$")
    return table.assign(axis=parts.axis, value=parts.value.astype(float))


def length_table() -> pd.DataFrame:
    """Overall NRMSE of constant weights and Nash: as published, without weight decay, with a gradient of one length."""
    kinds = (("CW, as published", "synthetic", "cw"), ("CW, no weight decay", "decay", "cw"),
             ("CW, shared gradient scaled to length 1", "unit", "cw"), ("Nash, as published", "synthetic", "nash"),
             ("Nash, no weight decay", "decay", "nash"))
    rows = []
    for label, family, method in kinds:
        table = recorded.score_table(family)
        part = table[table.method == method] if len(table) else table
        row = {"training": label}
        for heads in ("trained", "posterior"):
            values = part[part.heads == heads]["nrmse.overall"].to_numpy() if len(part) else np.zeros(0)
            spread = f" ± {values.std(ddof=1):.4f}" if len(values) > 1 else ""
            row[f"{heads} heads"] = f"{values.mean():.4f}{spread}" if len(values) else "–"
        rows.append(row | {"seeds": len(part) // 2})
    return pd.DataFrame(rows)


def marmousi2_table() -> pd.DataFrame:
    """The Nash paper's scores beside ours with the same rule, and with BUGFInv."""
    table = recorded.score_table("marmousi2")
    rows = []
    for key, published in NASH_MARMOUSI2.items():
        for score, value in zip(("pcc", "r2", "ssim"), published, strict=True):
            row = {"score": f"{score.upper().replace('R2', 'R²')} ({key.replace('rho', 'ρ')})",
                   "Nash paper": f"{value:.4f}"}
            for method, heads in (("initial", "trained"), ("lbfgs", "trained"), ("cw", "trained"),
                                  ("nash", "trained"), ("bugfinv", "trained"), ("bugfinv", "posterior")):
                part = table[(table.method == method) & (table.heads == heads)] if len(table) else table
                name = LABELS[method] + (f", {heads}" if method == "bugfinv" else "")
                row[name] = f"{part[f'{score}.{key}'].mean():.4f}" if len(part) else "–"
            rows.append(row)
    return pd.DataFrame(rows)
