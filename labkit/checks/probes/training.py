"""Calls ema_update and train_step, and listens to what they ask of optimizer, loss and network."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from labkit.checks.probes.common import (
    BadReturn,
    as_array,
    as_documented,
    find,
    first_changed,
    globals_of,
    nothing_returned,
    run_with,
)
from labkit.checks.registry import PROBES
from labkit.checks.reply import MOST_LETTERS, Reply, Values


def averaged_network() -> nn.Module:
    """A network with weights of several shapes, and with buffers, one of them a whole number.

    Nobody asks it anything: what is looked at is what it holds.
    """
    return nn.Sequential(nn.Conv2d(2, 3, (1, 2)), nn.BatchNorm2d(3), nn.Linear(4, 3, bias=False))


def trained_network() -> nn.Module:
    """A network with weights of several shapes."""
    return nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2, bias=False))


def weights_of(network: nn.Module) -> Tensor:
    """All of its weights, one after the other, with their gradient."""
    return torch.cat([weight.flatten() for weight in network.parameters()])


@torch.no_grad()
def _fill(tensors: list[Tensor], numbers: np.ndarray) -> None:
    """Write numbers [N] into tensors, one after the other."""
    sizes = [x.numel() for x in tensors]
    for x, part in zip(tensors, torch.from_numpy(numbers).split(sizes), strict=True):
        x.copy_(part.reshape(x.shape))


def _numbers(tensors: list[Tensor], size: int, what: str) -> np.ndarray:
    together = torch.cat([x.detach().flatten().double() for x in tensors]) if tensors else torch.zeros(0)
    return as_array(together, (size,), what)


@dataclass(frozen=True)
class EmaReply(Reply):
    """What a network and its average hold after the calls."""

    average: np.ndarray
    """[N], all weights one after the other"""
    average_buffers: np.ndarray
    """[M]"""
    network: np.ndarray
    """[N]"""
    in_graph: bool
    """Whether a weight of the average remembers what it was computed from."""


@PROBES.add("ema_update")
def probe_ema_update(namespace: dict[str, Any], values: Values) -> EmaReply:
    """In: network, average [N] and network_buffers, average_buffers [M]: what they hold; decay; calls, how
    many; frozen: 1 where the average's weights take no gradient, else 0.
    """
    answer = find(namespace, "ema_update")
    network, average = averaged_network(), averaged_network()
    for one, name in ((network, "network"), (average, "average")):
        _fill(list(one.parameters()), values[name])
        _fill(list(one.buffers()), values[f"{name}_buffers"])
    average.requires_grad_(not values["frozen"])
    for _ in range(int(values["calls"])):
        answer(average, network, float(values["decay"]))
    size = len(values["network"])
    return EmaReply(
        average=_numbers(list(average.parameters()), size, "The average"),
        average_buffers=_numbers(list(average.buffers()), len(values["network_buffers"]), "The average"),
        network=_numbers(list(network.parameters()), size, "The network"),
        in_graph=_remembers(average),
    )


def _remembers(network: nn.Module) -> bool:
    return any(weight.grad_fn is not None for weight in network.parameters())


@dataclass
class _Listening:
    """What happens during the steps, call by call: a word for each event."""

    words: list[str] = field(default_factory=list)

    def optimizer(self, network: nn.Module, lr: float, momentum: float) -> torch.optim.SGD:
        """One that tells of its calls."""
        words = self.words

        class SGD(torch.optim.SGD):
            def step(self, closure: Any = None) -> Any:
                words.append("step")
                return super().step(closure)

            def zero_grad(self, set_to_none: bool = True) -> None:
                words.append("zero")
                super().zero_grad(set_to_none)

        return SGD(network.parameters(), lr=lr, momentum=momentum)


@dataclass(frozen=True)
class TrainStepReply(Reply):
    """What K calls of train_step returned and left behind, each beginning where the one before ended."""

    loss: np.ndarray
    """[K]"""
    network: np.ndarray
    """[K, N], the weights after each call"""
    average: np.ndarray
    """[K, N]"""
    losses_asked: np.ndarray
    """[K], how often each call asked for the loss"""
    loss_has_graph: bool
    in_graph: bool
    """Whether a weight of the average remembers what it was computed from."""
    events: str
    """What happened, call by call behind "|": zero, loss, backward, step, average. "loss:average" is the loss
    of another network than the one that is trained, "average:other" an average of other networks."""


@PROBES.add("train_step")
def probe_train_step(namespace: dict[str, Any], values: Values) -> TrainStepReply:
    """In: network, average [N]: what they hold; x0 [K, B, N], a batch for each call; curvature [N] and draws
    [L, N] of the loss; lr and momentum of the optimizer, SGD; decay; shares [3] of a stand-in for ema_update,
    so that a mistake in the student's own costs nothing here: it makes of an average and a network
    (shares[0] + shares[1]·decay) · average + shares[2] · network.
    """
    answer = find(namespace, "train_step")
    names = globals_of(answer, namespace)
    steps = _Steps(values)
    _, own_helper = run_with(
        names, {"ema_update": as_documented(steps.ema_update)}, lambda: steps.run(answer)
    )
    return steps.reply(own_helper)


class _Steps:
    """Calls train_step once for each batch, and keeps what became of it."""

    def __init__(self, values: Values):
        self.values = values
        self.x0 = torch.from_numpy(values["x0"]).float()
        self.curvature = torch.from_numpy(values["curvature"]).float()
        self.draws = torch.from_numpy(values["draws"]).float()

    def begin(self) -> None:
        self.heard = _Listening()
        self.network, self.average = trained_network(), trained_network()
        _fill(list(self.network.parameters()), self.values["network"])
        _fill(list(self.average.parameters()), self.values["average"])
        self.average.requires_grad_(False)
        self.optimizer = self.heard.optimizer(self.network, self.values["lr"], self.values["momentum"])
        self.before = {"x0": self.x0.clone()}
        self.asked = 0
        self.losses: list[float] = []
        self.weights: list[np.ndarray] = []
        self.averages: list[np.ndarray] = []
        self.asked_by: list[int] = []
        self.has_graph = False

    def loss_fn(self, network: nn.Module, x0: Tensor) -> Tensor:
        """The square of what is between weights and samples; like a real loss, it draws anew each time."""
        self.heard.words.append("loss" if network is self.network else "loss:average")
        drawn = self.draws[min(self.asked, len(self.draws) - 1)]
        self.asked += 1
        loss = (self.curvature * (weights_of(network) - x0 - drawn).square()).sum(dim=1).mean() / 2
        if loss.requires_grad:
            loss.register_hook(lambda gradient: self.heard.words.append("backward"))
        return loss

    @torch.no_grad()
    def ema_update(self, average: nn.Module, network: nn.Module, decay: float) -> None:
        """The stand-in."""
        given = average is self.average and network is self.network
        self.heard.words.append("average" if given else "average:other")
        of_average, of_decay, of_network = (float(share) for share in self.values["shares"])
        for mine, its in zip(average.parameters(), network.parameters(), strict=True):
            mine.copy_((of_average + of_decay * decay) * mine + of_network * its)

    def run(self, answer: Callable[..., Any]) -> None:
        self.begin()
        size, decay = len(self.values["network"]), float(self.values["decay"])
        for x0 in self.x0:
            self.heard.words.append("|")
            before = self.asked
            loss = answer(self.network, self.average, self.optimizer, self.loss_fn, x0, decay)
            self.asked_by.append(self.asked - before)
            self.losses.append(self._number(loss))
            self.weights.append(_numbers(list(self.network.parameters()), size, "The network"))
            self.averages.append(_numbers(list(self.average.parameters()), size, "The average"))

    def _number(self, loss: Any) -> float:
        if loss is None:
            raise nothing_returned("train_step")
        if isinstance(loss, float | int | np.number):
            return float(loss)
        if not isinstance(loss, Tensor):
            kind = "returns_tuple" if isinstance(loss, tuple) else "returns_other"
            raise BadReturn(kind, f"train_step returned a {type(loss).__name__}, expected the loss.")
        self.has_graph = self.has_graph or loss.requires_grad
        return float(as_array(loss, (), "train_step"))

    def reply(self, own_helper: bool) -> TrainStepReply:
        return TrainStepReply(
            loss=np.array(self.losses),
            network=np.array(self.weights),
            average=np.array(self.averages),
            losses_asked=np.array(self.asked_by, dtype=float),
            loss_has_graph=self.has_graph,
            in_graph=_remembers(self.average),
            events=" ".join(self.heard.words)[:MOST_LETTERS],
            changed=first_changed(self.before, {"x0": self.x0}),
            own_helper=own_helper,
        )
