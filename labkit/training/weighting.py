"""Weights of the loss by timestep.

Hang et al., "Efficient Diffusion Training via Min-SNR Weighting Strategy", 2023, Section 3.4: the errors in
x0 shall count min(SNR_t, γ), where SNR_t = ᾱ_t / (1 − ᾱ_t). The plain loss of a predictor weighs them in
its own way; dividing by that gives the weight of its squared error.
"""

import numpy as np
import torch
from torch import Tensor

from labkit.predictors import find_predictor
from labkit.schedules import Schedule


def min_snr(schedule: Schedule, predictor: str, gamma: float = 5.0) -> Tensor:
    """Min-SNR weights [T] for a network that predicts what `predictor` names, on the schedule's device.

    They have mean 1 over t, so that the learning rate and `grad_clip` keep their meaning; up to that factor
    they are min(SNR, γ)/SNR for noise, min(SNR, γ) for x0 and min(SNR, γ)/a_t² for the posterior mean
    μ̃_t = a_t x0 + b_t x_t.

    Raises ValueError for an unknown predictor, and where γ is not positive.
    """
    error_weight = find_predictor(predictor).error_weight
    if not gamma > 0:
        raise ValueError(f"gamma must be positive, got {gamma!r}")
    betas = schedule.betas.cpu().double().numpy()  # Apple's GPU has no float64
    alphas_cumprod = np.cumprod(1 - betas)
    previous = np.concatenate([[1.0], alphas_cumprod[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):  # where there is no noise
        snr = alphas_cumprod / (1 - alphas_cumprod)
        counted = error_weight(betas, alphas_cumprod, previous)
        # Where x_0 has no part in the answer, there is nothing to learn.
        weights = np.where(counted > 0, np.minimum(snr, gamma) / counted, 0.0)
    return torch.from_numpy(weights / weights.mean()).float().to(schedule.betas.device)


def checked_weighting(weighting: Tensor) -> Tensor:
    """Return `weighting` as it is, or raise ValueError where it is no set of weights [T]."""
    if weighting.ndim != 1 or not weighting.is_floating_point() or len(weighting) == 0:
        found = f"{str(weighting.dtype).removeprefix('torch.')} {list(weighting.shape)}"
        raise ValueError(f"weighting must hold one float for each timestep, [T], got {found}")
    if not (weighting.isfinite() & (weighting >= 0)).all() or not weighting.any():
        raise ValueError("weighting must be finite and nowhere negative, and not all 0")
    return weighting


def describe_weighting(weighting: Tensor) -> str:
    """One line that tells one weighting from another and forgives a rounding."""
    chosen = weighting[torch.linspace(0, len(weighting) - 1, 5).round().long().to(weighting.device)]
    marks = ", ".join(f"{x:.3g}" for x in [weighting.mean().item(), *chosen.tolist()])
    return f"{len(weighting)} weights, mean and some: {marks}"
