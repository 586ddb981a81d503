"""Figures of pictures: a grid of faces, and labelled rows of them side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from labkit.plots.style import WIDTH, Picture, in_style, picture

COLORS = 128
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


def _sheet(rows: list[np.ndarray]) -> np.ndarray:
    """Lay rows of pictures [K, H, W, 3] out on a white sheet [height, width, 3]; the last may be shorter."""
    columns, gap = max(len(row) for row in rows), max(1, rows[0].shape[1] // 16)
    sheet = []
    for row in rows:
        padded = np.pad(row, ((0, columns - len(row)), (0, gap), (0, gap), (0, 0)), constant_values=255)
        sheet.append(np.concatenate(list(padded), axis=1))
    return np.concatenate(sheet)[:-gap, :-gap]


@in_style()
def plot_images(images: Tensor, columns: int = 8) -> Picture:
    """Draw images [N, 3, H, W] (uint8, or float in [−1, 1]) in rows of `columns`.

    Raises ValueError for another shape.
    """
    pictures = as_pictures("images", images)
    rows = [pictures[start : start + columns] for start in range(0, len(pictures), columns)]
    return _draw(rows, [], [], f"{len(pictures)} pictures.")


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
    return _draw(list(pictures.values()), list(pictures), headings, alt)


def _draw(rows: list[np.ndarray], labels: Sequence[str], headings: Sequence[str], alt: str) -> Picture:
    sheet = _sheet(rows)
    height, width = sheet.shape[:2]
    inches = min(WIDTH - 0.8, 1.1 * max(len(row) for row in rows))  # beside the labels
    figure = Figure(figsize=(WIDTH, inches * height / width + (0.5 if headings else 0.2)))
    axes = figure.subplots()
    axes.imshow(sheet, interpolation="none")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.set_xticks((np.arange(len(headings)) + 0.5) * width / max(1, len(headings)), headings)
    axes.set_yticks((np.arange(len(labels)) + 0.5) * height / max(1, len(labels)), labels)
    return picture(figure, alt, COLORS)
