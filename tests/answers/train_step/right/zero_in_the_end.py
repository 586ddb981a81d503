"""Clears the gradients when they have been used."""


def train_step(network, average, optimizer, loss_fn, x0, decay):
    loss = loss_fn(network, x0)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    ema_update(average, network, decay)
    return loss.detach()
