"""Calls a loss(network, schedule, x0) and takes the gradient by what the network answered."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import (
    BadReturn,
    as_documented,
    decoy_schedules,
    find,
    first_changed,
    globals_of,
    nothing_returned,
    portions,
    run_with,
)
from labkit.checks.probes.network import Asked, FakeNetwork, joined, waves
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.course.syllabus import PREDICTORS
from labkit.schedules import Schedule, extract


@dataclass(frozen=True)
class LossReply(Reply):
    """What the calls of a loss returned, and asked.

    Of the network that is every sample that it was asked about, at once or bit by bit, where the loss depends
    on the answer: N of them. What the helper's stand-in was called with is empty where it was not called.
    """

    loss: np.ndarray
    """[calls]"""
    gradient: np.ndarray
    """[N, …], of each call's loss by the network's answer"""
    network_x: np.ndarray
    """[N, …]"""
    network_t: np.ndarray
    """[N]"""
    q_noise: np.ndarray
    """[B, …]"""
    q_x0: np.ndarray
    """[B, …]"""
    q_t: np.ndarray
    """[B]"""
    q_x: np.ndarray
    """[B, …], its x_t"""
    network_t_long: bool


def probe_loss(namespace: dict[str, Any], values: Values, todo: str, helper: str) -> LossReply:
    """In: betas [T], decoy_betas, x0 [B, …], a large batch for as many calls as it has portions; weights
    [D, D] and phases [T, D]: the network; signal and noise [T]: the coefficients of a stand-in for the
    `helper`, q_sample or add_noise, so that a mistake in the student's own costs nothing here.
    """
    answer = find(namespace, todo)
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    signal, noise_level = (torch.from_numpy(values[name]).float() for name in ("signal", "noise"))
    x0 = torch.from_numpy(values["x0"]).float()
    before = {"x0": x0.clone()}
    network = FakeNetwork(waves(values["weights"], values["phases"]), x0.shape[1:])
    calls: list[list[Tensor]] = []

    def q_sample(schedule: Any, x0: Tensor, t: Tensor, noise: Tensor | None = None) -> Tensor:
        return draw(x0, t, noise)[0]

    def add_noise(schedule: Any, x0: Tensor, t: Tensor, eps: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return draw(x0, t, eps)

    def draw(x0: Tensor, t: Tensor, eps: Tensor | None) -> tuple[Tensor, Tensor]:
        eps = torch.randn_like(x0) if eps is None else eps
        t = torch.as_tensor(t).long().reshape(-1)
        index = t.clamp(0, len(signal) - 1)
        x_t = extract(signal, index, x0) * x0 + extract(noise_level, index, x0) * eps
        t = t if len(t) > 1 else t.expand(len(x0))
        calls.append([part.detach().clone() for part in (eps.expand_as(x_t), x0, t, x_t)])
        return x_t, eps

    def run() -> list[tuple[Any, list[Asked], list[list[Tensor]], int]]:
        record = []
        for part in portions(x0):
            calls.clear()
            network.asked = []
            loss = answer(network, schedule, part)
            if not network.asked:
                raise BadReturn("network_not_asked", f"{todo} never called the network.")
            record.append((_demand_loss(loss, todo), network.asked, calls.copy(), len(part)))
        return record

    stand_in = as_documented({"q_sample": q_sample, "add_noise": add_noise}[helper])
    names = globals_of(answer, namespace)
    with decoy_schedules(names, values["decoy_betas"]):
        record, own_helper = run_with(names, {helper: stand_in}, run)
    losses = tuple(loss for loss, *_ in record)
    asked, gradients = _gradients(losses, [call for _, calls, *_ in record for call in calls], todo)
    seen = {row for call in asked for row in _rows(call.x)}
    drawn = [_together(calls, seen, size) for *_, calls, size in record]
    q_noise, q_x0, q_t, q_x = map(np.concatenate, zip(*drawn, strict=True))
    return LossReply(
        loss=np.array([float(loss.detach()) for loss in losses]),
        gradient=torch.cat(gradients).double().numpy(),
        network_x=joined(asked, "x"),
        network_t=joined(asked, "t"),
        q_noise=q_noise,
        q_x0=q_x0,
        q_t=q_t,
        q_x=q_x,
        network_t_long=network.asked_long,
        changed=first_changed(before, {"x0": x0}),
        own_helper=own_helper,
    )


def _together(calls: list[list[Tensor]], seen: set[bytes], batch: int) -> list[np.ndarray]:
    """What the stand-in was called with for the samples that the network has `seen`, once or in parts.

    Other calls only try something. Where the network saw something else, it is all calls that make up the
    batch, or the last one.
    """
    if not calls:
        return [np.zeros(0)] * 4
    used = {tuple(rows): call for call in calls if seen.issuperset(rows := _rows(call[-1]))}
    candidates = list(used.values()), calls
    parts = next((some for some in candidates if sum(len(x0) for _, x0, _, _ in some) == batch), calls[-1:])
    return [torch.cat(part).double().numpy() for part in zip(*parts, strict=True)]


def _rows(x: Tensor) -> list[bytes]:
    return [row.tobytes() for row in x.float().numpy()]


def _demand_loss(loss: Any, todo: str) -> Tensor:
    """The loss, or a word on why it is none."""
    if loss is None:
        raise nothing_returned(todo)
    if isinstance(loss, tuple | list):
        kind = type(loss).__name__
        raise BadReturn(f"returns_{kind}", f"{todo} returned a {kind} of {len(loss)}, expected one tensor.")
    if isinstance(loss, float | int):
        raise BadReturn("detached", f"{todo} returned a plain number: it has no gradient to train with.")
    if not isinstance(loss, Tensor):
        raise BadReturn("returns_other", f"{todo} returned a {type(loss).__name__}, expected a tensor.")
    if loss.ndim != 0:
        raise BadReturn("no_reduction", f"{todo} returned the shape {list(loss.shape)}, expected one number.")
    if not loss.requires_grad:
        raise BadReturn(
            "detached", "The loss carries no gradient to train with: it was cut off from the network."
        )
    return loss


def _gradients(losses: tuple[Tensor, ...], asked: list[Asked], todo: str) -> tuple[list[Asked], list[Tensor]]:
    """The calls on whose answers the losses depend, and their gradients by them."""
    try:
        gradients = torch.autograd.grad(losses, [call.answer for call in asked], allow_unused=True)
    except RuntimeError:
        raise BadReturn("calls_backward", f"{todo} went backward through the network itself.") from None
    used = [(call, gradient) for call, gradient in zip(asked, gradients, strict=True) if gradient is not None]
    if not used:
        raise BadReturn("detached", "The loss does not depend on what the network answered.")
    found = [gradient for _, gradient in used]
    if not all(part.isfinite().all() for part in (*losses, *found)):
        raise BadReturn("not_finite", "The loss or its gradient is NaN or infinite.")
    return [call for call, _ in used], found


PROBES.add("compute_loss")(partial(probe_loss, todo="compute_loss", helper="q_sample"))
for _todo in (f"get_loss_{predictor}" for predictor in PREDICTORS):
    PROBES.add(_todo)(partial(probe_loss, todo=_todo, helper="add_noise"))
