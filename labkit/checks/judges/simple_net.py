"""Builds SimpleNet with secret sizes and weights and compares what it computes with the contract."""

import itertools
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from labkit.checks.judges.draw import Rng, normal
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.probes.simple_net import SimpleNetReply
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong
from labkit.networks import TimeLinear

Activation = Callable[[Tensor], Tensor]
Network = Callable[[Tensor, Tensor], Tensor]
"""`network(x, t)` → what a SimpleNet answers"""

ACTIVATIONS: list[tuple[str, Activation]] = [
    ("relu_for_silu", F.relu),
    ("gelu_for_silu", F.gelu),
    ("tanh_for_silu", torch.tanh),
    ("sigmoid_for_silu", torch.sigmoid),
    *[
        ("leaky_relu_for_silu", partial(F.leaky_relu, negative_slope=slope))
        for slope in (0.01, 0.1, 0.2, 0.3)
    ],
    ("elu_for_silu", F.elu),
    ("softplus_for_silu", F.softplus),
    ("no_activation", nn.Identity()),
    ("activation_twice", lambda x: F.silu(F.silu(x))),
]


@JUDGES.add("SimpleNet")
def judge_simple_net(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    sizes = rng.choice(np.arange(6, 40), 6, replace=False)
    for dims, num_timesteps, batch in (
        ([2, *sizes[:3], 2], 1000, 64),
        ([3, *sizes[3:5], 5], int(rng.integers(1100, 1500)), 64),
        ([2, sizes[5], sizes[5], 2], int(rng.integers(20, 60)), 1),
        ([2, sizes[0], 2], 30, 4),
    ):
        _judge_network(subject, rng, [int(dim) for dim in dims], num_timesteps, batch)
    return "the layers, their sizes, the time in each of them, and the activations between them"


def _judge_network(subject: Subject, rng: Rng, dims: list[int], num_timesteps: int, batch: int) -> None:
    contract = list(itertools.pairwise(dims))
    layers = [TimeLinear(dim_in, dim_out, num_timesteps) for dim_in, dim_out in contract]
    given: Values = {
        "dim_in": dims[0],
        "dim_out": dims[-1],
        "dim_hids": np.array(dims[1:-1]),
        "num_timesteps": num_timesteps,
        "x": normal(rng, batch, dims[0]),
        "t": rng.integers(0, num_timesteps, batch),
    }
    for index, layer in enumerate(layers):
        parameters = list(layer.parameters())
        weights = np.concatenate([_weights(rng, tuple(part.shape)) for part in parameters])
        nn.utils.vector_to_parameters(torch.from_numpy(weights).float(), parameters)
        given[f"weights_{index}"] = weights
    seen = subject.call("SimpleNet", given, SimpleNetReply)
    _judge_layers(seen, dims, contract, num_timesteps)
    demand_shapes(seen, y=(batch, dims[-1]), y_again=(batch, dims[-1]))
    judge_unchanged(seen)
    x, t = torch.from_numpy(given["x"]).float(), torch.from_numpy(given["t"])
    with torch.no_grad():
        _judge_outputs(seen, layers, x, t)


def _weights(rng: Rng, shape: tuple[int, ...]) -> np.ndarray:
    """Weights large enough that every layer and every activation shows in the output."""
    return (normal(rng, *shape) * (1.5 / np.sqrt(shape[-1]) if len(shape) == 2 else 0.7)).ravel()


def _judge_layers(
    seen: SimpleNetReply, dims: list[int], contract: list[tuple[int, int]], num_timesteps: int
) -> None:
    layers = [tuple(layer) for layer in seen.layers.astype(int)]
    found = sorted(layer[:2] for layer in layers)
    listed = (
        ", ".join(f"{dim_in} → {dim_out}" for dim_in, dim_out, _ in layers) or "no TimeLinear layer at all"
    )
    wanted = ", ".join(f"{dim_in} → {dim_out}" for dim_in, dim_out in contract)
    detail = (
        f"For dim_in={dims[0]}, dim_hids={dims[1:-1]}, dim_out={dims[-1]} there should be TimeLinear layers "
        f"{wanted}; found: {listed}."
    )
    if found != sorted(contract):
        if seen.hidden:
            raise Wrong("layers_not_registered", f"{detail} Some layers are kept in a plain Python list.")
        if not found and not len(seen.others):
            raise Wrong("layers_not_registered", f"{detail} They must be made in __init__ and kept there.")
        if len(seen.others):
            raise Wrong("plain_linear_layers", f"{detail} Plain nn.Linear layers: {len(seen.others)}.")
        if [layer[:2] for layer in layers] == contract[:-1]:
            raise Wrong("missing_last_layer", detail)
        if len(found) < len(contract):
            raise Wrong("missing_hidden_layer", detail)
        raise Wrong("wrong_widths" if len(found) == len(contract) else "extra_layers", detail)
    if len(seen.others):
        raise Wrong(
            "plain_linear_layers",
            f"Besides the TimeLinear layers there are plain nn.Linear layers: {len(seen.others)}.",
        )
    if seen.extra:
        raise Wrong("extra_layers", "There are further layers, such as a normalisation or dropout.")
    if any(layer[2] != num_timesteps for layer in layers):
        raise Wrong(
            "hardcoded_timesteps",
            f"A layer was made for {layers[0][2]} timesteps; num_timesteps is {num_timesteps}.",
        )


def _chain(layers: list[TimeLinear], activations: list[Activation], x: Tensor, t: Tensor) -> Tensor:
    """Layer after layer, each followed by its activation."""
    for layer, activation in zip(layers, activations, strict=True):
        x = activation(layer(x, t))
    return x


def _judge_outputs(seen: SimpleNetReply, layers: list[TimeLinear], x: Tensor, t: Tensor) -> None:
    if np.abs(seen.y - seen.y_again).max() > 1e-6:
        raise Wrong("extra_layers", "Two calls with the same input gave different outputs.")

    def fits(y: Tensor) -> bool:
        return bool(np.allclose(seen.y, y.double().numpy(), rtol=1e-3, atol=1e-4 * float(y.abs().max())))

    right = simple_net(layers)(x, t)
    if fits(right):
        if not seen.has_gradient:
            raise Wrong("detached", "Some of the network's weights get no gradient from its output.")
        return
    named = next((name for name, network in mistaken_nets(layers) if fits(network(x, t))), None)
    worst = int(np.abs(seen.y - right.double().numpy()).max(axis=1).argmax())
    raise Wrong(
        named,
        f"With given weights, at t = {int(t[worst])}, the first output is {seen.y[worst, 0]:.4f}; "
        f"it should be {float(right[worst, 0]):.4f}.",
    )


def simple_net(layers: list[TimeLinear]) -> Network:
    """What lesson 1 asks for, with these layers."""
    hidden: list[Callable[[Tensor], Tensor]] = [F.silu] * (len(layers) - 1)
    return partial(_chain, layers, [*hidden, nn.Identity()])


def mistaken_nets(layers: list[TimeLinear]) -> list[tuple[str, Network]]:
    """What the usual mistakes make of these layers, by name."""
    top, inner, none = layers[0].num_timesteps - 1, len(layers) - 1, nn.Identity()
    silus = [F.silu] * inner + [none]
    right = simple_net(layers)
    times: dict[str, list[Callable[[Tensor], Tensor]]] = {
        "time_ignored": [torch.zeros_like, lambda t: torch.full_like(t, top)],
        "one_time_for_batch": [
            lambda t: torch.full_like(t, int(t[0])),
            lambda t: torch.full_like(t, int(t[-1])),
        ],
        "time_scaled": [
            lambda t: (t + 1).clamp(max=top),
            lambda t: (t - 1).clamp(min=0),
            lambda t: t - 1,
            lambda t: top - t,
        ],
    }

    def at(time: Callable[[Tensor], Tensor]) -> Network:
        return lambda x, t: right(x, time(t))

    def without_time(x: Tensor, t: Tensor) -> Tensor:
        for layer, activation in zip(layers, silus, strict=True):
            x = activation(layer.fc(x))
        return x

    def residual(x: Tensor, t: Tensor) -> Tensor:
        for layer, activation in zip(layers, silus, strict=True):
            y = activation(layer(x, t))
            x = x + y if x.shape == y.shape else y
        return x

    chains = [(name, [wrong] * inner + [none]) for name, wrong in ACTIVATIONS]
    chains += [("activation_after_last", [F.silu] * (inner + 1))]
    chains += [
        ("activation_after_last", [hidden] * inner + [last])
        for _, last in ACTIVATIONS
        for hidden in (F.silu, last)
    ]
    chains += [("activation_missing_once", [*silus[:k], none, *silus[k + 1 :]]) for k in range(inner)]
    chains += [("activation_missing_once", [F.silu, *[none] * inner])]
    found: list[tuple[str, Network]] = [
        (name, partial(_chain, layers, activations)) for name, activations in chains
    ]
    found += [(name, at(time)) for name, others in times.items() for time in others]
    found += [
        ("time_ignored", without_time),
        ("activation_on_input", lambda x, t: right(F.silu(x), t)),
        ("residual_connection", residual),
    ]
    if layers[0].dim_in == layers[-1].dim_out:
        found.append(("residual_connection", lambda x, t: right(x, t) + x))
    return found
