"""Real records that need no download: ObsPy's bundled earthquake, and the Northern California sample where present."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from quakebook.project import shared_data

from .records import Records

#: Settings of ObsPy's autoregressive picker, in its order: bands in Hz, STA and LTA in s for P and S, AR orders,
#: windows of the variance for P and S in s. Among usual settings P moves by 0.01 s and S by half a second; these give
#: an S where the horizontals begin to grow, by eye.
_AR_PICK = (2.0, 20.0, 1.0, 0.1, 1.0, 0.3, 2, 8, 0.1, 0.3)
_UNCERTAINTY_S = {"P": 0.02, "S": 0.3}
SAMPLE = "ncedc_real"


def example_records() -> Records:
    """The earthquake record that comes with ObsPy: station RJOB, Bavaria, 2009-08-24, 30 s at 100 Hz.

    Returns
    -------
    Records
        One record in counts. ObsPy gives no picks for it: P and S are those of ObsPy's autoregressive picker
        (`trace_p_status` is "automatic"); the S pick is uncertain by some 0.3 s.
    """
    import obspy
    from obspy.signal.trigger import ar_pick

    stream = obspy.read()
    z, n, e = (stream.select(component=component)[0] for component in "ZNE")
    values = np.stack([trace.data for trace in (z, n, e)]).astype(np.float32)
    rate_hz = z.stats.sampling_rate
    picks_s = ar_pick(z.data, n.data, e.data, rate_hz, *_AR_PICK)
    metadata = pd.DataFrame({
        "trace_name": [z.id[:-1]], "trace_start_time": [str(z.stats.starttime)], "trace_sampling_rate_hz": [rate_hz],
        "trace_npts": [z.stats.npts], "trace_channel": [z.stats.channel[:2]], "trace_category": ["earthquake_local"],
        "trace_component_order": ["ZNE"], "trace_p_arrival_sample": [picks_s[0] * rate_hz],
        "trace_s_arrival_sample": [picks_s[1] * rate_hz], "trace_p_status": ["automatic"],
        "trace_s_status": ["automatic"], "trace_p_uncertainty_s": [_UNCERTAINTY_S["P"]],
        "trace_s_uncertainty_s": [_UNCERTAINTY_S["S"]], "station_network_code": [z.stats.network],
        "station_code": [z.stats.station], "split": ["test"]})
    identity = hashlib.sha256(values.tobytes() + str(picks_s).encode()).hexdigest()[:16]
    return Records(torch.from_numpy(values)[None], metadata, float(rate_hz), "ObsPy's bundled example", identity)


def real_sample_path(path: str | Path = "") -> Path | None:
    """Folder of the Northern California sample, or None where it is absent.

    Parameters
    ----------
    path : str or Path
        Given by the user; empty to look in $QUAKEBOOK_SHARED_DATA and in ``../shared/data`` beside the checkout.
    """
    if path:
        return Path(path)
    folder = shared_data(SAMPLE)
    return folder if folder is not None and (folder / "metadata.csv").is_file() else None


def required_sample_path() -> Path:
    """Folder of the Northern California sample.

    Raises
    ------
    FileNotFoundError
        It is not on this machine.
    """
    path = real_sample_path()
    if path is None:
        raise FileNotFoundError(f"the Northern California sample ({SAMPLE}) is not on this machine; name the folder "
                                "that holds it in $QUAKEBOOK_SHARED_DATA")
    return path
