"""What the page on inversion says of the weighting by precision, and of a fair comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd

from quakebook.bugfinv.figures.training import LABELS
from quakebook.bugfinv.recorded import read as recorded
from quakebook.bugfinv.recorded.plan import RATES
from quakebook.bugfinv.studies.orderings import of_table

from .sentences import bullets, not_recorded, ordering

PRECISION, EQUAL = ("bugfinv", "posterior"), ("bugfinv_equal", "posterior")
CRITERION = "nrmse.overall"


def share_metrics() -> dict[str, tuple[float, float]]:
    """Mean and standard deviation over seeds of every number of the recorded studies of shares; empty without any."""
    values: dict[str, list[float]] = {}
    for run in recorded.runs("shares"):
        for key, value in run["scores"].items():
            values.setdefault(key.split(".", 2)[-1], []).append(value)
    return {key: (float(np.mean(v)), float(np.std(v, ddof=1)) if len(v) > 1 else 0.0) for key, v in values.items()}


def share_sentences(values: dict[str, tuple[float, float]] | None = None) -> str:
    """How the shares are distributed, and how far the fused gradient is from the plain mean."""
    values = share_metrics() if values is None else values
    if not values:
        return not_recorded("shares/*")
    mean = {key: value for key, (value, _) in values.items()}
    ranks = {rank: mean[f"share.residual_{rank}"] for rank in ("smallest", "largest")}
    follows = ("The variance of a gradient grows with the residual, so the task that fits a row worst is listened to "
               "least" if ranks["largest"] < ranks["smallest"] else
               "The task that fits a row worst is not listened to least")
    return (f"The *mean* share of a task is one third, but single shares are not: their standard deviation over rows "
            f"and features is {mean['share.sd']:.2f}, in {mean['share.over_half']:.0%} of the entries one task has "
            f"more than half, and in {mean['sign_conflict']:.0%} the expected gradients differ in sign. The cosine "
            f"between the fused gradient and the plain mean of the same gradients is {mean['cosine.features']:.2f} at "
            f"the features and {mean['cosine.encoder']:.2f} in the encoder. {follows}: a mean share of "
            f"{ranks['largest']:.2f} against {ranks['smallest']:.2f} for the task that fits it best.")


def ablation_sentences(families: tuple[str, ...] = ("synthetic", "geology")) -> str:
    """Equal weights, everything else the same, beside weights by precision: one line per geology and reading."""
    titles = {"synthetic": "Embedded model", "geology": "A second geology and noise", "marmousi2": "Marmousi2"}
    lines = []
    for family in families:
        table = recorded.score_table(family)
        for heads in ("posterior", "trained"):
            first, second = ("bugfinv", heads), ("bugfinv_equal", heads)
            if of_table(table, first, second) is None:
                lines.append(f"{titles[family]}, {heads} heads. {not_recorded(family + '/bugfinv*')}")
            else:
                lines.append(f"{titles[family]}. {ordering(table, first, second)}")
    return bullets(lines)


def finding() -> str:
    """The first sentence of the page: what the weighting by precision does to the error, with its verdict."""
    table = recorded.score_table("synthetic")
    found = of_table(table, PRECISION, EQUAL)
    if found is None:
        return f"Does weighing the tasks by their precision help? {not_recorded('synthetic/bugfinv_equal*')}"
    said = {"less": "costs accuracy", "more": "gains accuracy"}.get(found.verdict)
    numbers = ordering(table, PRECISION, EQUAL)
    if said is None:
        return f"Whether weighing the tasks by their precision helps is undecided on the embedded model. {numbers}"
    return f"Weighing the tasks by their precision {said} on the embedded model. {numbers}"


def rates_table() -> pd.DataFrame:
    """Per method and heads: the learning rate with the smallest mean error at the validation traces, and its scores.

    The choice sees the validation traces only, and only seeds that were trained with every rate; errors are those at
    blind traces (none of them a well; the thirteen validation traces are among them). Columns: method, heads, rate,
    at_edge (the smallest or the largest rate was chosen), validation, searched (seeds that the choice saw), seeds (that
    were trained with the chosen rate), errors (at blind traces, by seed). A method without such a seed is left out.
    """
    validation, blind = recorded.score_table("rates", "validation"), recorded.score_table("rates", "blind")
    if validation.empty:
        return pd.DataFrame()
    rates = {frame: frame_table.assign(rate=_rate(frame_table)) for frame, frame_table in
             (("validation", validation), ("blind", blind))}
    rows = []
    for (method, heads), part in rates["validation"].groupby(["method", "heads"]):
        grid = part.pivot(index="rate", columns="seed", values=CRITERION).reindex(RATES).dropna(axis="columns")
        if grid.empty:
            continue
        means = grid.mean(axis="columns")
        rate = float(means.idxmin())
        chosen = rates["blind"].query("method == @method and heads == @heads and rate == @rate").sort_values("seed")
        rows.append({"method": method, "heads": heads, "rate": rate,
                     "at_edge": rate in (means.index[0], means.index[-1]),
                     "validation": float(means.min()), "searched": grid.shape[1], "seeds": len(chosen),
                     "errors": chosen.set_index("seed")[CRITERION]})
    return pd.DataFrame(rows)


def _rate(table: pd.DataFrame) -> pd.Series:
    return table.name.str.extract(r"-lr([\d.e-]+)-seed")[0].astype(float)


def tuned_scores(table: pd.DataFrame) -> pd.DataFrame:
    """The chosen runs as a score table: method, heads, seed, nrmse.overall."""
    return pd.DataFrame([{"method": row.method, "heads": row.heads, "seed": seed, CRITERION: value}
                         for row in table.itertuples() for seed, value in row.errors.items()])


def tuned_table() -> pd.DataFrame:
    """For the page: method, heads, learning rate, blind error, smallest first; empty if not recorded."""
    table = rates_table()
    if table.empty:
        return table
    table = table.assign(error=table.errors.map(lambda e: e.mean())).sort_values("error")
    spread = table.errors.map(lambda e: f" ± {e.std(ddof=1):.4f}" if len(e) > 1 else "")
    edge = table.at_edge.map({True: " (edge)", False: ""})
    return pd.DataFrame({"method": table.method.map(LABELS), "heads": table["heads"],
                         "learning rate": table.rate.map("{:g}".format) + edge,
                         "NRMSE (overall), blind traces": table.error.map("{:.4f}".format) + spread,
                         "seeds searched": table.searched, "seeds": table.seeds})


def tuned_sentences() -> str:
    """Orderings with each method at its own learning rate."""
    table = rates_table()
    if table.empty:
        return not_recorded("rates/*")
    scores = tuned_scores(table)
    pairs = [(("cw", "posterior"), ("nash", "posterior")), (("cw_unit", "posterior"), ("nash", "posterior")),
             (("cw", "posterior"), PRECISION), (("nash", "posterior"), PRECISION), (PRECISION, EQUAL),
             (("bugfinv_unit", "posterior"), ("equal_unit", "posterior")), (("cw", "posterior"), ("famo", "posterior")),
             (("cw", "posterior"), ("uncertainty", "posterior"))]
    return bullets([ordering(scores, *pair) for pair in pairs])


def family_table(family: str) -> pd.DataFrame:
    """Error over all traces of one recorded set, mean ± deviation over seeds, smallest first; empty if not recorded."""
    table = recorded.score_table(family)
    if table.empty:
        return table
    table = table.assign(run=table.name.str.replace(r"-seed\d+$", "", regex=True))
    grouped = table.groupby(["run", "method", "heads"])[CRITERION]
    frame = grouped.agg(["mean", "std", "size"]).reset_index().sort_values("mean")
    suffix = [run[len(method):].lstrip("-") for run, method in zip(frame.run, frame.method, strict=True)]
    words = {"low": ", low frequencies first", "warm": ", ten plain steps first", "": ""}
    return pd.DataFrame({"training": [LABELS[m] + words.get(s, s) for m, s in zip(frame.method, suffix, strict=True)],
                         "heads": frame["heads"],
                         "NRMSE (overall)": [f"{m:.4f}" + (f" ± {s:.4f}" if n > 1 else "") for m, s, n in
                                             zip(frame["mean"], frame["std"], frame["size"], strict=True)],
                         "seeds": frame["size"]})
