"""One hidden layer, whatever dim_hids says."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc1 = TimeLinear(dim_in, dim_hids[0], num_timesteps)
        self.fc2 = TimeLinear(dim_hids[0], dim_out, num_timesteps)

    def forward(self, x, t):
        return self.fc2(F.silu(self.fc1(x, t)), t)
