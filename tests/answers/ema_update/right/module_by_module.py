"""Walks through the modules."""

import torch


def ema_update(average, network, decay):
    for mine, its in zip(average.modules(), network.modules()):
        for name, weight in mine.named_parameters(recurse=False):
            with torch.no_grad():
                weight.copy_(torch.lerp(getattr(its, name), weight, decay))
        for name, _ in mine.named_buffers(recurse=False):
            setattr(mine, name, getattr(its, name).clone())
    return average
