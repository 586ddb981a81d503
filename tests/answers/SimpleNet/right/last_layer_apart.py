"""Hidden layers in a ModuleList, the last layer an attribute, nn.SiLU as a module."""

from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        self.hidden = nn.ModuleList()
        width = dim_in
        for dim in dim_hids:
            self.hidden.append(TimeLinear(width, dim, num_timesteps))
            width = dim
        self.out = TimeLinear(width, dim_out, num_timesteps)
        self.act = nn.SiLU()

    def forward(self, x, t):
        for layer in self.hidden:
            x = self.act(layer(x, t))
        return self.out(x, t)
