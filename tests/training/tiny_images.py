"""A training run of images in a second, for the tests."""

import time

import torch
from torch import Tensor, nn

from labkit.schedules import Schedule, extract
from labkit.training import Run, fit, min_snr

T = 100
SCHEDULE = Schedule.linear(T)
SETTINGS = {
    "steps": 24,
    "batch_size": 8,
    "lr": 1e-3,
    "warmup": 3,
    "decay": "cosine",
    "ema_decay": 0.9,
    "grad_clip": 1.0,
    "weighting": min_snr(SCHEDULE, "noise"),
    "checkpoint_every": 10,
}


class TinyUNet(nn.Module):
    """Down, up, a skip in between; it knows the time, and dropout where it is asked for."""

    def __init__(self, width: int = 8, dropout: float = 0.0):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1)
        self.time = nn.Linear(1, width)
        self.down = nn.Conv2d(width, width, 3, stride=2, padding=1)
        self.norm = nn.GroupNorm(2, width)
        self.dropout = nn.Dropout(dropout)
        self.up = nn.Conv2d(2 * width, 3, 3, padding=1)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        x = self.stem(x) + self.time(t[:, None] / T)[:, :, None, None]
        below = nn.functional.silu(self.norm(self.down(x)))
        above = nn.functional.interpolate(self.dropout(below), scale_factor=2)
        return self.up(torch.cat([x, above], dim=1))


def network(dropout: float = 0.0) -> TinyUNet:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return TinyUNet(dropout=dropout)


def images(seed: int = 2, n: int = 40) -> Tensor:
    return torch.randint(
        256, (n, 3, 16, 16), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed)
    )


def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
    t = torch.randint(T, (len(x0),))
    alphas_cumprod, noise = extract(SCHEDULE.alphas_cumprod, t, x0), torch.randn_like(x0)
    x_t = alphas_cumprod.sqrt() * x0 + (1 - alphas_cumprod).sqrt() * noise
    return (network(x_t, t) - noise).square().mean()


def preview(network: nn.Module) -> Tensor:
    return network(torch.randn(4, 3, 16, 16), torch.zeros(4))


def tiny_fit(out, **changes) -> Run:
    given = {"network": network(), "loss_fn": loss_fn, "data": images(), **SETTINGS, **changes}
    return fit(given.pop("network"), given.pop("loss_fn"), given.pop("data"), out=out, **given)


def slow_loss(network: nn.Module, x0: Tensor) -> Tensor:
    if torch.is_grad_enabled():  # a step
        time.sleep(0.005)
    return loss_fn(network, x0)


def long_fit(out) -> None:
    """Something to kill twenty times, on however fast a machine."""
    torch.set_num_threads(1)
    tiny_fit(out, loss_fn=slow_loss, steps=300, checkpoint_every=3, preview=preview)
