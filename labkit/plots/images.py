"""Figures of pictures: a grid of faces, and labelled rows of them side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from labkit.plots.style import Picture, in_style, picture

COLORS = 256
"""So many colours a figure of pictures keeps: fewer would show as bands in a smooth background."""


def as_pictures(what: str, images: Tensor) -> np.ndarray:
    """Read images [N, 3, H, W], uint8 or float in [−1, 1], as uint8 [N, H, W, 3].

    What lies outside [−1, 1] is clipped, and NaN is shown as grey.

    Raises ValueError, which calls them `what`, for another shape.
    """
    if images.ndim != 4 or images.shape[1] != 3 or len(images) == 0:
        raise ValueError(f"{what} must hold images of shape [N, 3, H, W]; got shape {list(images.shape)}")
    images = images.detach().cpu()
    if images.is_floating_point():
        images = (images.float().nan_to_num(0).clamp(-1, 1) * 127.5 + 127.5).round()
    return images.permute(0, 2, 3, 1).byte().numpy()


def _strip(pictures: np.ndarray) -> np.ndarray:
    """Lay pictures [K, H, W, 3] side by side, with white gaps: [H, width, 3]."""
    gap = max(1, pictures.shape[1] // 16)
    padded = np.pad(pictures, ((0, 0), (0, 0), (0, gap), (0, 0)), constant_values=255)
    return np.concatenate(padded, axis=1)[:, :-gap]


@in_style()
def plot_images(images: Tensor, columns: int = 8) -> Picture:
    """Draw images [N, 3, H, W] (uint8, or float in [−1, 1]) in rows of `columns`.

    Raises ValueError for another shape.
    """
    pictures = as_pictures("images", images)
    rows = [pictures[start : start + columns] for start in range(0, len(pictures), columns)]
    return _draw([_strip(row) for row in rows], ["" for _ in rows], [], f"{len(pictures)} pictures.")


@in_style()
def plot_rows(rows: Mapping[str, Tensor], headings: Sequence[str] = ()) -> Picture:
    """Draw rows of K images each, [K, 3, H, W], with their labels; `headings` [K] stand above the columns.

    Raises ValueError for an empty mapping, for rows of different lengths, and for other shapes.
    """
    return rows_figure(rows, headings)


def rows_figure(rows: Mapping[str, Tensor], headings: Sequence[str] = ()) -> Picture:
    """`plot_rows`, for callers that are already `in_style()`."""
    if not rows:
        raise ValueError('rows must name at least one, as in plot_rows({"linear": x_ts})')
    pictures = {label: as_pictures(f"rows[{label!r}]", images) for label, images in rows.items()}
    if len({images.shape for images in pictures.values()}) > 1:
        shapes = ", ".join(f"{label}: {list(images.shape)}" for label, images in rows.items())
        raise ValueError(f"all rows must hold as many images of one size; got {shapes}")
    count = len(next(iter(pictures.values())))
    if headings and len(headings) != count:
        raise ValueError(f"{len(headings)} headings cannot stand above {count} columns")
    above = f" Columns: {', '.join(headings)}." if headings else ""
    alt = f"Rows of {count} pictures: {', '.join(rows)}.{above}"
    return _draw([_strip(images) for images in pictures.values()], list(pictures), headings, alt)


def _draw(strips: list[np.ndarray], labels: list[str], headings: Sequence[str], alt: str) -> Picture:
    height, width = strips[0].shape[:2]
    figure = Figure(figsize=(7.6, 7.6 * height / width * len(strips) * 1.04 + (0.3 if headings else 0.1)))
    panels = figure.subplots(len(strips), 1, squeeze=False).ravel()
    for axes, strip, label in zip(panels, strips, labels, strict=True):
        missing = width - strip.shape[1]  # the last row of a grid may be shorter
        axes.imshow(np.pad(strip, ((0, 0), (0, missing), (0, 0)), constant_values=255), interpolation="none")
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        axes.set_ylabel(label)
    if headings:
        centres = (np.arange(len(headings)) + 0.5) * width / len(headings)
        panels[0].set_xticks(centres, headings)
        panels[0].xaxis.tick_top()
        panels[0].tick_params(length=0)
    return picture(figure, alt, COLORS)
