"""Calls a loss(network, schedule, x0) and takes the gradient by what the network answered."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import (
    BadReturn,
    FakeNetwork,
    decoy_schedules,
    find,
    globals_of,
    nothing_returned,
    stand_ins,
)
from labkit.schedules import Schedule, extract


def probe_loss(namespace: dict[str, Any], arrays: dict[str, Any], todo: str, helper: str) -> dict[str, Any]:
    """In: betas [T], decoy_betas, x0 [B, …], out [B, …]: the network's answer, signal and noise [T]: the
    coefficients of a stand-in for the `helper`, q_sample or add_noise, so that a mistake in the student's
    own costs nothing here.

    Out: loss; gradient [B, …] of the loss by the network's answer; network_x [B, …], network_t [B] and
    network_t_long, what the network was asked; from the stand-in, empty where it was not called: q_noise
    and q_x0 [B, …], q_t [B], q_x [B, …] (its x_t).
    """
    answer = find(namespace, todo)
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    signal, noise_level = (torch.from_numpy(arrays[name]).float() for name in ("signal", "noise"))
    x0 = torch.from_numpy(arrays["x0"]).float()
    before = x0.clone()
    zeros = np.zeros(len(arrays["betas"]))
    network = FakeNetwork(zeros, zeros, arrays["out"])
    given, calls = x0, []

    def q_sample(schedule: Any, x0: Tensor, t: Tensor, noise: Tensor | None = None) -> Tensor:
        return add_noise(schedule, x0, t, noise)[0]

    def add_noise(schedule: Any, x0: Tensor, t: Tensor, eps: Tensor | None = None) -> tuple[Tensor, Tensor]:
        eps = torch.randn_like(x0) if eps is None else eps
        t = torch.as_tensor(t).long().reshape(-1)
        index = t.clamp(0, len(signal) - 1)
        x_t = extract(signal, index, x0) * x0 + extract(noise_level, index, x0) * eps
        calls.append([part.detach().clone() for part in (eps.expand_as(x_t), x0, t, x_t)])
        return x_t, eps

    stand_in = {"q_sample": q_sample, "add_noise": add_noise}[helper]
    names = globals_of(answer, namespace)
    with decoy_schedules(names, arrays["decoy_betas"]), stand_ins(names, {helper: stand_in}):
        loss = answer(network, schedule, given)
    if not network.asked:
        raise BadReturn("network_not_asked", f"{todo} never called the network.")
    gradient = _gradient(loss, network.answers[-1], todo)
    return {
        "loss": float(loss.detach()),
        "gradient": gradient,
        "network_x": network.asked[-1][0],
        "network_t": network.asked[-1][1],
        "network_t_long": float(network.asked_long),
        **dict(zip(("q_noise", "q_x0", "q_t", "q_x"), _together(calls, len(x0)), strict=True)),
        "changed_x0": float(not torch.equal(before, x0)),
    }


def _together(calls: list[list[Tensor]], batch: int) -> list[np.ndarray]:
    """What the stand-in was last called with; where it was called for one sample after the other, all."""
    if not calls:
        return [np.zeros(0)] * 4
    in_parts = len(calls) > 1 and sum(len(x0) for _, x0, _, _ in calls) == batch
    parts = [torch.cat(part) for part in zip(*calls, strict=True)] if in_parts else calls[-1]
    return [part.double().numpy() for part in parts]


def _gradient(loss: Any, answer: Tensor, todo: str) -> np.ndarray:
    """∂ loss / ∂ answer, or a word on why there is none."""
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
    try:
        (gradient,) = torch.autograd.grad(loss, answer, allow_unused=True)
    except RuntimeError:
        raise BadReturn("calls_backward", f"{todo} went backward through the network itself.") from None
    if gradient is None:
        raise BadReturn("detached", "The loss does not depend on what the network answered last.")
    if not (loss.isfinite() and gradient.isfinite().all()):
        raise BadReturn("not_finite", "The loss or its gradient is NaN or infinite.")
    return gradient.double().numpy()
