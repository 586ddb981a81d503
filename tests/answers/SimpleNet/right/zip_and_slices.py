"""zip pairs neighbouring widths; the last layer is called apart."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x, t))
        return self.layers[-1](x, t)
