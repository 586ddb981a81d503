"""The figure of the average of all explanations: which data could have become x_t, and how likely each is."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from torch import Tensor

from labkit.appearance import BLUE, VERMILLION
from labkit.plots.points import scatter
from labkit.plots.style import DATA_COLOR, WIDTH, Picture, as_array, as_points, frame_plane, in_style, picture
from labkit.schedules import Schedule

SHOWN = 0.999
"""The likeliest explanations that have this share together are coloured; the rest stays grey."""

MARKS: list[tuple[str, dict[str, Any]]] = [
    ("data, scaled by √ᾱ_t", {"color": DATA_COLOR, "marker": "o", "linestyle": "none"}),
    ("explains x_t: the darker, the better", {"color": BLUE, "marker": "o", "linestyle": "none"}),
    (
        "average of all explanations",
        {"color": VERMILLION, "marker": "D", "markersize": 4, "linestyle": "none"},
    ),
    ("x_t", {"color": "black", "marker": "x", "markersize": 6, "markeredgewidth": 2, "linestyle": "none"}),
]
ARROW = {"arrowstyle": "->", "color": VERMILLION, "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}


def explanations(data: np.ndarray, x_t: np.ndarray, alpha_bar: float) -> np.ndarray:
    """Say how well each of the `data` [N, D] explains x_t [D]: shares [N] that sum to 1.

    That is q(x_0 | x_t) where the data are these N points, all equally likely before x_t was seen.
    """
    away = ((x_t - alpha_bar**0.5 * data) ** 2).sum(axis=1)
    likely = np.exp(-(away - away.min()) / (2 * (1 - alpha_bar)))
    return likely / likely.sum()


@in_style()
def plot_explanations(
    data: Tensor, schedule: Schedule, x_t: Sequence[float], timesteps: Sequence[int]
) -> Picture:
    """Draw a place `x_t` [2] at each of `timesteps`, which of `data` [N, 2] explain it, and their average.

    The data lie where their share of x_t is, scaled by √ᾱ_t; the likelier one became x_t, the darker and
    larger it is. The arrow leads from the average of them all to x_t: that is what a perfect network takes
    for noise, and answers divided by √(1 − ᾱ_t).

    Raises ValueError where `data` does not hold points in the plane, `x_t` no point, and for timesteps
    outside 0 … T−1.
    """
    known, place = as_points("data", data), as_points("[x_t]", [as_array(x_t)])[0]
    outside = [t for t in timesteps if not 0 <= t < schedule.num_train_timesteps]
    if outside or not timesteps:
        raise ValueError(f"timesteps must name at least one of 0 … {schedule.num_train_timesteps - 1}")
    figure = Figure(figsize=(WIDTH, WIDTH / len(timesteps) + 0.45))
    panels, told = figure.subplots(1, len(timesteps), sharex=True, sharey=True, squeeze=False)[0], []
    for axes, t in zip(panels, timesteps, strict=True):
        alpha_bar = schedule.alphas_cumprod[t].item()
        shares, scaled = explanations(known, place, alpha_bar), alpha_bar**0.5 * known
        average = shares @ scaled
        likeliest = shares.argsort()[::-1]
        counted = likeliest[: int((shares[likeliest].cumsum() < SHOWN).sum()) + 1][::-1]
        strength = shares[counted] / shares.max()
        scatter(axes, scaled, color=DATA_COLOR)
        scatter(axes, scaled[counted], c=strength, s=2 + 16 * strength, cmap="Blues", vmin=-0.6, vmax=1.2)
        axes.annotate("", place, average, arrowprops=ARROW, zorder=4)
        for point, (_, mark) in zip((average, place), MARKS[2:], strict=True):
            axes.plot(*point, **mark)
        frame_plane(axes, 1.05 * known)
        axes.set_title(f"t = {t}")
        told.append(f"at t = {t} {len(counted)} of {len(known)} points share 99.9 % of it")
    handles = [Line2D([], [], **{**mark, "markersize": 6}) for _, mark in MARKS]
    figure.legend(handles, [label for label, _ in MARKS], loc="outside lower center", ncols=2)
    return picture(
        figure,
        f"One place x_t at three times, and which of the data explain it: {'; '.join(told)}. "
        "An arrow leads from their average to x_t.",
    )
