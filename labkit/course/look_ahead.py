"""The last cell of each lesson: one small picture of what comes next, drawn without any TODO."""

from collections.abc import Callable

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn import functional as F

from labkit.appearance import BLUE, GREEN, ORANGE, PURPLE, VERMILLION
from labkit.data import ToyFaces, points
from labkit.errors import CourseError
from labkit.metrics.toy_classifier import toy_classifier
from labkit.plots.images import as_pictures
from labkit.plots.points import scatter
from labkit.plots.style import DATA_COLOR, Picture, as_points, frame_plane, in_style, picture
from labkit.sampling import finished_roll, walk_into_noise
from labkit.schedules import Schedule

NEXT: dict[str, Callable[[], Picture]] = {}
"""What `look_ahead` knows: the number of a lesson, or BEYOND → what draws its picture"""

BEYOND = "beyond"

_AFTER = 250
"""So many small steps of noise leave a face that can just be made out."""


def look_ahead(to: str) -> Picture:
    """Draw what comes next: `to` is the number of a lesson, such as "02", or "beyond" after the last one.

    Raises CourseError where there is no such lesson.
    """
    if to not in NEXT:
        raise CourseError(f"look_ahead knows what comes in {', '.join(map(repr, NEXT))}, not in {to!r}.")
    return in_style()(NEXT[to])()


def _coming(to: str) -> Callable[[Callable[[], Picture]], Callable[[], Picture]]:
    def keep(draw: Callable[[], Picture]) -> Callable[[], Picture]:
        NEXT[to] = draw
        return draw

    return keep


def _bare(axes: Axes, *sets: np.ndarray) -> None:
    """Frame the plane around points, without numbers on its sides."""
    frame_plane(axes, *sets)
    axes.set(xticks=[], yticks=[])


@_coming("02")
def _forward() -> Picture:
    """Walks from one point, and the cloud that many of them end in."""
    start = torch.tensor([[2.0, 1.0]]).expand(500, 2)
    walk = walk_into_noise(start, Schedule.linear(1000), range(301)).numpy()
    figure = Figure(figsize=(4.8, 2.65))
    many, one = figure.subplots(1, 2)
    for k, color in zip(range(3), (BLUE, GREEN, PURPLE), strict=True):
        many.plot(*walk[:, k].T, color=color, linewidth=0.6)
        many.plot(*walk[-1, k], "o", color=color, markersize=4)
    scatter(one, walk[-1], color=DATA_COLOR, s=5)
    one.annotate("", walk[-1].mean(axis=0), walk[0, 0], arrowprops={"arrowstyle": "->", "color": VERMILLION})
    for axes, title in ((many, "300 small steps …"), (one, "… or one large jump")):
        axes.plot(*walk[0, 0], "X", color="black", markersize=6)
        _bare(axes, walk[-1], walk[0])
        axes.set_title(title)
    return picture(
        figure,
        "Next: left, three points walk 300 small steps of noise from one place; right, one arrow leads from "
        "it into the cloud in which 500 such walks end.",
    )


@_coming("03")
def _reverse() -> Picture:
    """Some ways back, from noise to the roll."""
    x_ts = finished_roll().x_ts.numpy()
    figure = Figure(figsize=(3.1, 3.2))
    axes = figure.subplots()
    scatter(axes, x_ts[-1], color=BLUE)
    axes.plot(x_ts[:, :12, 0], x_ts[:, :12, 1], color="#808080", linewidth=0.6)
    axes.plot(*x_ts[0, :12].T, "o", color=VERMILLION, markersize=4)
    axes.plot(*x_ts[-1, :12].T, "o", color=BLUE, markersize=4)
    _bare(axes, x_ts[0], x_ts[-1])
    axes.set_title("from noise (red) back to the data (blue)")
    return picture(figure, "Next: twelve crooked ways from points of noise, in red, to the swiss roll, blue.")


@_coming("04")
def _train() -> Picture:
    """Noise that was hidden in points: what the network shall guess."""
    data = points("swiss_roll", 1000, seed=1)
    clean = data[:40]
    noisy = walk_into_noise(clean, Schedule.linear(1000), [60])[0].numpy()
    figure = Figure(figsize=(3.1, 3.2))
    axes = figure.subplots()
    scatter(axes, as_points("data", data), color=DATA_COLOR)
    axes.quiver(
        *clean.numpy().T, *(noisy - clean.numpy()).T,
        color=VERMILLION, angles="xy", scale_units="xy", scale=1, width=0.006,
    )  # fmt: skip
    axes.plot(*noisy.T, ".", color=BLUE, markersize=5)
    _bare(axes, data.numpy(), noisy)
    axes.set_title("which noise (red) is in the blue points?")
    return picture(
        figure,
        "Next: forty points beside the swiss roll; a red arrow leads to each from where it was before.",
    )


