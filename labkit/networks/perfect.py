"""The best network there can be for a small set of images, written down instead of trained."""

import torch
from torch import Tensor

from labkit.schedules import Schedule, extract


class PerfectNetwork:
    """What training could reach at best where the data are a few images: no error at any t but chance's own.

    The guess at x_0 is the mean of the images, weighted with how likely each has become x_t (the posterior
    mean E[x_0 | x_t] of an empirical distribution; Karras et al., "Elucidating the Design Space of
    Diffusion-Based Generative Models", 2022, Appendix B.3).
    """

    def __init__(self, images: Tensor, schedule: Schedule, predictor: str):
        """`images` [N, C, H, W] in [−1, 1]; `predictor` is "noise", "x0" or "mean": what a call answers.

        Raises ValueError for another predictor.
        """
        if predictor not in ("noise", "x0", "mean"):
            raise ValueError(f'predictor must be "noise", "x0" or "mean", got {predictor!r}')
        self.images, self.schedule, self.predictor = images, schedule, predictor

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
        if self.predictor == "x0":
            return x0
        if self.predictor == "noise":
            return (x_t - signal.sqrt() * x0) / noise.sqrt()
        prev, beta = (
            extract(table, t, x_t) for table in (self.schedule.alphas_cumprod_prev, self.schedule.betas)
        )
        return (prev.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - prev) * x_t) / noise
