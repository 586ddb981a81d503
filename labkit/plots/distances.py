"""The figure of a distance that depends on how many samples are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from labkit.appearance import COLORS
from labkit.plots.style import WIDTH, Picture, in_style, picture

if TYPE_CHECKING:
    from labkit.metrics import ImageDistance

MARKERS = ("o", "s", "^", "D")


@in_style()
def plot_distance_by_n(distances: Mapping[str, Sequence[ImageDistance]]) -> Picture:
    """Draw Fréchet and kernel distance over the number of samples n, with their 95 % intervals.

    `distances` holds, for each label, distances of different n against one reference.

    Raises ValueError for an empty mapping, and for a distance without n.
    """
    rows = [one for several in distances.values() for one in several]
    if not rows or any(one.n is None for one in rows):
        raise ValueError("distances must name at least one series, and each distance its n")
    figure = Figure(figsize=(WIDTH, 3))
    panels = figure.subplots(1, 2)
    kernel = "KID" if rows[0].name == "FID" else "kernel distance"
    for i, (label, series) in enumerate(distances.items()):
        n = [one.n for one in series]
        for axes, values, intervals in (
            (panels[0], [one.value for one in series], [one.interval for one in series]),
            (panels[1], [one.kid for one in series], [one.kid_interval for one in series]),
        ):
            low, high = np.array(
                [(v, v) if pair is None else pair for v, pair in zip(values, intervals, strict=True)]
            ).T
            if axes is panels[0]:
                low = low.clip(min=0)  # a distance is not below 0, whatever its interval says
            errors = np.abs(np.stack([values - low, high - values]))
            axes.errorbar(n, values, errors, color=COLORS[i], marker=MARKERS[i], capsize=3, label=label)
    for axes, title in zip(panels, (rows[0].name, kernel), strict=True):
        axes.set(title=title, xlabel="number of faces n")
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
        axes.grid()
    panels[0].legend()
    ends = "; ".join(
        f"{label}: {s[0].value:.3g} at n = {s[0].n}, {s[-1].value:.3g} at n = {s[-1].n}"
        for label, s in distances.items()
    )
    return picture(figure, f"{rows[0].name} and {kernel} over n. {ends}.")
