"""The judge's own way back from noise, with a trained network (Ho et al. 2020, Algorithm 2)."""

import numpy as np
import torch
from torch import Tensor

from labkit.checks.judges.tables import Tables, posterior_variance
from labkit.checks.judges.targets import TARGETS
from labkit.sampling.images import Step
from labkit.schedules import Schedule


def reverse_step(predictor: str, tables: Tables, clip: bool = False) -> Step:
    """A step whose network answers `predictor`, with the variance β̃_t (Eq. 7).

    With `clip`, a guess at x_0 that is one or follows from the noise is clipped to [−1, 1], as images are.
    """
    of_x0, of_x_t = TARGETS["mean"](tables)
    sigma = np.sqrt(posterior_variance(tables))
    guess_of_x0, guess_of_x_t = TARGETS[predictor](tables)

    def step(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
        now = int(t[0])
        mean = net_out
        if predictor != "mean":
            x0 = (net_out - guess_of_x_t[now] * x_t) / guess_of_x0[now]
            mean = of_x0[now] * (x0.clamp(-1, 1) if clip else x0) + of_x_t[now] * x_t
        return mean + sigma[now] * torch.randn_like(x_t)

    return step
