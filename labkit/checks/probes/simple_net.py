"""Builds SimpleNet(dim_in, dim_out, dim_hids, num_timesteps), loads given weights, and evaluates it."""

import itertools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from labkit.checks.probes.common import BadReturn, as_array, find, first_changed
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.networks import TimeLinear


@dataclass(frozen=True)
class SimpleNetReply(Reply):
    """What a SimpleNet is made of; what it answers, only where its layers are those of the contract."""

    layers: np.ndarray
    """[n, 3]: dim_in, dim_out, num_timesteps of each TimeLinear found"""
    others: np.ndarray
    """[m, 2]: the sizes of each nn.Linear outside them"""
    extra: bool
    """Whether there are further layers."""
    hidden: bool
    """Whether some module keeps layers where PyTorch does not see them."""
    y: np.ndarray
    """[B, dim_out], or empty, as y_again"""
    y_again: np.ndarray
    has_gradient: bool
    """Whether each weight gets one from y."""


@PROBES.add("SimpleNet")
def probe_simple_net(namespace: dict[str, Any], values: Values) -> SimpleNetReply:
    """In: dim_in, dim_out, dim_hids [L], num_timesteps, x [B, dim_in], t [B], and for the i-th layer of the
    contract a flat vector `weights_i`, its parameters in the order of TimeLinear's state dict.
    """
    dims = [int(values["dim_in"]), *(int(dim) for dim in values["dim_hids"]), int(values["dim_out"])]
    dim_hids = dims[1:-1]
    network = find(namespace, "SimpleNet")(dims[0], dims[-1], dim_hids, int(values["num_timesteps"]))
    if not isinstance(network, nn.Module):
        raise BadReturn("returns_other", "SimpleNet is no nn.Module: let the class inherit from nn.Module.")
    timed = [module for module in network.modules() if isinstance(module, TimeLinear)]
    inside = {id(part) for layer in timed for part in layer.modules()}
    outside = [module for module in network.modules() if id(module) not in inside]
    plain = [module for module in outside if isinstance(module, nn.Linear)]
    extra = [
        module
        for module in outside
        if (module not in plain and any(True for _ in module.parameters(recurse=False)))
        or isinstance(module, nn.Dropout)
    ]
    sizes = [[layer.dim_in, layer.dim_out, layer.num_timesteps] for layer in timed]
    seen = SimpleNetReply(
        layers=np.array(sizes).reshape(-1, 3),
        others=np.array([[layer.in_features, layer.out_features] for layer in plain]).reshape(-1, 2),
        extra=bool(extra),
        hidden=any(_hides_layers(module) for module in outside),
        y=np.zeros(0),
        y_again=np.zeros(0),
        has_gradient=False,
        changed="dim_hids" if dim_hids != dims[1:-1] else "",
    )
    _demand_plain_layers(timed, outside)
    contract = list(itertools.pairwise(dims))
    wanted = sorted((*dims, int(values["num_timesteps"])) for dims in contract)
    if sorted((layer.dim_in, layer.dim_out, layer.num_timesteps) for layer in timed) != wanted:
        return seen
    by_dims = {(layer.dim_in, layer.dim_out): layer for layer in timed}
    for index, key in enumerate(contract):
        nn.utils.vector_to_parameters(
            torch.from_numpy(values[f"weights_{index}"]).float(), by_dims[key].parameters()
        )
    x, t = torch.from_numpy(values["x"]).float(), torch.from_numpy(values["t"])
    before = {"x": x.clone()}
    y = as_array(network(x, t), (len(x), dims[-1]), "SimpleNet")
    again = network(x, t)
    return replace(
        seen,
        y=y,
        y_again=as_array(again, (len(x), dims[-1]), "SimpleNet"),
        has_gradient=_reaches_all(again, list(network.parameters())),
        changed=seen.changed or first_changed(before, {"x": x}),
    )


_WEIGHTS = [name for name, _ in TimeLinear(1, 1, 1).named_parameters()]


def _demand_plain_layers(timed: list[TimeLinear], outside: list[nn.Module]) -> None:
    """Raise BadReturn where there are weights, or ways to keep them, that the lesson does not ask for."""
    for layer in timed:
        other = {name for name, _ in layer.named_parameters()} ^ set(_WEIGHTS)
        if other:
            names = ", ".join(f"`{name}`" for name in sorted(other))
            raise BadReturn("extra_layers", f"A layer differs from TimeLinear by its weights: {names}.")
    own = [
        name
        for module in outside
        if not isinstance(module, nn.Linear)
        and any(isinstance(child, TimeLinear) for child in module.modules())
        for name, _ in module.named_parameters(recurse=False)
    ]
    if own:
        names = ", ".join(f"`{name}`" for name in own)
        raise BadReturn("extra_layers", f"Besides the layers there are weights of your own: {names}.")
    if any(not part.requires_grad for layer in timed for part in layer.parameters()):
        raise BadReturn("weights_frozen", "A TimeLinear layer has weights whose `requires_grad` is False.")


def _hides_layers(module: nn.Module) -> bool:
    """Whether a plain list, tuple or dict of this module holds layers that PyTorch cannot find."""
    kept = [value for name, value in vars(module).items() if not name.startswith("_")]
    items = [item for value in kept if isinstance(value, list | tuple) for item in value]
    items += [item for value in kept if isinstance(value, dict) for item in value.values()]
    return any(isinstance(item, nn.Module) and any(True for _ in item.parameters()) for item in items)


def _reaches_all(y: Tensor, parameters: list[nn.Parameter]) -> bool:
    """Whether every parameter has a gradient."""
    if not y.requires_grad:
        return False
    return all(part is not None for part in torch.autograd.grad(y.sum(), parameters, allow_unused=True))
