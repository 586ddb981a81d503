"""All weights in one call."""

import torch


@torch.no_grad()
def ema_update(average, network, decay):
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)
    for name, buffer in average.named_buffers():
        buffer.copy_(network.get_buffer(name))
