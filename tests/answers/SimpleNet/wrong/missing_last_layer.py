"""Stops after the hidden layers: the output is as wide as the last of them."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids]
        self.layers = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        for layer in self.layers:
            x = F.silu(layer(x, t))
        return x
