"""The best network there can be for a finite set of points or images, written down instead of trained."""

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

_ROWS = 32
"""So many x_t are compared with all data at once: their distances to 32,768 points stay in the cache."""


class PerfectNetwork:
    """What training could reach at best where the data are N points or images: no error but chance's own.

    The guess at x_0 is the mean of the data, weighted with how likely each has become x_t (the posterior
    mean E[x_0 | x_t] of an empirical distribution; Karras et al., "Elucidating the Design Space of
    Diffusion-Based Generative Models", 2022, Appendix B.3).
    """

    def __init__(self, data: Tensor, schedule: Schedule, predictor: str):
        """`data` [N, …], points or images; `predictor`, such as "noise", is what a call answers.

        Raises ValueError for a predictor whose answer is not written down here.
        """
        if predictor not in TARGETS:
            raise ValueError(f"the perfect network answers {listed(TARGETS)}, not {predictor!r}")
        self.data, self.schedule, self._target = data, schedule, TARGETS[predictor]

    @torch.no_grad()
    def __call__(
        self, x_t: Tensor | None = None, t: Tensor | None = None, *, x: Tensor | None = None
    ) -> Tensor:
        """`x_t` [B, …], by name `x` too, and `t` [B], longs in 0 … T−1 → the answer, shaped like `x_t`.

        One t [1] stands for all samples. Raises TypeError where one of the two is missing.
        """
        x_t = x if x_t is None else x_t
        if x_t is None or t is None:
            raise TypeError("the network takes x_t and t")
        t = t.expand(len(x_t))
        rows = zip(x_t.split(_ROWS), t.split(_ROWS), strict=True)
        return self._target(self.schedule, x_t, torch.cat([self._guess(*some) for some in rows]), t)

    def _guess(self, x_t: Tensor, t: Tensor) -> Tensor:
        """The mean of the data, weighted with how likely each has become x_t [B, …]."""
        data = self.data.flatten(1)  # [N, D]
        signal = extract(self.schedule.alphas_cumprod, t, x_t.flatten(1))  # [B, 1]
        # |x_t − √ᾱ_t x_0|² as ᾱ_t |x_t/√ᾱ_t − x_0|²: nothing of the size [B, N, D] is made
        away = torch.cdist(x_t.flatten(1) / signal.sqrt(), data, compute_mode="donot_use_mm_for_euclid_dist")
        likely = torch.softmax(-signal * away.square() / (2 * (1 - signal)), dim=1)  # [B, N]
        return (likely @ data).view_as(x_t)
