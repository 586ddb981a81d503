"""The tensors of a state_dict are those of the network: writes into them."""

import torch


def ema_update(average, network, decay):
    weights = {name for name, _ in network.named_parameters()}
    news = network.state_dict()
    with torch.no_grad():
        for name, mine in average.state_dict().items():
            if name in weights:
                mine.copy_(decay * mine + (1 - decay) * news[name])
            else:
                mine.copy_(news[name])
