"""One look for every figure: how it is styled, and how it becomes a small picture in a notebook."""

from functools import partial
from io import BytesIO

import numpy as np
from IPython.display import Image
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image as PILImage

WIDTH, DPI = 9.0, 144
"""Inches of every figure, so that it fills the column of a notebook, and its pixels on each"""
FULL_WIDTH = round(WIDTH * DPI)
"""Pixels: a front end shrinks a picture to its column; to blow it up further would only blur it."""
DATA_COLOR = "#B4B4B4"
POINT_SIZE = 3.0
MAX_POINTS = 2000
"""So many points of a set are drawn at most: more only blacken the picture."""

STYLE = {
    "figure.facecolor": "white",  # opaque, so that a dark theme leaves the text readable
    "figure.dpi": DPI,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.09,
    "figure.constrained_layout.h_pad": 0.09,
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#666666",
    "axes.grid": False,
    "grid.color": "#E6E6E6",
    "axes.axisbelow": True,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "path.simplify_threshold": 0.5,
}

in_style = partial(style.context, STYLE, after_reset=True)
"""`@in_style()` draws in the course's style, whatever the notebook did to matplotlib's settings."""


class Picture(Image):
    """A PNG (`data`: bytes) that a notebook shows where it is the value of a cell's last line.

    Elsewhere in a cell, `display(picture)` shows it. `alt` says in words what it shows; a program
    that reads the screen finds it as the picture's alternative text.
    """

    def __repr__(self) -> str:
        return self.alt


def pixels(figure: Figure, colors: int = 48) -> PILImage.Image:
    """Paint a figure into an image of at most `colors` colours, which keep a PNG small."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    rgb = PILImage.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    return rgb.quantize(colors, PILImage.Quantize.MAXCOVERAGE, dither=PILImage.Dither.NONE)


def png(figure: Figure, colors: int = 48) -> bytes:
    """Paint a figure into a PNG: the same figure gives the same bytes (no date, no version)."""
    buffer = BytesIO()
    pixels(figure, colors).save(buffer, "png", optimize=True)
    return buffer.getvalue()


def picture(figure: Figure, alt: str, colors: int = 48) -> Picture:
    """Turn a figure into what a notebook shows; `alt` describes it in words."""
    return Picture(png(figure, colors), format="png", alt=alt)


def as_array(values: ArrayLike) -> np.ndarray:
    """Read a tensor on any device, an array or a list of numbers as float64."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().double()
    return np.asarray(values, dtype=np.float64)


def as_points(what: str, values: ArrayLike, at_most: int = MAX_POINTS) -> np.ndarray:
    """Read [N, 2] points, thinned evenly to `at_most`.

    Raises ValueError, which calls them `what`, for another shape or where no point is finite.
    """
    points = as_array(values)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(
            f"{what} must hold points in the plane, of shape [N, 2]; got shape {list(points.shape)}"
        )
    if not np.isfinite(points).all(axis=1).any():
        raise ValueError(f"{what} holds no finite point: every one is NaN or infinite")
    return points[np.linspace(0, len(points) - 1, min(len(points), at_most)).astype(int)]


def frame_plane(axes: Axes, *sets: np.ndarray) -> None:
    """Make `axes` a square window on the plane that holds all points [N, 2] of `sets`."""
    together = np.concatenate(sets)
    together = together[np.isfinite(together).all(axis=1)]
    low, high = together.min(axis=0), together.max(axis=0)
    center, half = (low + high) / 2, max(0.54 * (high - low).max(), 0.5)
    axes.set(xlim=center[0] + half * np.array([-1, 1]), ylim=center[1] + half * np.array([-1, 1]))
    axes.set_box_aspect(1)
    axes.locator_params(nbins=5, steps=[1, 2, 5, 10])
    axes.tick_params(labelsize=8, length=2)
