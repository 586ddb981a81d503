"""Layers folded with functools.reduce; the activation is in place."""

from functools import reduce

import torch.nn.functional as F
from torch import nn

from labkit.networks import TimeLinear


class SimpleNet(nn.Module):
    def __init__(self, dim_in, dim_out, dim_hids, num_timesteps):
        super().__init__()
        ins, outs = [dim_in, *dim_hids], [*dim_hids, dim_out]
        self.layers = nn.ModuleList(map(lambda i, o: TimeLinear(i, o, num_timesteps), ins, outs))

    def forward(self, x, t):
        *hidden, last = self.layers
        return last(reduce(lambda h, layer: F.silu(layer(h, t), inplace=True), hidden, x), t)
