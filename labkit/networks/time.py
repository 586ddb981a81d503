"""Layers that know the time."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TimeEmbedding(nn.Module):
    """Turns timesteps `t` [B] into vectors [B, dim]: waves of many frequencies, then a small MLP.

    The waves are the sinusoidal position encoding of Vaswani et al., "Attention Is All You Need"
    (2017), Section 3.5, as DDPM uses it (Ho et al. 2020, Appendix B).
    """

    waves: Tensor

    def __init__(
        self, dim: int, num_timesteps: int, num_frequencies: int = 128, max_period: float = 10_000.0
    ):
        super().__init__()
        exponents = torch.arange(num_frequencies, dtype=torch.float64) / num_frequencies
        angles = torch.arange(num_timesteps)[:, None] * torch.exp(-math.log(max_period) * exponents)
        # One row per timestep: to look a wave up costs less than to compute it at every call.
        waves = torch.cat([angles.cos(), angles.sin()], dim=1).float()
        self.register_buffer("waves", waves, persistent=False)
        self.mlp = nn.Sequential(nn.Linear(2 * num_frequencies, dim), nn.SiLU(), nn.Linear(dim, dim))

    def forward(self, t: Tensor) -> Tensor:
        """`t` [B], integers in 0 … num_timesteps − 1 → [B, dim]."""
        return self.mlp(self.waves[t])


class TimeLinear(nn.Module):
    """A linear layer whose outputs are scaled, channel by channel, by an embedding of the time."""

    def __init__(self, dim_in: int, dim_out: int, num_timesteps: int):
        super().__init__()
        self.dim_in, self.dim_out, self.num_timesteps = dim_in, dim_out, num_timesteps
        self.fc = nn.Linear(dim_in, dim_out)
        self.time_embedding = TimeEmbedding(dim_out, num_timesteps)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """`x` [B, dim_in] and `t` [B] → [B, dim_out]."""
        times, position = t.unique(return_inverse=True)  # when sampling, a whole batch shares one t
        return F.embedding(position, self.time_embedding(times)) * self.fc(x)
