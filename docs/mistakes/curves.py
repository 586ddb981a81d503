"""The picture of a mistake's numbers, beside what the theory says."""

import io
from collections.abc import Callable

import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch.nn import functional as F

from labkit.checks import Verdict
from labkit.checks.verdict import draw
from labkit.checks.wrong import Curve

X = np.linspace(-4, 4, 33)
ACTIVATIONS = {
    "relu_for_silu": F.relu,
    "gelu_for_silu": F.gelu,
    "tanh_for_silu": torch.tanh,
    "sigmoid_for_silu": torch.sigmoid,
    "leaky_relu_for_silu": F.leaky_relu,
    "elu_for_silu": F.elu,
    "softplus_for_silu": F.softplus,
    "no_activation": lambda x: x,
    "activation_twice": lambda x: F.silu(F.silu(x)),
}
FORMS_OF_LOSS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "l1_loss": np.abs,
    "huber_loss": lambda d: np.where(np.abs(d) < 1, d**2 / 2, np.abs(d) - 0.5),
    "missing_square": lambda d: d,
    "root_mse": np.abs,
}
SHARED_ALONG = {
    "no_noise_drawn": (0, 1, 2, 3),
    "shared_noise": (0,),
    "noise_shared_by_channels": (1,),
    "noise_shared_by_pixels": (2, 3),
}
"""Along which axes of [B, C, H, W] the numbers are the same"""


def picture(name: str, verdict: Verdict | None) -> Figure | None:
    """What the mistake looks like, where there is something to see."""
    if verdict and verdict.curve:
        return draw(verdict.curve)
    if name in ACTIVATIONS:
        x = torch.from_numpy(X)
        right, wrong = F.silu(x).numpy(), ACTIVATIONS[name](x).numpy()
        return draw(Curve("the activation", X, right, wrong, over="x"))
    if name in FORMS_OF_LOSS:
        return draw(Curve("the loss of one error", X, X**2, FORMS_OF_LOSS[name](X), over="answer − target"))
    if name in SHARED_ALONG:
        return noise_images(SHARED_ALONG[name])
    return None


def noise_images(axes: tuple[int, ...]) -> Figure:
    """Four images of noise drawn afresh for every number, and four where it is shared along `axes`."""
    rng, shape = np.random.default_rng(0), (4, 3, 12, 12)
    small = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    shared = np.zeros(shape) if len(axes) == 4 else np.broadcast_to(rng.standard_normal(small), shape)
    figure = Figure(figsize=(4.6, 2.6), dpi=80, layout="constrained")
    for row, (title, z) in zip(
        figure.subplots(2, 4), {"theory": rng.standard_normal(shape), "yours": shared}.items(), strict=True
    ):
        for axis, image in zip(row, z, strict=True):
            axis.imshow((0.5 + 0.2 * image).clip(0, 1).transpose(1, 2, 0))
            axis.set_axis_off()
        row[0].set_title(title, loc="left", fontsize="medium")
    return figure


def as_png(figure: Figure) -> bytes:
    """A PNG of few colours: a page has a hundred of them."""
    png, small = io.BytesIO(), io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    Image.open(png).convert("RGB").quantize(32).save(small, "png", optimize=True)
    return small.getvalue()