def _face() -> Tensor:
    """The lion of lesson 05 [1, 3, 32, 32] in [−1, 1]."""
    return ToyFaces("train", size=32, n=24, seed=5).images[2:3].float() / 127.5 - 1


def _row(images: Tensor, titles: list[str], alt: str) -> Picture:
    figure = Figure(figsize=(min(7.5, 1.15 * len(images)), 1.4))
    panels = figure.subplots(1, len(images))
    for axes, image, title in zip(panels, as_pictures("images", images), titles, strict=True):
        axes.imshow(image, interpolation="none")
        axes.axis("off")
        axes.set_title(title, fontsize=9)
    return picture(figure, alt, colors=256)


@_coming("05")
def _schedules() -> Picture:
    """A face that drowns."""
    counts = [0, 60, 150, 1000]
    drowning = walk_into_noise(_face(), Schedule.linear(1000), counts)[:, 0]
    titles = [f"{count} steps" for count in counts]
    return _row(
        drowning, titles, f"Next: an animal face after {', '.join(titles)} of noise; at last it is gone."
    )


@_coming("06")
def _predictors() -> Picture:
    """A noisy face, and three things that a network may be asked about it."""
    schedule, face = Schedule.linear(1000), _face()
    before, noisy = walk_into_noise(face, schedule, [_AFTER - 1, _AFTER])
    noise = noisy - schedule.alphas_cumprod[_AFTER - 1].sqrt() * face  # of standard deviation below 1
    return _row(
        torch.cat([noisy, noise, face, before]),
        ["given: x_t", "the noise?", "the face?", "one step back?"],
        "Next: a noisy face, and three things to ask about it: the noise in it, the clean face, and the same "
        "face one step before.",
    )


@_coming("07")
def _unet() -> Picture:
    """What a UNet looks at: one face, coarser and coarser, and back."""
    face = _face()
    sizes = [32, 16, 8, 4, 8, 16, 32]
    seen = [F.interpolate(F.adaptive_avg_pool2d(face, size), 32, mode="nearest") for size in sizes]
    return _row(
        torch.cat(seen),
        [f"{size} × {size}" for size in sizes],
        "Next: a face at 32, 16, 8 and 4 pixels a side and back: the sizes at which a UNet looks at it.",
    )


@_coming("08")
@torch.no_grad()
def _measure() -> Picture:
    """Two crowds of faces as clouds of features, in the two directions in which they spread most."""
    real = ToyFaces("val", size=32, n=200, seed=5).images
    blurred = F.interpolate(F.avg_pool2d(real.float(), 4), 32, mode="bilinear").byte()
    crowds = {"real faces": (real, BLUE), "blurred ones": (blurred, VERMILLION)}
    features = [toy_classifier().features(images) for images, _ in crowds.values()]
    together = torch.cat(features)
    center = together.mean(dim=0)
    directions = torch.linalg.svd(together - center, full_matrices=False).Vh[:2].T  # [64, 2]
    figure = Figure(figsize=(3.3, 3.3))
    axes = figure.subplots()
    clouds = [((some - center) @ directions).numpy() for some in features]
    for cloud, (label, (_, color)) in zip(clouds, crowds.items(), strict=True):
        scatter(axes, cloud, color=color, s=6, label=label)
    _bare(axes, *clouds)
    axes.set_title("how far apart are two sets?")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=2, markerscale=2)
    return picture(
        figure,
        "Next: two clouds of dots, a dot a face: 200 real faces and their blurred twins, mostly apart.",
    )


@_coming(BEYOND)
def _beyond() -> Picture:
    """From here to Stable Diffusion, as a way with four stations."""
    stations = [
        ("Tasks 1 and 2\nDDPM", "you are here", BLUE),
        ("fewer steps", "DDIM, solvers of ODEs", GREEN),
        ("told what to draw", "guidance by words", ORANGE),
        ("in a small space", "an autoencoder's latents", PURPLE),
        ("Stable\nDiffusion", "", VERMILLION),
    ]
    figure = Figure(figsize=(7.6, 1.55))
    axes = figure.subplots()
    axes.set(xlim=(-0.5, len(stations) - 0.5), ylim=(-0.75, 0.5))
    axes.axis("off")
    for k, (name, what, color) in enumerate(stations):
        axes.text(
            k, 0.1, name, ha="center", va="center", fontsize=9,
            bbox={"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": color, "linewidth": 2},
        )  # fmt: skip
        axes.text(k, -0.5, what, ha="center", va="center", fontsize=8)
        if k:
            axes.annotate("", (k - 0.44, 0.1), (k - 0.56, 0.1), arrowprops={"arrowstyle": "->"})
    told = "; ".join(f"{name} ({what})" if what else name for name, what, _ in stations).replace("\n", " ")
    return picture(figure, f"The way from here: {told}.")
