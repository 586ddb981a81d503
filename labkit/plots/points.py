"""Figures of points in the plane: the data, the way into noise, and samples."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from labkit.appearance import BLUE, VERMILLION
from labkit.plots.style import (
    DATA_COLOR,
    POINT_SIZE,
    WIDTH,
    Picture,
    as_array,
    as_points,
    frame_plane,
    in_style,
    picture,
)

COLUMNS = 5
GRID_POINTS = 700


FOLLOWED = {"cmap": "viridis", "vmin": 0, "vmax": 1.15}
"""How points that an eye shall follow are coloured by `rank_across`: without the bright yellow end."""


def rank_across(points: np.ndarray) -> np.ndarray:
    """Say for each of the points [N, 2] which share of them lies left of it: [N], in [0, 1)."""
    return points[:, 0].argsort().argsort() / len(points)


def scatter(axes: Axes, points: np.ndarray, **kwargs):
    """Draw points [N, 2] as the course's small dots."""
    return axes.scatter(
        *points.T, **{"antialiased": False, "s": POINT_SIZE, "linewidths": 0, "rasterized": True, **kwargs}
    )


@in_style()
def plot_data_and_prior(data: Tensor) -> Picture:
    """Draw `data` [N, 2] beside as many points of the prior N(0, I), on the same axes.

    Raises ValueError where `data` does not hold points in the plane.
    """
    shown = as_points("data", data)
    prior = np.random.default_rng(0).standard_normal(shown.shape)
    figure = Figure(figsize=(WIDTH, 4.8))
    panels = figure.subplots(1, 2, sharex=True, sharey=True)
    whats = (
        (shown, BLUE, "data: where we want to go"),
        (prior, VERMILLION, "prior N(0, I): where we start"),
    )
    for axes, (points, color, title) in zip(panels, whats, strict=True):
        scatter(axes, points, color=color)
        axes.set_title(title)
        frame_plane(axes, shown, prior)
    return picture(
        figure, f"Two panels on the same axes: {len(shown)} points of the data, and as many of N(0, I)."
    )


def snapshot_grid(sets: Sequence[np.ndarray], titles: Sequence[str], colors: np.ndarray) -> Figure:
    """Draw sets of the same points [N, 2], in their `colors` [N], five panels in a row, on the same axes."""
    rows, columns = -(-len(sets) // COLUMNS), min(len(sets), COLUMNS)
    figure = Figure(figsize=(WIDTH, rows * (min(WIDTH / columns, 3.0) + 0.2)))
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, points, title in zip(panels, sets, titles, strict=False):
        scatter(axes, points, c=colors, s=1.6, **FOLLOWED)
        axes.set_title(title)
        frame_plane(axes, *sets)
    for axes in panels[len(sets) :]:
        axes.remove()
    return figure


@in_style()
def plot_forward(x_ts: Tensor, timesteps: Sequence[int]) -> Picture:
    """Draw q(x_t) at K timesteps, five panels in a row, on the same axes.

    `x_ts` [K, N, 2] holds x_t of the same N points at each of the `timesteps` [K]. A point keeps its
    colour, which says how far left or right it is in the first panel. At most 700 points are drawn.

    Raises ValueError for other shapes.
    """
    snapshots, timesteps = as_array(x_ts), [int(t) for t in timesteps]
    if snapshots.ndim != 3 or len(snapshots) != len(timesteps) or not timesteps:
        raise ValueError(
            f"x_ts must have shape [K, N, 2] with one x_t for each of the {len(timesteps)} timesteps; "
            f"got shape {list(snapshots.shape)}"
        )
    sets = [
        as_points(f"x_t at t = {t}", x_t, at_most=GRID_POINTS)
        for t, x_t in zip(timesteps, snapshots, strict=True)
    ]
    figure = snapshot_grid(sets, [f"t = {t}" for t in timesteps], rank_across(sets[0]))
    named = ", ".join(map(str, timesteps))
    return picture(
        figure, f"The same {len(sets[0])} points x_t at t = {named}, one panel each, on the same axes."
    )


@in_style()
def plot_samples(samples: Mapping[str, Tensor], data: Tensor) -> Picture:
    """Draw each set of samples [N, 2] over `data` [M, 2], one panel each, titled with its label.

    The window follows the data; a note counts the samples that lie outside of it or are not finite.

    Raises ValueError for an empty mapping and for other shapes.
    """
    if not samples:
        raise ValueError('samples must name at least one set, as in plot_samples({"mine": x_0}, data)')
    aim = as_points("data", data)
    sets = {label: as_points(f"samples[{label!r}]", points) for label, points in samples.items()}
    columns = min(len(sets), 3)
    rows = -(-len(sets) // columns)
    figure = Figure(figsize=(WIDTH, 3.1 * rows + 0.3))
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, (label, points) in zip(panels, sets.items(), strict=False):
        scatter(axes, aim, color=DATA_COLOR, label="data")
        scatter(axes, points, color=BLUE, label="samples")
        frame_plane(axes, 1.15 * (aim - aim.mean(axis=0)) + aim.mean(axis=0))
        axes.set_title(label)
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        x, y = points.T
        outside = len(points) - int(((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).sum())
        if outside:
            note = f"{outside / len(points):.1%} of the samples lie outside"
            axes.text(0.5, 0.02, note, transform=axes.transAxes, ha="center", color=VERMILLION, fontsize=8)
    for axes in panels[len(sets) :]:
        axes.remove()
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, markerscale=3)
    return picture(figure, f"Samples (blue) drawn over the data (grey), one panel each: {', '.join(sets)}.")
