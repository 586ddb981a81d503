"""Only the last layer is an nn.Linear."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids]
        self.hidden = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))
        self.out = nn.Linear(dims[-1], dim_out)

    def forward(self, x, t):
        for layer in self.hidden:
            x = F.silu(layer(x, t))
        return self.out(x)
