"""PyTorch's own function for averaged models."""

from torch.optim.swa_utils import get_ema_multi_avg_fn


def ema_update(average, network, decay):
    get_ema_multi_avg_fn(decay)(list(average.parameters()), list(network.parameters()), None)
    for mine, its in zip(average.buffers(), network.buffers()):
        mine.data.copy_(its.data)
