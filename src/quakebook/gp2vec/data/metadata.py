"""Station metadata as tensors: names of the fields, checks, and numbers in a comparable range."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

#: Categorical fields and their numbers of buckets; bucket 0 means "unknown".
BUCKETS = {"network": 64, "station": 1024, "location": 16, "channel": 64, "sensor": 128, "datalogger": 128}
#: Continuous fields, in raw physical units: degrees, m, degrees, Hz, counts/(m/s), m.
CONTINUOUS = ("latitude", "longitude", "elevation", "azimuth", "dip", "sample_rate", "gain", "depth")
ALIASES = {"elevation_m": "elevation", "azimuth_deg": "azimuth", "dip_deg": "dip", "sampling_rate": "sample_rate",
           "response_gain": "gain", "latitude_deg": "latitude", "longitude_deg": "longitude", "depth_m": "depth"}
RESPONSE_POINTS = 64
#: Numbers and presence flags of the continuous encoder.
NUMBERS, FLAGS = 10, 7
#: Frequencies in Hz at which a response curve is given.
RESPONSE_HZ = np.logspace(np.log10(0.01), np.log10(50.0), RESPONSE_POINTS)

Metadata = Mapping[str, Any]


def bucket(text: str, field: str) -> int:
    """Bucket of a code, 1 to n - 1, by a stable hash; 0 for an empty sensor or data-logger description.

    An empty location code is a code of its own.

    >>> bucket("CI", "network") == bucket("CI", "network") != 0
    True
    """
    if field not in BUCKETS:
        raise ValueError(f"unknown categorical field {field!r}; known: {', '.join(BUCKETS)}")
    if not text and field != "location":
        return 0
    digest = hashlib.sha256(f"{field}:{text}".encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % (BUCKETS[field] - 1)


def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
    """A list of dicts to a dict of tensors; a field that a row lacks becomes NaN or 0 (unknown) there."""
    names = [name for name in (*BUCKETS, *CONTINUOUS) if any(name in clean(row) for row in rows)]
    cleaned = [clean(row) for row in rows]
    out = {}
    for name in names:
        values = [row.get(name, 0 if name in BUCKETS else np.nan) for row in cleaned]
        if name in BUCKETS:
            out[name] = torch.tensor([bucket(v, name) if isinstance(v, str) else int(v) for v in values])
        else:
            out[name] = torch.tensor([float(v) for v in values])
    if any("response" in row for row in cleaned):
        nothing = torch.full((RESPONSE_POINTS,), torch.nan)
        out["response"] = torch.stack([torch.as_tensor(row.get("response", nothing)).float() for row in cleaned])
    return out


def clean(metadata: Metadata) -> dict[str, Any]:
    """The known fields of a mapping under their own names; an unknown name is refused, ``None`` left out.

    Loader fields that describe the window, not the station (``log_rms``, ``key``, ``start_time``), are left out too.
    """
    known = {*BUCKETS, *CONTINUOUS, "response"}
    ignored = {"log_rms", "key", "start_time", "missing_components"}
    out = {}
    for name, value in metadata.items():
        name = ALIASES.get(name, name)
        if name in ignored or value is None:
            continue
        if name not in known:
            raise ValueError(f"unknown metadata field {name!r}; known: {', '.join(sorted(known))}")
        out[name] = value
    return out


def tensors(metadata: Metadata, batch: int, device: torch.device | str) -> dict[str, Tensor]:
    """Fields as tensors (batch,) or (batch, 64) on a device; a wrong length is refused by name."""
    out = {}
    for name, value in clean(metadata).items():
        tensor = torch.as_tensor(value).to(device)
        shape = (batch, RESPONSE_POINTS) if name == "response" else (batch,)
        if tuple(tensor.shape) != shape:
            raise ValueError(f"`metadata[{name!r}]` must have shape {shape}; found {tuple(tensor.shape)}")
        out[name] = tensor
    return out


def continuous_numbers(fields: Mapping[str, Tensor], batch: int, device: torch.device | str) -> Tensor:
    """Ten numbers of order one and seven presence flags, (batch, 17).

    Position as a unit vector; elevation / 2000 m; sine and cosine of the azimuth; dip / 90; log10(rate / 100);
    (log10 gain - 8) / 2; depth / 100 m. What is absent or NaN is 0 with flag 0.
    """
    def read(name: str) -> Tensor:
        value = fields.get(name)
        return torch.full((batch,), torch.nan, device=device) if value is None else value.float()

    latitude, longitude = torch.deg2rad(read("latitude")), torch.deg2rad(read("longitude"))
    azimuth = torch.deg2rad(read("azimuth"))
    rows = torch.stack([
        latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin() + 0 * longitude,
        read("elevation") / 2000, azimuth.sin(), azimuth.cos(), read("dip") / 90,
        (read("sample_rate") / 100).log10(), (read("gain").log10() - 8) / 2, read("depth") / 100], dim=1)
    flags = torch.isfinite(rows[:, [0, 3, 4, 6, 7, 8, 9]]).to(rows.dtype)
    return torch.cat([torch.nan_to_num(rows, nan=0.0, posinf=0.0, neginf=0.0), flags], dim=1)


def response_curve(response: Any) -> np.ndarray:
    """log10 |H(f)| at 64 frequencies for velocity input, minus its value at 1 Hz; NaN above the channel's Nyquist.

    Parameters
    ----------
    response : obspy.core.inventory.response.Response
        Evaluated at the frequencies themselves.

    Returns
    -------
    ndarray, shape (64,), float32
    """
    amplitude = np.abs(response.get_evalresp_response_for_frequencies([*RESPONSE_HZ, 1.0], output="VEL"))
    curve = np.log10(np.maximum(amplitude, 1e-300))
    curve = curve[:-1] - curve[-1]
    rates = [s.decimation_input_sample_rate / (s.decimation_factor or 1) for s in response.response_stages
             if s.decimation_input_sample_rate]
    if rates:
        curve = np.where(min(rates) / 2 >= RESPONSE_HZ, curve, np.nan)
    return curve.astype(np.float32)
