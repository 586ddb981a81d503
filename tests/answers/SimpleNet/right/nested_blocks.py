"""A block module of one TimeLinear and its SiLU; the last block has an Identity."""

from torch import nn

from labkit.networks import TimeLinear


class Block(nn.Module):
    def __init__(self, dim_in, dim_out, num_timesteps, activation):
        super().__init__()
        self.fc = TimeLinear(dim_in, dim_out, num_timesteps)
        self.activation = activation

    def forward(self, x, t):
        return self.activation(self.fc(x, t))


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        blocks = []
        for dim in dim_hids:
            blocks.append(Block(dim_in, dim, num_timesteps, nn.SiLU()))
            dim_in = dim
        blocks.append(Block(dim_in, dim_out, num_timesteps, nn.Identity()))
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x, t):
        for block in self.blocks:
            x = block(x, t)
        return x
