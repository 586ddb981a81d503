"""Layers that scale what they return by a gain of their own."""

import torch
import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class Scaled(TimeLinear):
    def __init__(self, dim_in, dim_out, num_timesteps):
        super().__init__(dim_in, dim_out, num_timesteps)
        self.gain = nn.Parameter(torch.ones(1))

    def forward(self, x, t):
        return self.gain * super().forward(x, t)


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(Scaled(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x, t))
        return self.layers[-1](x, t)
