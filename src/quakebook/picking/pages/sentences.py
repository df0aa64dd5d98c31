"""Sentences about continuous picking that follow from the numbers, and the plan for a large archive."""

from __future__ import annotations

import pandas as pd

from quakebook.picking.pages.continuous_picking import Located, Picked

#: Public figure for picking in the cloud (QuakeScope, second run, 2026): processor seconds per 1,000 station-days.
PUBLIC_S_PER_1000 = 34.0
#: Bytes of a compressed sample (STEIM2, typical), and of a pick in Parquet.
BYTES_PER_SAMPLE, BYTES_PER_PICK = 1.5, 60.0
STATIONS, DAYS = 1000, 365
#: Largest chance of such counts without any difference at which an order is called decided.
DECIDED = 0.05


def first_sentence(located: Located, visible: int, picked: Picked) -> str:
    """What the page found."""
    matches = located.matches
    if not len(matches):
        return f"The picker made {len(picked.picks)} picks; PyOcto made no event of the catalogue out of them."
    return (f"Out of {len(picked.picks)} picks PyOcto makes {len(located.result.events)} events; {len(matches)} of "
            f"them are true ones, {visible} were visible at five stations, and half of the epicentres lie within "
            f"{matches['epicentre_km'].median():.1f} km. These are synthetic data: an effect shown, no claim about "
            "real networks.")


def resampling_sentence(rows: pd.DataFrame) -> str:
    """Whether the resampler matters for the picks: decided by the arrivals that one of the two alone finds."""
    from scipy.stats import binomtest

    ours, theirs = (rows.iloc[k][["P found", "S found"]].sum() for k in (1, 2))
    mine, others = (int(rows["alone"].iloc[k]) for k in (1, 2))
    counts = (f"At 40 Hz {ours} of the arrivals are found after the band-limited resampler and {theirs} after "
              f"SeisBench's ({mine} and {others} of them after one of the two alone)")
    if mine + others == 0 or binomtest(mine, mine + others).pvalue > DECIDED:
        return f"{counts}: with so few, which of the two is better for picks is undecided (sign test, 5 %)."
    if mine > others:
        return f"{counts}: what the window takes away above 10 Hz costs picks."
    return f"{counts}: on these data the window does good."


def parts_sentence(counts: dict[str, int]) -> str:
    """Whether parts of a stream give the picks of the whole."""
    wrong = {name: count for name, count in counts.items() if name != "whole" and count}
    if not wrong:
        return (f"The {counts['whole']} picks of the whole stream are also those of its halves and of its ten-minute "
                "pieces, each read with 90 s on both sides.")
    return ("Parts give other picks than the whole: "
            + ", ".join(f"{count} differ for {name}" for name, count in wrong.items()) + ".")


def plan_table(picked: Picked, gpu_station_days_per_s: float = 20.0) -> pd.DataFrame:
    """What a year of 1,000 stations asks for, from what this page measured.

    Parameters
    ----------
    gpu_station_days_per_s : float
        Speed to plan with for one GPU: the least that this package asks of itself on an H200.
    """
    amount = STATIONS * DAYS
    samples = 3 * 100 * 86_400
    picks = len(picked.picks) / picked.station_days * amount
    here_h = picked.seconds_per_station_day * amount / 3600
    gpu_h = amount / gpu_station_days_per_s / 3600
    rows = [("chunks (one station and day each)", f"{amount:,}"),
            ("data at 100 Hz, three components", f"{amount * samples * BYTES_PER_SAMPLE / 1e12:.1f} TB"),
            ("processor, at the speed of this page", f"{here_h:,.0f} core hours; {here_h / 1000:.1f} h on 1,000 cores"),
            (f"one GPU at {gpu_station_days_per_s:g} station-days/s", f"{gpu_h:.1f} h, reading "
             f"{samples * BYTES_PER_SAMPLE * gpu_station_days_per_s / 1e9:.1f} GB/s"),
            ("picks at the rate of this archive", f"{picks / 1e6:,.0f} million, "
             f"{picks * BYTES_PER_PICK / 1e9:.1f} GB as Parquet"),
            ("public figure for the same work", f"{PUBLIC_S_PER_1000 * amount / 1000 / 3600:.1f} processor hours")]
    return pd.DataFrame(rows, columns=[f"{STATIONS:,} stations, one year", "needs"])


def public_sentence(picked: Picked) -> str:
    """This page beside the public figure."""
    ratio = 1000 * picked.seconds_per_station_day / PUBLIC_S_PER_1000
    text = (f"One station-day took {picked.seconds_per_station_day:.1f} processor seconds here (reading in memory, "
            f"amplitudes included); the public figure is {PUBLIC_S_PER_1000:g} s for a thousand of them.")
    if ratio > 20:
        return (text + f" The two differ by a factor of {ratio:,.0f}, more than processors differ: the public figure "
                "can hardly count the same work in the same unit, and is quoted as it stands.")
    return text + f" Ratio {ratio:.1f}."
