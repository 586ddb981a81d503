"""Gives each weight new data."""


def ema_update(average, network, decay):
    for mine, its in zip(average.parameters(), network.parameters()):
        mine.data = decay * mine.data + (1 - decay) * its.data
    for mine, its in zip(average.buffers(), network.buffers()):
        mine.data = its.data.clone()
