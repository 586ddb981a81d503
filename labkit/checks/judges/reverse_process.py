"""The judge's own way back from noise, with a trained network (Ho et al. 2020, Algorithm 2)."""

import numpy as np
import torch
from torch import Tensor

from labkit.checks.judges.reverse_mean import TARGET
from labkit.checks.judges.tables import Tables, posterior_variance
from labkit.sampling.images import Step
from labkit.schedules import Schedule


def reverse_step(predictor: str, tables: Tables, clip: bool = False) -> Step:
    """A step whose network answers "noise", "x0" or "mean", with the variance β̃_t (Eq. 7).

    With `clip`, a guess at x_0 that is one or follows from the noise is clipped to [−1, 1], as images are.
    """
    of_x0, of_x_t = TARGET.factors(tables)
    sigma = np.sqrt(posterior_variance(tables))
    signal, noise = np.sqrt(tables.cumprod), np.sqrt(1 - tables.cumprod)

    def step(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
        now = int(t[0])
        mean = net_out
        if predictor != "mean":
            x0 = net_out if predictor == "x0" else (x_t - noise[now] * net_out) / signal[now]
            mean = of_x0[now] * (x0.clamp(-1, 1) if clip else x0) + of_x_t[now] * x_t
        return mean + sigma[now] * torch.randn_like(x_t)

    return step
