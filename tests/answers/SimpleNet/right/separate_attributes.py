"""Layers as attributes layer_0, layer_1, … instead of a list."""

import torch
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in] + list(dim_hids) + [dim_out]
        self.num_layers = len(dims) - 1
        for i in range(self.num_layers):
            setattr(self, f"layer_{i}", TimeLinear(dims[i], dims[i + 1], num_timesteps))

    def forward(self, x, t):
        h = x
        for i in range(self.num_layers - 1):
            h = torch.nn.functional.silu(getattr(self, f"layer_{i}")(h, t))
        return getattr(self, f"layer_{self.num_layers - 1}")(h, t)
