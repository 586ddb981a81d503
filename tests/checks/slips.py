"""Answers that are nearly right: a factor is off by 2 % in a tenth of the timesteps, or the noise a little.

No sane code does this; it tells how fine the checks measure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from labkit.schedules import Schedule, extract

TENTHS = range(10)


@dataclass(frozen=True)
class Slip:
    todo: str
    name: str
    answer: Callable[..., Any]


@dataclass(frozen=True)
class Off:
    """By how much each part is off: factors at the timesteps of a tenth, and the noise at all of them."""

    tenth: int = 0
    first: float = 1.0
    second: float = 1.0
    variance: float = 1.0
    mean: float = 0.0

    def factor(self, which: str, schedule: Schedule, t: Tensor, x: Tensor) -> Tensor:
        T = schedule.num_train_timesteps
        inside = torch.arange(T) * 10 // T == self.tenth
        return extract(torch.where(inside, getattr(self, which), 1.0), t, x)

    def noise(self, like: Tensor) -> Tensor:
        return self.variance**0.5 * torch.randn_like(like) + self.mean


def _add_noise(
    off: Off, schedule: Schedule, x0: Tensor, t: Tensor, eps: Tensor | None
) -> tuple[Tensor, Tensor]:
    eps = off.noise(x0) if eps is None else eps
    a = extract(schedule.alphas_cumprod, t, x0)
    signal, noise = (off.factor(which, schedule, t, x0) for which in ("first", "second"))
    return signal * a.sqrt() * x0 + noise * (1 - a).sqrt() * eps, eps


def _step(off: Off, schedule: Schedule, x_t: Tensor, t: Tensor, of_x_t: Tensor, of_out: Tensor, out: Tensor):
    ours, theirs = (off.factor(which, schedule, t, x_t) for which in ("first", "second"))
    mean = ours * of_x_t * x_t + theirs * of_out * out
    variance = extract(schedule.betas, t, x_t)
    return mean if t[0] == 0 else mean + variance.sqrt() * off.noise(x_t)


def _step_noise(off: Off, schedule: Schedule, x_t: Tensor, t: Tensor, out: Tensor) -> Tensor:
    beta, alpha, a = (
        extract(table, t, x_t) for table in (schedule.betas, schedule.alphas, schedule.alphas_cumprod)
    )
    return _step(off, schedule, x_t, t, alpha**-0.5, -beta / ((1 - a) * alpha).sqrt(), out)


def _posterior(schedule: Schedule, t: Tensor, x: Tensor) -> tuple[Tensor, Tensor]:
    beta, a, before = (
        extract(table, t, x)
        for table in (schedule.betas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    return (1 - beta).sqrt() * (1 - before) / (1 - a), before.sqrt() * beta / (1 - a)


def _loss(off: Off, schedule: Schedule, network: Callable, x0: Tensor, target: str) -> Tensor:
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    eps = off.noise(x0)
    x_t, _ = _add_noise(Off(), schedule, x0, t, eps)
    first, second = (off.factor(which, schedule, t, x0) for which in ("first", "second"))
    if target == "mean":
        of_x_t, of_x0 = _posterior(schedule, t, x0)
        wanted = first * of_x_t * x_t + second * of_x0 * x0
    else:
        wanted = first * {"noise": eps, "x0": x0}[target]
    return F.mse_loss(network(x_t, t), wanted)


def _cosine_betas(off: Off, T: int, s: float = 0.008) -> Tensor:
    u = torch.arange(T + 1, dtype=torch.float64) / T
    signal = torch.cos((u + s) / (1 + s) * torch.pi / 2) ** 2
    betas = (1 - signal[1:] / signal[:-1]).clamp(max=0.999)
    inside = torch.arange(T) * 10 // T == off.tenth
    return (betas * torch.where(inside, off.first, 1.0)).clamp(max=0.999).float()


def _two_factors() -> Iterator[tuple[str, Off]]:
    for tenth in TENTHS:
        for which in ("first", "second"):
            for by in (0.98, 1.02):
                yield f"{which} factor × {by}, tenth {tenth}", Off(tenth, **{which: by})


def _one_factor() -> Iterator[tuple[str, Off]]:
    for name, off in _two_factors():
        if off.second == 1.0:
            yield name, off


def _moments() -> Iterator[tuple[str, Off]]:
    yield from ((f"variance × {by}", Off(variance=by)) for by in (0.9, 1.1))
    yield from ((f"mean of the noise {by}", Off(mean=by)) for by in (-0.05, 0.05))


def slips(only: list[tuple[str, Off]] | None = None) -> list[Slip]:
    """All of them, for the TODOs whose answers have factors; or each answer with `only` these."""

    def q_sample(off):
        return lambda schedule, x0, t, noise=None: _add_noise(off, schedule, x0, t, noise)[0]

    def add_noise(off):
        return lambda schedule, x0, t, eps=None: _add_noise(off, schedule, x0, t, eps)

    def p_sample(off):
        return lambda network, schedule, x_t, t: _step_noise(off, schedule, x_t, t, network(x_t, t))

    def step_predict_noise(off):
        return lambda schedule, x_t, t, net_out: _step_noise(off, schedule, x_t, t, net_out)

    def step_predict_x0(off):
        return lambda schedule, x_t, t, net_out: _step(
            off, schedule, x_t, t, *_posterior(schedule, t, x_t), net_out
        )

    def step_predict_mean(off):
        return lambda schedule, x_t, t, net_out: _step(
            off, schedule, x_t, t, torch.zeros(()), torch.ones(()), net_out
        )

    def loss(target):
        return lambda off: lambda network, schedule, x0: _loss(off, schedule, network, x0, target)

    def cosine_betas(off):
        return lambda num_train_timesteps, s=0.008: _cosine_betas(off, num_train_timesteps, s)

    def only_the_second():
        return ((name, off) for name, off in _two_factors() if off.first == 1.0)

    kinds = [
        ("q_sample", q_sample, [*_two_factors(), *_moments()]),
        ("add_noise", add_noise, [*_two_factors(), *_moments()]),
        ("p_sample", p_sample, [*_two_factors(), *_moments()]),
        ("step_predict_noise", step_predict_noise, [*_two_factors(), *_moments()]),
        ("step_predict_x0", step_predict_x0, [*_two_factors(), *_moments()]),
        ("step_predict_mean", step_predict_mean, [*only_the_second(), *_moments()]),
        ("compute_loss", loss("noise"), [*_one_factor(), *_moments()]),
        ("get_loss_noise", loss("noise"), _one_factor()),
        ("get_loss_x0", loss("x0"), _one_factor()),
        ("get_loss_mean", loss("mean"), _two_factors()),
        ("cosine_betas", cosine_betas, _one_factor()),
    ]
    return [Slip(todo, name, make(off)) for todo, make, offs in kinds for name, off in only or offs]
