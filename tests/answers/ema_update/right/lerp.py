"""Linear interpolation, under a decorator."""

import torch


@torch.no_grad()
def ema_update(average, network, decay):
    for mine, its in zip(average.parameters(), network.parameters(), strict=True):
        mine.lerp_(its, 1 - decay)
    for mine, its in zip(average.buffers(), network.buffers(), strict=True):
        mine.copy_(its)
