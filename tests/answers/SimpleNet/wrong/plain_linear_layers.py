"""Hidden layers are nn.Linear: the time enters once, in the first layer."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.first = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        dims = [*dim_hids, dim_out]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        x = self.first(x, t)
        for layer in self.layers:
            x = layer(F.silu(x))
        return x
