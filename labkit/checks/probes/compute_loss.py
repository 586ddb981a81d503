"""Calls compute_loss(network, schedule, x0) and takes the gradient by what the network answered."""

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
    stand_ins,
)
from labkit.schedules import Schedule


def probe_compute_loss(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], decoy_betas, x0 [B, 2], out [B, 2]: the network's answer, signal and noise [T]: the
    coefficients of a stand-in for q_sample, so that a mistake in the student's own costs nothing here.

    Out: loss; gradient [B, 2] of the loss by the network's answer; network_x [B, 2], network_t [B] and
    network_t_long, what the network was asked; from the stand-in, empty where it was not called: q_noise
    and q_x0 [B, 2], q_t [B], q_x [B, 2] (its result).
    """
    answer = find(namespace, "compute_loss")
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    signal, noise_level = (torch.from_numpy(arrays[name]).float() for name in ("signal", "noise"))
    x0 = torch.from_numpy(arrays["x0"]).float()
    before = x0.clone()
    zeros = np.zeros(len(arrays["betas"]))
    network = FakeNetwork(zeros, zeros, arrays["out"])
    given, q_calls = x0, []

    def q_sample(schedule: Any, x0: Tensor, t: Tensor, noise: Tensor | None = None) -> Tensor:
        noise = torch.randn_like(x0) if noise is None else noise
        t = torch.as_tensor(t).long().reshape(-1)
        index = t.clamp(0, len(signal) - 1)
        x_t = signal[index, None] * x0 + noise_level[index, None] * noise
        q_calls.append([part.detach().clone() for part in (noise, x0, t, x_t)])
        return x_t

    names = globals_of(answer, namespace)
    with decoy_schedules(names, arrays["decoy_betas"]), stand_ins(names, {"q_sample": q_sample}):
        loss = answer(network, schedule, given)
    if not network.asked:
        raise BadReturn("network_not_asked", "compute_loss never called the network.")
    gradient = _gradient(loss, network.answers[-1])
    q_seen = [part.double().numpy() for part in q_calls[-1]] if q_calls else [np.zeros(0)] * 4
    return {
        "loss": float(loss.detach()),
        "gradient": gradient,
        "network_x": network.asked[-1][0],
        "network_t": network.asked[-1][1],
        "network_t_long": float(network.asked_long),
        **dict(zip(("q_noise", "q_x0", "q_t", "q_x"), q_seen, strict=True)),
        "changed_x0": float(not torch.equal(before, x0)),
    }


def _gradient(loss: Any, answer: Tensor) -> np.ndarray:
    """∂ loss / ∂ answer, or a word on why there is none."""
    if loss is None:
        raise BadReturn("returns_none", "compute_loss returned None: is there a `return` at the end?")
    if isinstance(loss, tuple | list):
        kind = type(loss).__name__
        raise BadReturn(
            f"returns_{kind}", f"compute_loss returned a {kind} of {len(loss)}, expected one tensor."
        )
    if isinstance(loss, float | int):
        raise BadReturn("detached", "compute_loss returned a plain number: it has no gradient to train with.")
    if not isinstance(loss, Tensor):
        raise BadReturn("returns_other", f"compute_loss returned a {type(loss).__name__}, expected a tensor.")
    if loss.ndim != 0:
        raise BadReturn(
            "no_reduction", f"compute_loss returned the shape {list(loss.shape)}, expected one number."
        )
    if not loss.requires_grad:
        raise BadReturn(
            "detached", "The loss carries no gradient to train with: it was cut off from the network."
        )
    try:
        (gradient,) = torch.autograd.grad(loss, answer, allow_unused=True)
    except RuntimeError:
        raise BadReturn("calls_backward", "compute_loss went backward through the network itself.") from None
    if gradient is None:
        raise BadReturn("detached", "The loss does not depend on what the network answered last.")
    if not (loss.isfinite() and gradient.isfinite().all()):
        raise BadReturn("not_finite", "The loss or its gradient is NaN or infinite.")
    return gradient.double().numpy()
