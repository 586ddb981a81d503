"""One hidden layer called again and again instead of one for each width."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.first = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.hidden = TimeLinear(dim_hids[0], dim_hids[0], num_timesteps)
        self.last = TimeLinear(dim_hids[0], dim_out, num_timesteps)
        self.repeats = len(dim_hids) - 1

    def forward(self, x, t):
        x = F.silu(self.first(x, t))
        for _ in range(self.repeats):
            x = F.silu(self.hidden(x, t))
        return self.last(x, t)
