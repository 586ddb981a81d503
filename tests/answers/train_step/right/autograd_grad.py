"""Computes the gradient and lays it where the optimizer looks."""

import torch


def train_step(network, average, optimizer, loss_fn, x0, decay):
    weights = list(network.parameters())
    loss = loss_fn(network, x0)
    for weight, gradient in zip(weights, torch.autograd.grad(loss, weights)):
        weight.grad = gradient
    optimizer.step()
    ema_update(average, network, decay)
    return loss.data
