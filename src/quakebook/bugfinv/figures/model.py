"""The elastic model: chair view, sections, and how the three properties hang together."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.data.elastic.model import ElasticModel
from quakebook.data.elastic.rock_physics import castagna_vs, gardner_density

NAMES = ("Vp (m/s)", "Vs (m/s)", "ρ (g/cm³)")
MAX_CELLS = 60  #: cells along an edge of a drawn face


def chair(model: ElasticModel, cut: tuple[float, float, float] = (0.5, 0.5, 0.55)) -> Figure:
    """Vp in a chair view: the front quarter is removed down to a fraction of the time."""
    volume = model.vp
    nx, ny, nt = volume.shape
    x0, y0, t0 = int(cut[0] * nx), int(cut[1] * ny), int(cut[2] * nt)
    norm, jet = mpl.colors.Normalize(volume.min(), volume.max()), mpl.colormaps["jet"]
    fig = plots.figure(figsize=(7.0, 4.8), layout="none")
    ax = fig.add_axes((0.0, 0.02, 0.84, 0.98), projection="3d", computed_zorder=False)
    full_y, full_t = (0, ny - 1), (0, nt - 1)
    faces = [  # fixed axis, index, ranges of the other two axes; drawn from the back to the front
        (2, 0, (0, x0), full_y), (2, 0, (x0, nx - 1), (y0, ny - 1)), (2, t0, (x0, nx - 1), (0, y0)),
        (0, x0, (0, y0), (0, t0)), (1, y0, (x0, nx - 1), (0, t0)),
        (0, nx - 1, (y0, ny - 1), full_t), (0, nx - 1, (0, y0), (t0, nt - 1)),
        (1, 0, (0, x0), full_t), (1, 0, (x0, nx - 1), (t0, nt - 1))]
    for axis, index, first, second in faces:
        _face(ax, volume, axis, index, first, second, model.dt_s * 1000, lambda v: jet(norm(v)))
    ax.set(xlabel="Inline", ylabel="Crossline", zlabel="Time (ms)", xlim=(1, nx), ylim=(1, ny),
           zlim=(nt * model.dt_s * 1000, 0))
    ax.view_init(elev=28, azim=-52)
    ax.set_box_aspect((1, 1, 0.75))
    bar = fig.add_axes((0.88, 0.25, 0.02, 0.5))
    fig.colorbar(mpl.cm.ScalarMappable(norm, jet), cax=bar, label="Vp (m/s)")
    return fig


def _face(ax, volume, axis, index, first, second, dt_ms, colour) -> None:
    a = np.unique(np.linspace(*first, min(first[1] - first[0] + 1, MAX_CELLS)).astype(int))
    b = np.unique(np.linspace(*second, min(second[1] - second[0] + 1, MAX_CELLS)).astype(int))
    others = [k for k in range(3) if k != axis]
    grid = np.meshgrid(a, b, indexing="ij")
    at: list[np.ndarray] = [None] * 3
    at[axis], at[others[0]], at[others[1]] = np.full_like(grid[0], index), *grid
    values = volume[at[0], at[1], at[2]]
    ax.plot_surface(at[0] + 1, at[1] + 1, at[2] * dt_ms, facecolors=colour(values[:-1, :-1]), rcount=MAX_CELLS + 1,
                    ccount=MAX_CELLS + 1, shade=False, linewidth=0, antialiased=False)


def sections(model: ElasticModel, inline: int | None = None) -> Figure:
    """One inline of each property above, crossplots with Castagna's and Gardner's lines below."""
    inline = model.shape[0] // 2 if inline is None else inline
    fig, axes = plots.subplots(2, 3, figsize=(7.5, 5.4), layout="constrained", height_ratios=(1.15, 1))
    extent = (1, model.shape[1], model.shape[2] * model.dt_s * 1000, 0)
    for ax, name, volume in zip(axes[0], NAMES, (model.vp, model.vs, model.rho), strict=True):
        image = ax.imshow(volume[inline].T, extent=extent, aspect="auto", cmap="jet", interpolation="nearest")
        fig.colorbar(image, ax=ax, label=name, location="bottom", shrink=0.9)
        ax.set_xlabel("crossline")
    axes[0, 0].set_ylabel("time (ms)")
    pick = np.random.default_rng(0).choice(model.vp.size, 3000, replace=False)
    vp, vs, rho = (v.ravel()[pick] for v in (model.vp, model.vs, model.rho))
    line = np.linspace(vp.min(), vp.max(), 50)
    panels = ((vp, vs, 0, 1, castagna_vs(line, np.zeros(50, int)), "Castagna, shale"),
              (vp, rho, 0, 2, gardner_density(line), "Gardner"), (vs, rho, 1, 2, None, ""))
    for ax, (a, b, i, j, curve, label) in zip(axes[1], panels, strict=True):
        ax.plot(a, b, ".", markersize=1, alpha=0.35, rasterized=True)
        if curve is not None:
            ax.plot(line, curve, color="black", label=label)
            ax.legend(loc="lower right")
        ax.set(xlabel=NAMES[i], ylabel=NAMES[j])
        ax.set_title(f"r = {np.corrcoef(a, b)[0, 1]:.2f}")
    return fig
