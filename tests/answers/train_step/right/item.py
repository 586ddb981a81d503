"""Returns a plain number; keywords all over."""


def train_step(network, average, optimizer, loss_fn, x0, decay):
    network.train()
    optimizer.zero_grad(set_to_none=False)
    loss = loss_fn(network=network, x0=x0)
    loss.backward()
    optimizer.step()
    ema_update(average=average, network=network, decay=decay)
    return loss.item()
