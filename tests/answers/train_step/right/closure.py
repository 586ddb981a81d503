"""The optimizer calls for loss and gradient."""

import torch


def train_step(network, average, optimizer, loss_fn, x0, decay):
    def closure():
        optimizer.zero_grad()
        loss = loss_fn(network, x0)
        loss.backward()
        return loss

    with torch.enable_grad():
        loss = optimizer.step(closure)
    ema_update(average, network, decay)
    return loss.detach().clone()
