"""The jet comparison in and out of the training distribution: measured, turned into arrays for a file, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter import COLUMNS, open_domains
from quakebook.data.errors import DataError

from ..scoring.resolution import Matched
from ..scoring.substructure import Substructure
from ..scoring.translate import Separate
from .comparison import Comparison, compare

#: Split of the data set -> name in metrics: as in training, and quenched jets that no training has seen.
SPLITS = {"val": "val", "test": "quenched"}
CLASSICAL = ("area", "ics", "median", "median_clipped", "mean_background", "mixture")
MEAN_EVENTS = 200
#: What is kept in a file: jets above this momentum, GeV, and about so many values of the fragmentation variable.
KEPT_GEV, KEPT_XI = 14.0, 10_000

#: Columns of matched jets in a file; momenta that are only counted in bins, and distances, need few digits.
_KEPT = {"pt": np.float32, "delta_eta": np.float16, "all_pt": np.float16, "is_fake": np.uint8}

#: Both comparisons: name of the set -> `Comparison`.
Results = dict[str, Comparison]


def measure(separators: Mapping[str, Separate] | None = None, *, classical: Sequence[str] = (),
            name: str = "synthetic:small", events: int = 4000, seed: int = 0) -> Results:
    """Compare methods on mixtures as in training and on mixtures with quenched jets.

    Parameters
    ----------
    separators : mapping, optional
        Learned method (``full``, ``identity``, ``regression``, ``paired``) -> function from mixtures (n, 1, 24, 64) to
        background and signal, GeV.
    classical : sequence of str
        Methods without training, of `CLASSICAL`.
    name : str
        Data set with known truth in val and test.
    events : int
        Mixtures of each set.
    seed : int
        Of synthetic data.
    """
    mean = _mean_background(name, seed) if "mean_background" in classical else None
    results = {}
    for split, domain in SPLITS.items():
        records = events if name.startswith("synthetic:") else None
        domains = open_domains(name, split, records=records, seed=seed)
        results[domain] = compare(domains, domain, [*(separators or {}), *classical], separators=separators,
                                  mean=mean, events=events)
    return results


def _mean_background(name: str, seed: int) -> NDArray:
    """Mean of training backgrounds, (24, 64); over azimuth too, in which no direction is special."""
    domains = open_domains(name, "train", records=MEAN_EVENTS if name.startswith("synthetic:") else None, seed=seed)
    if domains.background is None:
        raise DataError(f"{name}: the mean background needs train/background.h5")
    images = domains.background.read(np.arange(min(MEAN_EVENTS, len(domains.background))))
    return np.repeat(images.double().mean((0, 1, 3)).cpu().numpy()[:, None], COLUMNS, axis=1)


def merged(parts: Sequence[Results]) -> Results:
    """Results of several methods on the same events as one."""
    together = {}
    for domain in parts[0]:
        sets = [part[domain] for part in parts]
        counts = {comparison.events for comparison in sets}
        if len(counts) > 1:
            raise ValueError(f"results to merge must be of the same events; found {sorted(counts)} in {domain}")
        fields = [{key: value for c in sets for key, value in getattr(c, name).items()}
                  for name in ("matched", "structure", "cones", "towers")]
        together[domain] = Comparison(domain, sets[0].events, *fields)
    return together


def to_arrays(results: Results) -> dict[str, NDArray]:
    """All that figures and tables need, as flat arrays: ``domain:kind:method:...:name``.

    Jets softer than 14 GeV, which no figure shows, and positions of true jets are left out, and of long fragmentation
    samples every k-th value is kept, so that a few thousand events take a few megabytes.
    """
    arrays: dict[str, NDArray] = {}
    for domain, result in results.items():
        arrays[f"{domain}:events"] = np.array([result.events])
        for method, radii in result.matched.items():
            for radius, matched in radii.items():
                true, own = matched.true_pt >= KEPT_GEV, matched.all_pt >= KEPT_GEV
                arrays[f"{domain}:true_pt:{radius}"] = matched.true_pt[true].astype(np.float32)
                for field, kind in _KEPT.items():
                    values = getattr(matched, field)[own if field in ("all_pt", "is_fake") else true]
                    arrays[f"{domain}:matched:{method}:{radius}:{field}"] = values.astype(kind)
        for method, inside in result.structure.items():
            thin = inside.xi[:: max(1, len(inside.xi) // KEPT_XI)]
            for field, values in {**inside.values, "xi": thin}.items():
                arrays[f"{domain}:structure:{method}:{field}"] = values.astype(np.float32)
        for kind in ("cones", "towers"):
            for method, values in getattr(result, kind).items():
                arrays[f"{domain}:{kind}:{method}"] = values.astype(np.float32 if kind == "cones" else np.float64)
    return arrays


def from_arrays(arrays: Mapping[str, NDArray]) -> Results:
    """The inverse of `to_arrays`; arrays of other kinds are left alone."""
    results: Results = {}
    for domain in SPLITS.values():
        prefix = f"{domain}:"
        own = {key.removeprefix(prefix): np.asarray(v) for key, v in arrays.items() if key.startswith(prefix)}
        if own:
            events = int(own["events"][0])
            results[domain] = Comparison(domain, events, _matched(own, events), _structure(own), _plain(own, "cones"),
                                         _plain(own, "towers"))
    return results


def _matched(arrays: Mapping[str, NDArray], events: int) -> dict[str, dict[float, Matched]]:
    result: dict[str, dict[float, Matched]] = {}
    for key in arrays:
        if key.startswith("matched:") and key.endswith(":pt"):
            _, method, radius, _ = key.split(":")
            kept = {field: arrays[f"matched:{method}:{radius}:{field}"].astype(float) for field in _KEPT}
            true = arrays[f"true_pt:{radius}"].astype(float)
            result.setdefault(method, {})[float(radius)] = Matched(
                float(radius), true, np.full(len(true), np.nan), kept["pt"], kept["delta_eta"], kept["all_pt"],
                kept["is_fake"].astype(bool), events)
    return result


def _structure(arrays: Mapping[str, NDArray]) -> dict[str, Substructure]:
    result = {}
    for method in dict.fromkeys(key.split(":")[1] for key in arrays if key.startswith("structure:")):
        prefix = f"structure:{method}:"
        values = {key.removeprefix(prefix): v.astype(float) for key, v in arrays.items() if key.startswith(prefix)}
        xi = values.pop("xi")
        result[method] = Substructure(values, xi)
    return result


def _plain(arrays: Mapping[str, NDArray], kind: str) -> dict[str, NDArray]:
    return {key.split(":")[1]: value.astype(float) for key, value in arrays.items() if key.startswith(f"{kind}:")}
