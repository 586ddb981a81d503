"""Moves a share of the way towards the network."""

import torch


@torch.inference_mode(False)
def ema_update(average, network, decay):
    theirs = dict(network.named_parameters())
    with torch.no_grad():
        for name, mine in average.named_parameters():
            mine -= (1 - decay) * (mine - theirs[name])
        for mine, its in zip(average.buffers(), network.buffers()):
            mine[...] = its
