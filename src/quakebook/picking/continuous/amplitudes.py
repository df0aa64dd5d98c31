"""Ground velocity and displacement at the picks: the response is removed once for each trace, in one spectrum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

if TYPE_CHECKING:
    from obspy import Stream, Trace

#: Largest amplitude is read from the pick to this long after it (chosen).
WINDOW_S = 4.0
#: Corners of the cosine band in which ground motion is computed: the last two as shares of the Nyquist frequency.
BAND_HZ, BAND_SHARES = (0.5, 1.0), (0.8, 0.9)
#: Points at which a response is evaluated; between them it is interpolated.
RESPONSE_POINTS = 3000
#: Zeros behind a trace, so that its end does not reach round to its beginning.
PADDING_S = 60.0


def ground_motion(trace: Trace, response: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Velocity (m/s) and displacement (m) of a trace of counts, in the band `BAND_HZ` to 0.8 Nyquist.

    Parameters
    ----------
    trace : obspy.Trace
    response : obspy.core.inventory.Response
    """
    rate_hz, n = trace.stats.sampling_rate, trace.stats.npts
    counts = trace.data.astype(np.float64)
    counts -= counts.mean()
    size = next_fast_len(n + int(PADDING_S * rate_hz), real=True)
    spectrum = rfft(counts, size)
    frequency = np.arange(len(spectrum)) * (rate_hz / size)
    nyquist = rate_hz / 2
    inner = (frequency > BAND_HZ[0]) & (frequency < BAND_SHARES[1] * nyquist)
    points = np.geomspace(BAND_HZ[0], nyquist, RESPONSE_POINTS)
    values = response.get_evalresp_response_for_frequencies(points, output="VEL")
    at = np.log(frequency[inner])
    shape = (np.interp(at, np.log(points), values.real) + 1j * np.interp(at, np.log(points), values.imag))
    velocity = np.zeros_like(spectrum)
    velocity[inner] = spectrum[inner] * _band(frequency[inner], nyquist) / shape
    displacement = np.zeros_like(velocity)
    displacement[inner] = velocity[inner] / (2j * np.pi * frequency[inner])
    return irfft(velocity, size)[:n], irfft(displacement, size)[:n]


def _band(frequency: NDArray[np.float64], nyquist: float) -> NDArray[np.float64]:
    low = np.clip((frequency - BAND_HZ[0]) / (BAND_HZ[1] - BAND_HZ[0]), 0, 1)
    top, end = (share * nyquist for share in BAND_SHARES)
    high = np.clip((end - frequency) / (end - top), 0, 1)
    return np.sin(np.pi / 2 * low) ** 2 * np.sin(np.pi / 2 * high) ** 2


def add_amplitudes(picks: pd.DataFrame, stream: Stream, inventory: Any) -> pd.DataFrame:
    """Fill the columns of velocity and displacement: largest absolute value on any component, 4 s from the pick on.

    Parameters
    ----------
    picks : DataFrame
        Table of picks.
    stream : obspy.Stream
        Raw counts.
    inventory : obspy.Inventory

    Raises
    ------
    ValueError
        A trace with picks without a response; the message names it.
    """
    columns = {name: picks[name].to_numpy(copy=True) for name in ("velocity_m_per_s", "displacement_m")}
    time_ns = picks["time"].to_numpy().astype(np.int64)
    instrument = (picks["trace_id"] + "." + picks["channel"]).to_numpy(dtype=object)
    for trace in stream:
        mine = np.flatnonzero((instrument == trace.id[:-1]) & (time_ns >= trace.stats.starttime.ns)
                              & (time_ns <= trace.stats.endtime.ns))
        if not len(mine):
            continue
        try:
            response = inventory.get_response(trace.id, trace.stats.starttime)
        except Exception as error:  # ObsPy raises a bare Exception
            raise ValueError(f"no response for {trace.id} at {trace.stats.starttime}: {error}") from error
        motions = ground_motion(trace, response)
        rate_hz, start_ns = trace.stats.sampling_rate, trace.stats.starttime.ns
        first = np.round((time_ns[mine] - start_ns) * (rate_hz / 1e9)).astype(int)
        for values, motion in zip(columns.values(), motions, strict=True):
            for row, k in zip(mine.tolist(), first.tolist(), strict=True):
                largest = np.abs(motion[k:k + int(WINDOW_S * rate_hz)]).max()
                values[row] = np.fmax(values[row], largest)
    return picks.assign(**columns)
