"""Tables and numbers that the chapter's pages show; computing stays in the other modules, drawing in `figures`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from quakebook.bugfinv.figures.ranking import COLUMNS
from quakebook.bugfinv.figures.training import LABELS
from quakebook.bugfinv.recorded import read as recorded
from quakebook.bugfinv.scoring.metrics import KEYS
from quakebook.bugfinv.settings import UNTRAINED

from .sentences import bullets, not_recorded, ordering

#: Part of normal errors within one and two standard deviations, and how far from it a width is called right.
NORMAL, TOLERANCE = (0.683, 0.954), 0.05

#: The README's table, as printed. 0.531 disagrees with its neighbours; 0.0531 is presumably meant.
README = {
    "L-BFGS": ("0.9768", "0.9438", "0.7967", "0.1054"), "CW": ("0.9858", "0.9774", "0.9221", "0.0596"),
    "Nash": ("0.9879", "0.9840", "0.9316", "0.531 [sic]"), "BUGFInv": ("0.9924", "0.9895", "0.9556", "0.0348"),
}
README_COLUMNS = ("PCC (Vp)", "R² (Vs)", "SSIM (ρ)", "NRMSE (overall)")
#: Nash paper, Marmousi2: PCC, R2, SSIM per parameter.
NASH_MARMOUSI2 = {"Vp": (0.9907, 0.9689, 0.9097), "Vs": (0.9906, 0.9673, 0.8917), "rho": (0.9792, 0.9447, 0.9110)}


def readme_table() -> pd.DataFrame:
    """The README's table, digits as printed."""
    return pd.DataFrame([(method, *values) for method, values in README.items()], columns=["method", *README_COLUMNS])


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


def headline_table(table: pd.DataFrame) -> pd.DataFrame:
    """The README's four columns: mean (and standard deviation over seeds) per method and heads, best error first."""
    rows = []
    order = table.groupby(["method", "heads"])["nrmse.overall"].mean().sort_values(ascending=False)
    for method, heads in order.index:
        part = table[(table.method == method) & (table.heads == heads)]
        row = {"method": LABELS.get(method, method), "heads": heads if method not in UNTRAINED else "–"}
        for column, name in COLUMNS.items():
            values = part[column].to_numpy()
            spread = f" ± {values.std(ddof=1):.4f}" if len(values) > 1 else ""
            row[name] = f"{values.mean():.4f}{spread}"
        rows.append(row | {"seeds": len(part)})
    return pd.DataFrame(rows)


def ranking_sentences(table: pd.DataFrame) -> str:
    """What the recorded runs show of the README's order, line by line."""
    pairs = [(("initial", "trained"), ("lbfgs", "trained")), (("lbfgs", "trained"), ("cw", "trained")),
             (("cw", "trained"), ("nash", "trained")), (("cw", "trained"), ("bugfinv", "trained")),
             (("nash", "trained"), ("bugfinv", "trained")), (("cw", "posterior"), ("bugfinv", "posterior")),
             (("nash", "posterior"), ("bugfinv", "posterior")), (("bugfinv", "trained"), ("bugfinv", "posterior"))]
    return bullets([ordering(table, *pair) for pair in pairs])


def length_sentence() -> str:
    """Does Nash win by its direction or by its step length? Constant weights with steps of unit length beside both."""
    parts = {"cw": recorded.score_table("synthetic"), "unit": recorded.score_table("unit")}
    if parts["cw"].empty or parts["unit"].empty:
        return not_recorded("unit/*")
    table = pd.concat([parts["cw"], parts["unit"].assign(method="cw_unit")])
    pairs = ((("cw", "trained"), ("nash", "trained")), (("cw", "trained"), ("cw_unit", "trained")),
             (("nash", "trained"), ("cw_unit", "trained")))
    return " ".join(ordering(table, *pair) for pair in pairs)


def calibration_sentences(metrics: Mapping[str, float], std: np.ndarray) -> str:
    """What the error bars are worth: coverage of one and two deviations, their rank correlation, their variation.

    `std` (traces, 3, T) is the predicted deviation; within a flat map no error can be told from another.
    """
    lines = []
    for k, key in enumerate(KEYS):
        inside = [metrics[f"calibration.within{n}sd.{key}"] for n in (1, 2)]
        judged = "too wide" if inside[0] > NORMAL[0] + TOLERANCE else \
            "too narrow" if inside[0] < NORMAL[0] - TOLERANCE else "of the right width"
        flat = float(std[:, k].std() / std[:, k].mean())
        lines.append(f"**{key.replace('rho', 'Density')}**: one deviation holds {inside[0]:.0%} of the errors at blind "
                     f"traces, two hold {inside[1]:.0%} (of normal errors {NORMAL[0]:.0%} and {NORMAL[1]:.0%}): the "
                     f"bars are {judged}. The predicted deviation varies by {flat:.0%} over the volume, and its rank "
                     f"correlation with the absolute error is {metrics[f'calibration.spearman.{key}']:.2f}.")
    return bullets(lines)
