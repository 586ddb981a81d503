"""A Sequential that hands the time to those of its parts that want it."""

from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Sequential):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        modules = []
        for dim in dim_hids:
            modules += [TimeLinear(dim_in, dim, num_timesteps), nn.SiLU()]
            dim_in = dim
        super().__init__(*modules, TimeLinear(dim_in, dim_out, num_timesteps))

    def forward(self, x, t):
        for module in self:
            x = module(x, t) if isinstance(module, TimeLinear) else module(x)
        return x
