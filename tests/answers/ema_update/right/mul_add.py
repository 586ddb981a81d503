"""Scales the average, then adds the network's part."""

import torch


def ema_update(average, network, decay):
    with torch.no_grad():
        for mine, its in zip(average.parameters(), network.parameters()):
            mine.mul_(decay).add_(its, alpha=1 - decay)
        for mine, its in zip(average.buffers(), network.buffers()):
            mine.copy_(its)
