"""A training run of points in a second, for the tests."""

import torch
from torch import Tensor, nn

from labkit.training import Run, fit

SETTINGS = {
    "steps": 400,
    "batch_size": 8,
    "lr": 1e-2,
    "warmup": 20,
    "decay": "cosine",
    "ema_decay": 0.99,
    "checkpoint_every": 10,
}


class TinyNet(nn.Module):
    def __init__(self, width: int = 4):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, width), nn.SiLU(), nn.Linear(width, 2))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return self.layers(torch.cat([x, t[:, None] / 100], dim=1))


def network(width: int = 4) -> TinyNet:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return TinyNet(width)


def data(seed: int = 2) -> Tensor:
    return torch.randn(64, 2, generator=torch.Generator().manual_seed(seed))


def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
    """The noise of a made-up process, x_t = √(1 − t/100) x0 + √(t/100) ε, is to be found."""
    t = torch.randint(1, 100, (len(x0),))
    share = (t / 100)[:, None]
    noise = torch.randn_like(x0)
    return (network((1 - share).sqrt() * x0 + share.sqrt() * noise, t) - noise).square().mean()


def tiny_fit(out, **changes) -> Run:
    given = {"network": network(), "loss_fn": loss_fn, "data": data(), **SETTINGS, **changes}
    return fit(given.pop("network"), given.pop("loss_fn"), given.pop("data"), out=out, **given)
