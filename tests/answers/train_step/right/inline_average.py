"""The network clears its gradients, and the average is written out."""

import torch


def train_step(network, average, optimizer, loss_fn, x0, decay):
    network.zero_grad()
    loss = loss_fn(network, x0)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for mine, its in zip(average.parameters(), network.parameters()):
            mine.lerp_(its, 1 - decay)
    return loss.detach()
