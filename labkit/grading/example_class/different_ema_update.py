@torch.no_grad()
def ema_update(average, network, decay):
    theirs = dict(network.named_parameters())
    for name, weight in average.named_parameters():
        weight.lerp_(theirs[name], 1 - decay)
    for name, buffer in average.named_buffers():
        buffer.copy_(network.get_buffer(name))
