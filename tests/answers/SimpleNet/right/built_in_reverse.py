"""Layers created from the last to the first, then called from the first to the last."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.final = TimeLinear(dim_hids[-1], dim_out, num_timesteps)
        backwards = []
        for i in range(len(dim_hids) - 1, 0, -1):
            backwards.append(TimeLinear(dim_hids[i - 1], dim_hids[i], num_timesteps))
        self.backwards = nn.ModuleList(backwards)
        self.first = TimeLinear(dim_in, dim_hids[0], num_timesteps)

    def forward(self, x, t):
        x = F.silu(self.first(x, t))
        for layer in reversed(self.backwards):
            x = F.silu(layer(x, t))
        return self.final(x, t)
