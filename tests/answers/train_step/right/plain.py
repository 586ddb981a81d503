"""As in every tutorial."""


def train_step(network, average, optimizer, loss_fn, x0, decay):
    optimizer.zero_grad()
    loss = loss_fn(network, x0)
    loss.backward()
    optimizer.step()
    ema_update(average, network, decay)
    return loss.detach()
