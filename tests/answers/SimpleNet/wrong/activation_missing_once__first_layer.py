"""No activation between the first layer and the second."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc_in = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.fcs = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in zip(dim_hids[:-1], dim_hids[1:]))
        self.fc_out = TimeLinear(dim_hids[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        x = self.fc_in(x, t)
        for fc in self.fcs:
            x = F.silu(fc(x, t))
        return self.fc_out(x, t)
