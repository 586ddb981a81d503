"""A layer, then a smaller SimpleNet for the rest."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        width = dim_hids[0] if dim_hids else dim_out
        self.layer = TimeLinear(dim_in, width, num_timesteps)
        self.rest = SimpleNet(width, dim_out, dim_hids[1:], num_timesteps) if dim_hids else None

    def forward(self, x, t):
        x = self.layer(x, t)
        return x if self.rest is None else self.rest(F.silu(x), t)
