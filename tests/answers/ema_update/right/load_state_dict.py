"""Builds a new state_dict and loads it."""


def ema_update(average, network, decay):
    mixed, news = dict(average.state_dict()), network.state_dict()
    for name in news:
        mixed[name] = news[name]
    for name, weight in average.named_parameters():
        mixed[name] = decay * weight.detach() + (1 - decay) * news[name]
    average.load_state_dict(mixed)
