"""Three hidden layers of 128, whatever dim_hids says."""

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.fc1 = TimeLinear(dim_in, 128, num_timesteps)
        self.fc2 = TimeLinear(128, 128, num_timesteps)
        self.fc3 = TimeLinear(128, 128, num_timesteps)
        self.fc4 = TimeLinear(128, dim_out, num_timesteps)

    def forward(self, x, t):
        x = F.silu(self.fc1(x, t))
        x = F.silu(self.fc2(x, t))
        x = F.silu(self.fc3(x, t))
        return self.fc4(x, t)
