"""One ModuleList over neighbouring widths, F.silu after all but the last."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(
            [TimeLinear(dims[i], dims[i + 1], num_timesteps) for i in range(len(dims) - 1)]
        )

    def forward(self, x, t):
        for i, layer in enumerate(self.layers):
            x = layer(x, t)
            if i < len(self.layers) - 1:
                x = F.silu(x)
        return x
