"""Verbs of the chapter: ``quakebook bugfinv info | ranking | overthrust``."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence


def parser() -> argparse.ArgumentParser:
    """The chapter's command line."""
    top = argparse.ArgumentParser(
        prog="quakebook bugfinv", description="Elastic inversion by Bayesian fusion of task gradients.",
        epilog="train and evaluate: quakebook train bugfinv preset=quick objective.method=nash",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    info = verbs.add_parser("info", help="what an elastic model holds, in which units",
                            epilog="example: quakebook bugfinv info ../shared/data/marmousi2 --shape 500,174 --dz 20")
    info.add_argument("path", help=".npz, .npy, .mat, .h5 file, or a folder of SEG-Y, .npy or flat binary files")
    info.add_argument("--shape", type=_shape, default=None, help="traces,depths of flat binaries")
    info.add_argument("--dz", type=_step, default=0.0, help="depth step in m; 0 for models in time")
    info.add_argument("--dt", type=_step, default=None, help="time step in s; default: what the file says, else 0.004")
    info.add_argument("--byte-order", choices=("little", "big"), default="little", help="of flat binaries")
    overthrust = verbs.add_parser("overthrust",
                                  help="invert the SEG/EAGE Overthrust model by the README's four methods",
                                  epilog="example: quakebook bugfinv overthrust overthrust.vites preset=quick "
                                         "data.every=16")
    overthrust.add_argument("path", help="file *.vites (raw Vp), or the folder that holds it")
    overthrust.add_argument("settings", nargs="*", metavar="KEY=VALUE", help="overrides; preset=smoke, quick or paper")
    ranking = verbs.add_parser("ranking", help="table of the recorded runs",
                               epilog="example: quakebook bugfinv ranking synthetic")
    ranking.add_argument("family", choices=("synthetic", "marmousi2"))
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; errors are raised, and become exit status 1 in `quakebook.cli`."""
    options = parser().parse_args(argv)
    return {"info": _info, "ranking": _ranking, "overthrust": _overthrust}[options.verb](options)


def _info(options: argparse.Namespace) -> int:
    from quakebook.data.elastic.files import load_model

    model = load_model(options.path, dt_s=options.dt, shape=options.shape, dz_m=options.dz,
                       byte_order="<" if options.byte_order == "little" else ">")
    print(f"{model.source}: {model.shape[0]} inlines x {model.shape[1]} crosslines x {model.shape[2]} samples of "
          f"{model.dt_s * 1000:g} ms")
    for name, unit, values in (("Vp", "m/s", model.vp), ("Vs", "m/s", model.vs), ("density", "g/cm3", model.rho)):
        print(f"{name:<8} {values.min():.4g} to {values.max():.4g} {unit}")
    for note in model.notes:
        print(f"- {note}")
    return 0


def _ranking(options: argparse.Namespace) -> int:
    from quakebook.bugfinv.pages.inversion import headline_table
    from quakebook.bugfinv.recorded import read as recorded

    table = recorded.score_table(options.family)
    if table.empty:
        raise ValueError(f"nothing recorded for {options.family}: quakebook record bugfinv '{options.family}/*'")
    print(headline_table(table).to_string(index=False))
    return 0


def _overthrust(options: argparse.Namespace) -> int:
    from quakebook.bugfinv.pages.inversion import headline_table
    from quakebook.bugfinv.studies.overthrust import invert, report

    preset = next((word.removeprefix("preset=") for word in options.settings if word.startswith("preset=")), "paper")
    runs = invert(options.path, [word for word in options.settings if not word.startswith("preset=")], preset)
    path, table = report(runs)
    print(headline_table(table).to_string(index=False))
    print(path)
    return 0


def _shape(text: str) -> tuple[int, ...]:
    try:
        shape = tuple(int(part) for part in text.split(","))
    except ValueError:
        shape = (0,)
    if min(shape) < 1:
        raise argparse.ArgumentTypeError(f"expected whole numbers above 0 such as 500,174; found {text!r}")
    return shape


def _step(text: str) -> float:
    try:
        step = float(text)
    except ValueError:
        step = math.nan
    if not 0 <= step < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number from 0 such as 0.004; found {text!r}")
    return step
