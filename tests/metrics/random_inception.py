"""Random weights for pytorch-fid's Inception network: the real ones cannot be had on every machine."""

from pathlib import Path

import torch
from torch import nn

from labkit.metrics.inception import WEIGHTS_NAME, inception_network


def write_random_weights(torch_home: Path) -> Path:
    """A file where pytorch-fid looks for its own, drawn so that activations keep their size (He, 2015)."""
    torch.manual_seed(0)
    network = inception_network()
    for weight in network.parameters():
        if weight.ndim == 4:
            nn.init.kaiming_normal_(weight, nonlinearity="relu")
    path = torch_home / "hub" / "checkpoints" / WEIGHTS_NAME
    path.parent.mkdir(parents=True)
    torch.save(network.state_dict(), path)
    return path
