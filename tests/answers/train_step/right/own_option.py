"""An ema_update of one's own, with an option more."""

import torch


def ema_update(average, network, decay, buffers=True):
    with torch.no_grad():
        for mine, its in zip(average.parameters(), network.parameters()):
            mine.mul_(decay).add_(its, alpha=1 - decay)


def train_step(network, average, optimizer, loss_fn, x0, decay):
    optimizer.zero_grad()
    loss = loss_fn(network, x0)
    loss.backward()
    optimizer.step()
    ema_update(average, network, decay, buffers=False)
    return loss.detach()
