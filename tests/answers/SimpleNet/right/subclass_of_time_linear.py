"""Hidden layers are a subclass of TimeLinear that ends in SiLU."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class HiddenLayer(TimeLinear):
    def forward(self, x, t):
        return F.silu(super().forward(x, t))


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.num_timesteps = num_timesteps
        dims = [dim_in, *dim_hids]
        self.hids = nn.ModuleList([HiddenLayer(dims[i], d, num_timesteps) for i, d in enumerate(dim_hids)])
        self.fc_out = TimeLinear(dim_hids[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        for hid in self.hids:
            x = hid(x, t)
        return self.fc_out(x, t)
