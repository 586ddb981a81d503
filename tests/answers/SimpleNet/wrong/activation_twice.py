"""SiLU inside the block and again after it."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class Block(nn.Module):
    def __init__(self, dim_in, dim_out, num_timesteps):
        super().__init__()
        self.fc = TimeLinear(dim_in, dim_out, num_timesteps)

    def forward(self, x, t):
        return F.silu(self.fc(x, t))


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        dims = [dim_in, *dim_hids]
        self.blocks = nn.ModuleList(Block(a, b, num_timesteps) for a, b in zip(dims[:-1], dims[1:]))
        self.out = TimeLinear(dims[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        for block in self.blocks:
            x = F.silu(block(x, t))
        return self.out(x, t)
