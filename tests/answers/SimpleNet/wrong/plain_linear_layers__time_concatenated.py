"""The time is one more input of an MLP of nn.Linear."""

import torch
import torch.nn.functional as F
from torch import nn


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.num_timesteps = num_timesteps
        dims = [dim_in + 1, *dim_hids, dim_out]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims[:-1], dims[1:]))

    def forward(self, x, t):
        x = torch.cat([x, (t / self.num_timesteps)[:, None].to(x.dtype)], dim=1)
        for layer in self.layers[:-1]:
            x = F.silu(layer(x))
        return self.layers[-1](x)
