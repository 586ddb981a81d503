"""First and last layer are attributes, those between sit in a Python list."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc_in = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.fc_hids = []
        for i in range(1, len(dim_hids)):
            self.fc_hids.append(TimeLinear(dim_hids[i - 1], dim_hids[i], num_timesteps))
        self.fc_out = TimeLinear(dim_hids[-1], dim_out, num_timesteps)

    def forward(self, x, t):
        x = F.silu(self.fc_in(x, t))
        for fc in self.fc_hids:
            x = F.silu(fc(x, t))
        return self.fc_out(x, t)
