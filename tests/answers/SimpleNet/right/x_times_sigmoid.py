"""SiLU written out as x · sigmoid(x)."""

from itertools import pairwise

import torch
from torch import nn

from labkit.networks import TimeLinear


def swish(x):
    return x * torch.sigmoid(x)


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids]
        self.layers = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in pairwise(dims))
        self.head = TimeLinear(dims[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        for layer in self.layers:
            x = swish(layer(x, t))
        return self.head(x, t)
