"""The last hidden layer has no activation: the loop's condition stops one layer early."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        for i, layer in enumerate(self.layers):
            x = layer(x, t)
            if i < len(self.layers) - 2:
                x = F.silu(x)
        return x
