"""Appends the last width to the caller's list: the second network made from it has one layer too many."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dim_hids.append(dim_out)
        self.layers = nn.ModuleList()
        for dim in dim_hids:
            self.layers.append(TimeLinear(dim_in, dim, num_timesteps))
            dim_in = dim

    def forward(self, x, t):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x, t))
        return self.layers[-1](x, t)
