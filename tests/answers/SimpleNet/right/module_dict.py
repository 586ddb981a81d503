"""Layers in a ModuleDict, called by name."""

from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        layers = {"input": TimeLinear(dim_in, dim_hids[0], num_timesteps)}
        for i in range(1, len(dim_hids)):
            layers[f"hidden{i}"] = TimeLinear(dim_hids[i - 1], dim_hids[i], num_timesteps)
        layers["output"] = TimeLinear(dim_hids[-1], dim_out, num_timesteps)
        self.layers = nn.ModuleDict(layers)

    def forward(self, x, t):
        for name, layer in self.layers.items():
            x = layer(x, t)
            if name != "output":
                x = nn.functional.silu(x)
        return x
