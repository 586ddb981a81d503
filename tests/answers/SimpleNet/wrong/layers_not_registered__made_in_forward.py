"""New layers, with new random weights, at every call: nothing can be learnt."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.dims = [dim_in, *dim_hids, dim_out]
        self.num_timesteps = num_timesteps

    def forward(self, x, t):
        for i in range(len(self.dims) - 1):
            x = TimeLinear(self.dims[i], self.dims[i + 1], self.num_timesteps)(x, t)
            if i < len(self.dims) - 2:
                x = F.silu(x)
        return x
