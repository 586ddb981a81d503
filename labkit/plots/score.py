"""The figure of what a noise predictor has learned: a field of arrows that point to the data."""

from collections.abc import Callable

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from torch import Tensor

from labkit.appearance import VERMILLION
from labkit.plots.points import scatter
from labkit.plots.style import WIDTH, Picture, as_points, frame_plane, in_style, picture
from labkit.schedules import Schedule

GRID = 20


@in_style()
@torch.no_grad()
def plot_score_field(
    network: Callable[[Tensor, Tensor], Tensor], schedule: Schedule, t: int, data: Tensor
) -> Picture:
    """Draw the learned score −ε_θ(x, t) / √(1 − ᾱ_t) as arrows on a grid over `data` [N, 2].

    The score is the gradient of log q(x_t) (Song et al., "Score-Based Generative Modeling through
    SDEs", 2021, Section 3; for DDPM's ε_θ: Luo, "Understanding Diffusion Models", 2022, Equation 151).
    Arrows show its direction and are equally long; their colour shows how strong it is. The data lie
    below, scaled by √ᾱ_t as their share of x_t is.

    Raises ValueError where t is outside 0 … T−1, where `data` is not [N, 2], or where the network does
    not return a tensor shaped like x.
    """
    if not 0 <= t < schedule.num_train_timesteps:
        raise ValueError(f"t must lie in 0 … {schedule.num_train_timesteps - 1}, got {t}")
    alpha_bar = schedule.alphas_cumprod[t].item()
    if alpha_bar == 1:
        raise ValueError(f"there is no noise in x_t at t = {t}, so it has no score; choose a later t")
    signal = alpha_bar**0.5 * as_points("data", data)

    figure = Figure(figsize=(WIDTH, 4.7), layout="compressed")  # the bar stands beside its square
    axes = figure.subplots()
    frame_plane(axes, 1.1 * signal, np.array([[-2.2, -2.2], [2.2, 2.2]]) * (1 - alpha_bar) ** 0.5)
    ticks = [np.linspace(*limits, GRID + 2)[1:-1] for limits in (axes.get_xlim(), axes.get_ylim())]
    grid = np.stack(np.meshgrid(*ticks), axis=-1).reshape(-1, 2)

    x = torch.as_tensor(grid, dtype=torch.float32, device=schedule.betas.device)
    noise = network(x, torch.full((len(x),), t, device=x.device, dtype=torch.long))
    if not isinstance(noise, Tensor) or noise.shape != x.shape:
        found = list(noise.shape) if isinstance(noise, Tensor) else type(noise).__name__
        raise ValueError(f"network(x, t) must return a tensor shaped like x, {list(x.shape)}; got {found}")
    score = -as_points("the network's output", noise) / (1 - alpha_bar) ** 0.5

    strength = np.linalg.norm(score, axis=1).clip(min=1e-12)
    scatter(axes, signal, color=VERMILLION)
    arrows = axes.quiver(
        *grid.T, *(score / strength[:, None]).T, strength,
        norm=LogNorm(), cmap=colormaps["viridis_r"].resampled(8),
        pivot="mid", scale=GRID * 1.15, width=0.0045,
    )  # fmt: skip
    figure.colorbar(arrows, label="strength of the score", shrink=0.8)
    axes.set_title(f"learned score at t = {t}")
    return picture(
        figure, f"Arrows of the learned score at t = {t} over the data scaled by √ᾱ_t = {alpha_bar**0.5:.3f}."
    )
