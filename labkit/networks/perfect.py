"""The best network there can be for a small set of images, written down instead of trained."""

from collections.abc import Callable

import torch
from torch import Tensor

from labkit.predictors import listed
from labkit.schedules import Schedule, extract


def _noise(schedule: Schedule, x_t: Tensor, x0: Tensor, t: Tensor) -> Tensor:
    signal = extract(schedule.alphas_cumprod, t, x_t)
    return (x_t - signal.sqrt() * x0) / (1 - signal).sqrt()


def _mean(schedule: Schedule, x_t: Tensor, x0: Tensor, t: Tensor) -> Tensor:
    tables = (schedule.alphas_cumprod_prev, schedule.betas, schedule.alphas_cumprod)
    prev, beta, signal = (extract(table, t, x_t) for table in tables)
    return (prev.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - prev) * x_t) / (1 - signal)


TARGETS: dict[str, Callable[[Schedule, Tensor, Tensor, Tensor], Tensor]] = {
    "noise": _noise,
    "x0": lambda schedule, x_t, x0, t: x0,
    "mean": _mean,
}
"""predictor → (schedule, x_t, x_0, t) → what it guesses. It would answer TODOs, so that no sandbox has it."""


class PerfectNetwork:
    """What training could reach at best where the data are a few images: no error at any t but chance's own.

    The guess at x_0 is the mean of the images, weighted with how likely each has become x_t (the posterior
    mean E[x_0 | x_t] of an empirical distribution; Karras et al., "Elucidating the Design Space of
    Diffusion-Based Generative Models", 2022, Appendix B.3).
    """

    def __init__(self, images: Tensor, schedule: Schedule, predictor: str):
        """`images` [N, C, H, W] in [−1, 1]; `predictor`, such as "noise", is what a call answers.

        Raises ValueError for a predictor whose answer is not written down here.
        """
        if predictor not in TARGETS:
            raise ValueError(f"the perfect network answers {listed(TARGETS)}, not {predictor!r}")
        self.images, self.schedule, self._target = images, schedule, TARGETS[predictor]

    @torch.no_grad()
    def __call__(
        self, x_t: Tensor | None = None, t: Tensor | None = None, *, x: Tensor | None = None
    ) -> Tensor:
        """`x_t` [B, C, H, W], by name `x` too, and `t` [B], longs in 0 … T−1 → the answer, shaped like `x_t`.

        One t [1] stands for all samples. Raises TypeError where one of the two is missing.
        """
        x_t = x if x_t is None else x_t
        if x_t is None or t is None:
            raise TypeError("the network takes x_t and t")
        t = t.expand(len(x_t))
        signal = extract(self.schedule.alphas_cumprod, t, x_t)  # [B, 1, 1, 1]
        noise = 1 - signal
        away = x_t[:, None] - signal.sqrt()[:, None] * self.images  # [B, N, C, H, W]
        likely = torch.softmax(-away.square().sum(dim=(2, 3, 4)) / (2 * noise.flatten(1)), dim=1)  # [B, N]
        x0 = torch.einsum("bn,nchw->bchw", likely, self.images)
        return self._target(self.schedule, x_t, x0, t)
