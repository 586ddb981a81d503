"""One hidden layer too few: the last width of dim_hids is dropped."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.layers = nn.ModuleList([TimeLinear(dim_in, dim_hids[0], num_timesteps)])
        for i in range(1, len(dim_hids) - 1):
            self.layers.append(TimeLinear(dim_hids[i - 1], dim_hids[i], num_timesteps))
        self.out = TimeLinear(self.layers[-1].dim_out, dim_out, num_timesteps)

    def forward(self, x, t):
        for layer in self.layers:
            x = F.silu(layer(x, t))
        return self.out(x, t)
