"""An ordinary MLP of nn.Linear: the time never enters."""

from torch import nn


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        layers = []
        for dim in dim_hids:
            layers += [nn.Linear(dim_in, dim), nn.SiLU()]
            dim_in = dim
        self.net = nn.Sequential(*layers, nn.Linear(dim_in, dim_out))

    def forward(self, x, t):
        return self.net(x)
