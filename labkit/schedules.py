"""The noise schedule of a diffusion model: how much signal survives at each timestep.

Timesteps are 0-indexed, t = 0 … T−1, and the product of no alphas is one: alphas_cumprod at t = −1
is 1 (Ho et al., "Denoising Diffusion Probabilistic Models", 2020, Section 2, which counts from 1).
"""

from dataclasses import dataclass, fields

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Schedule:
    """A noise schedule; each field is a float32 tensor of shape [T] on one device."""

    betas: Tensor
    """β_t, the variance that step t adds; in [0, 1)."""
    alphas: Tensor
    """α_t = 1 − β_t."""
    alphas_cumprod: Tensor
    """ᾱ_t = α_0 · … · α_t, the share of the signal's variance that is left in x_t."""
    alphas_cumprod_prev: Tensor
    """ᾱ_{t−1}, with ᾱ_{−1} = 1."""

    @classmethod
    def from_betas(cls, betas: Tensor) -> "Schedule":
        """Make a schedule from β_t of shape [T], in [0, 1); it stays on the device of `betas`.

        Products are taken in float64 and stored in float32.

        Raises ValueError where `betas` is no vector or leaves [0, 1).
        """
        if betas.ndim != 1 or len(betas) == 0:
            raise ValueError(f"betas must have shape [T] with T ≥ 1, got {list(betas.shape)}")
        if not ((betas >= 0) & (betas < 1)).all():
            raise ValueError("every beta must lie in [0, 1)")
        alphas = 1 - betas.detach().to("cpu", torch.float64)  # MPS knows no float64
        alphas_cumprod = alphas.cumprod(dim=0)
        alphas_cumprod_prev = torch.cat([torch.ones(1, dtype=torch.float64), alphas_cumprod[:-1]])
        stored = (1 - alphas, alphas, alphas_cumprod, alphas_cumprod_prev)
        return cls(*(values.to(betas.device, torch.float32) for values in stored))

    @classmethod
    def linear(cls, num_train_timesteps: int, beta_start: float = 1e-4, beta_end: float = 0.02) -> "Schedule":
        """β_t rises linearly from `beta_start` to `beta_end` (Ho et al. 2020, Section 4)."""
        return cls.from_betas(torch.linspace(beta_start, beta_end, num_train_timesteps, dtype=torch.float64))

    @classmethod
    def quad(cls, num_train_timesteps: int, beta_start: float = 1e-4, beta_end: float = 0.02) -> "Schedule":
        """√β_t rises linearly, so β_t rises as a square between the same two ends."""
        roots = torch.linspace(beta_start**0.5, beta_end**0.5, num_train_timesteps, dtype=torch.float64)
        return cls.from_betas(roots**2)

    @property
    def num_train_timesteps(self) -> int:
        """T, the number of timesteps."""
        return len(self.betas)

    def to(self, device: torch.device | str) -> "Schedule":
        """Return the same schedule on another device."""
        return Schedule(*(getattr(self, field.name).to(device) for field in fields(self)))


def extract(values: Tensor, t: Tensor, x: Tensor) -> Tensor:
    """Read `values` [T] at the timesteps `t` [B], shaped [B, 1, …, 1] to broadcast over `x` [B, …]."""
    return values[t].reshape(len(t), *[1] * (x.ndim - 1))
