"""Weights of the loss by timestep.

Hang et al., "Efficient Diffusion Training via Min-SNR Weighting Strategy", 2023, Section 3.4: the errors in
x0 shall count min(SNR_t, γ), where SNR_t = ᾱ_t / (1 − ᾱ_t). The plain loss of a predictor weighs them in
its own way; dividing by that gives the weight of its squared error.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from labkit.schedules import Schedule


def _noise(betas: Tensor, alphas_cumprod: Tensor, snr: Tensor, gamma: float) -> Tensor:
    # x_t = √ᾱ x0 + √(1 − ᾱ) ε, so an error in ε is one of 1/√SNR in x0.
    return (gamma / snr).clamp(max=1)


def _x0(betas: Tensor, alphas_cumprod: Tensor, snr: Tensor, gamma: float) -> Tensor:
    return snr.clamp(max=gamma)


def _mean(betas: Tensor, alphas_cumprod: Tensor, snr: Tensor, gamma: float) -> Tensor:
    # μ̃ = a x0 + b x_t with a = √ᾱ_{t−1} β / (1 − ᾱ), so an error in μ̃ is one of 1/a in x0. SNR / a² is
    # written out, since both vanish with ᾱ.
    squared = (betas / (1 - alphas_cumprod)) ** 2
    previous = alphas_cumprod / (1 - betas)
    weights = torch.minimum(
        (1 - betas) / (1 - alphas_cumprod) / squared,
        gamma / previous / squared,
    )
    return weights.where(betas > 0, 0.0)  # x_t is x_{t−1}: there is nothing to learn


_WEIGHTS: dict[str, Callable[[Tensor, Tensor, Tensor, float], Tensor]] = {
    "noise": _noise,
    "x0": _x0,
    "mean": _mean,
}


def min_snr(schedule: Schedule, predictor: str, gamma: float = 5.0) -> Tensor:
    """Min-SNR weights [T] for a network that predicts "noise", "x0" or "mean", on the schedule's device.

    They have mean 1 over t, so that the learning rate and `grad_clip` keep their meaning; up to that factor
    they are min(SNR, γ)/SNR for noise, min(SNR, γ) for x0 and min(SNR, γ)/a_t² for the posterior mean
    μ̃_t = a_t x0 + b_t x_t.

    Raises ValueError for another predictor, and where γ is not positive.
    """
    if predictor not in _WEIGHTS:
        raise ValueError(f'predictor must be "noise", "x0" or "mean", got {predictor!r}')
    if not gamma > 0:
        raise ValueError(f"gamma must be positive, got {gamma!r}")
    betas = schedule.betas.cpu().double()
    alphas_cumprod = (1 - betas).cumprod(0)
    weights = _WEIGHTS[predictor](betas, alphas_cumprod, alphas_cumprod / (1 - alphas_cumprod), gamma)
    return (weights / weights.mean()).float().to(schedule.betas.device)


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
