"""The runs-compared picture, step by step, as a film."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FFMpegWriter, PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg

from quakebook.bluedisc.scoring.followed import Track
from quakebook.picking.waveform_panels import CHANNELS

from .curves import runs_compared


def animate(tracks: Mapping[str, Track], sample: int, path: str | Path, fps: int = 60, dpi: int = 100,
            channels: Sequence[str] = CHANNELS, steps: Sequence[int] | None = None) -> Path:
    """Write a film of one tracked window through training, one frame per step that all runs kept.

    Parameters
    ----------
    tracks : mapping of str to Track
        Runs by name.
    sample : int
        Which tracked window.
    path : str or Path
        Ending ``.mp4`` (needs ffmpeg: H.264, crf 18, as published) or ``.gif``.
    fps : int
        Frames per second.
    dpi : int
        Resolution; the frames are 7.5 inches wide.
    channels : sequence of str
        Names of the output channels.
    steps : sequence of int, optional
        Kept steps to show; default: all that every run kept.
    """
    path = Path(path)
    if path.suffix not in (".mp4", ".gif"):
        raise ValueError(f"a film ends in .mp4 or .gif; found {path.name!r}")
    if path.suffix == ".mp4" and shutil.which("ffmpeg") is None:
        raise RuntimeError("an .mp4 needs ffmpeg, which is not installed; choose a .gif")
    first = next(iter(tracks.values()))
    if steps is None:
        steps = sorted(set.intersection(*(set(track.step.tolist()) for track in tracks.values())))
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = FFMpegWriter(fps, codec="h264", extra_args=["-crf", "18"]) if path.suffix == ".mp4" else PillowWriter(fps)
    canvas, ax = plt.subplots(figsize=(7.5, 1.6 + 1.45 * len(tracks)), layout="none")
    ax.set_position((0, 0, 1, 1))
    ax.set_axis_off()
    picture = None
    with writer.saving(canvas, str(path), dpi=dpi):
        for step in steps:
            frame = runs_compared(first.waveform[sample], first.label[sample],
                                  {name: track.at(step)[sample] for name, track in tracks.items()},
                                  title=f"{first.names[sample]}, confidence 0.7, step {step}", channels=channels)
            frame.set_dpi(dpi)
            agg = FigureCanvasAgg(frame)  # the figure function leaves its picture without a canvas that can draw
            agg.draw()
            pixels = np.asarray(agg.buffer_rgba())
            picture = picture or ax.imshow(pixels, aspect="auto")
            picture.set_data(pixels)
            writer.grab_frame()
    plt.close(canvas)
    return path


def gif(tracks: Mapping[str, Track], sample: int, steps: Sequence[int], fps: int = 4, dpi: int = 80) -> bytes:
    """The film of `animate`, of these steps only, as the bytes of a GIF file."""
    with TemporaryDirectory() as folder:
        return animate(tracks, sample, Path(folder) / "film.gif", fps, dpi, steps=steps).read_bytes()
