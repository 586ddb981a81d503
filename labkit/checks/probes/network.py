"""The network that a probe hands to an answer: a secret function of each sample and its timestep."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import BadReturn
from labkit.schedules import extract

Function = Callable[[Tensor, Tensor], Tensor]
"""samples [N, …] and their timesteps [N], longs of any size → what the network answers [N, …]"""


@dataclass(frozen=True)
class Asked:
    """One call of a network: for each sample what it was asked about, and what it answered."""

    x: Tensor
    t: Tensor
    answer: Tensor


class FakeNetwork(torch.nn.Module):
    """Answers by `function`, and remembers what it was asked.

    However it is asked, all at once or in portions, a sample gets the same answer. It takes what SimpleNet
    (points) and UNet (images) take: `x` or `x_t` by name, t for each sample or one t for all. A sample is
    of the given `shape`. The answer can take a gradient.
    """

    def __init__(self, function: Function, shape: tuple[int, ...]):
        super().__init__()
        self.anchor = torch.nn.Parameter(torch.zeros(()))  # some look at a parameter to find the device
        self.function, self.shape = function, tuple(shape)
        self.asked: list[Asked] = []
        self.asked_long = True
        self.one_t_for_all = False

    def forward(
        self, x_t: Tensor | None = None, t: Tensor | None = None, *rest: Any, x: Any = None, **named: Any
    ) -> Tensor:
        """Answer, and remember (x_t, t)."""
        if rest or named:
            more = ", ".join(f"`{name}`" for name in named) or "more"
            raise TypeError(f"the network takes x and t; it was given {more} besides")
        x_t = x if x_t is None else x_t
        if t is None:
            raise BadReturn("network_without_t", "It needs to know how much noise there is in x_t.")
        if not isinstance(x_t, Tensor):
            got = f"a {type(x_t).__name__}" + (f" of {len(x_t)}" if isinstance(x_t, tuple) else "")
            raise BadReturn("network_gets_no_tensor", f"It was given {got}.")
        lead = self._demand_shapes(x_t, t)
        rows = x_t.detach().expand(*lead, *self.shape).reshape(-1, *self.shape)
        times = t.detach().expand(lead).reshape(-1)
        self.asked_long = self.asked_long and not t.is_floating_point()
        self.one_t_for_all = self.one_t_for_all or len(times) > t.numel()
        answer = self.function(rows.float(), times if times.dtype == torch.long else times.round().long())
        if x_t.dtype == torch.float64:
            answer = answer.double()
        answer.requires_grad_()
        self.asked.append(Asked(rows.clone(), times.clone(), answer))
        return answer.clone().reshape(*lead, *self.shape)  # a leaf may not be changed in place

    def _demand_shapes(self, x_t: Tensor, t: Any) -> tuple[int, ...]:
        """The axes of the batch, or a word on what the networks of the lessons would not take."""
        if isinstance(t, Tensor) and x_t.shape == (*t.shape[:1], *self.shape) and t.ndim == 1:
            return t.shape
        if not isinstance(t, Tensor):
            raise BadReturn(
                "t_not_batched", f"The network got t as {type(t).__name__}, expected a tensor [B]."
            )
        of_images = len(self.shape) == 3
        if t.ndim > 1 or (of_images and t.ndim == 0):
            raise BadReturn("t_not_batched", f"The network got t of shape {list(t.shape)}, expected [B].")
        batch = x_t.ndim - len(self.shape)
        if x_t.shape[max(batch, 0) :] != self.shape or batch > 1 or (of_images and batch != 1):
            wanted = ", ".join(map(str, ("B", *self.shape)))
            raise BadReturn(
                "network_gets_other_shape", f"It got the shape {list(x_t.shape)}, expected [{wanted}]."
            )
        try:
            return tuple(torch.broadcast_shapes(x_t.shape[:batch], t.shape))
        except RuntimeError:
            text = f"For {len(x_t)} samples the network was given {len(t)} timesteps."
            raise BadReturn("t_not_batched", text) from None

    def asked_last(self, batch: int) -> list[Asked]:
        """The last calls which together ask about so many samples; all, where they are fewer."""
        first, rows = len(self.asked), 0
        while first > 0 and rows < batch:
            first -= 1
            rows += len(self.asked[first].x)
        return self.asked[first:]


def affine(scale: np.ndarray, shift: np.ndarray) -> Function:
    """scale[t]·x + shift[t]."""
    tables = torch.from_numpy(scale).float(), torch.from_numpy(shift).float()

    def function(x: Tensor, t: Tensor) -> Tensor:
        of_x, added = (extract(table, t.clamp(0, len(table) - 1), x) for table in tables)
        return of_x * x + added

    return function


def known(x: Tensor, answers: Tensor) -> Function:
    """The answer to each of some samples; to any other one that of the nearest."""
    x = x.clone()

    def function(asked: Tensor, t: Tensor) -> Tensor:
        if asked.shape == x.shape and torch.equal(asked, x):
            return answers.clone()
        return answers[nearest(asked, x)[1]]

    return function


def waves(weights: np.ndarray, phases: np.ndarray) -> Function:
    """Cosines, of variance 1.5², of x [N, …], flattened, times `weights` [D, D] plus phases[t] [T, D]."""
    matrix, shifts = torch.from_numpy(weights), torch.from_numpy(phases)

    def function(x: Tensor, t: Tensor) -> Tensor:
        angles = x.double().flatten(1) @ matrix + shifts[t.clamp(0, len(shifts) - 1)]
        return (1.5 * 2**0.5 * angles.cos()).float().reshape(x.shape)

    return function


def nearest(rows: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """For each row the distance to the nearest one `among` others, and that one's index."""
    mode = "donot_use_mm_for_euclid_dist"  # the other way loses digits
    distance, index = torch.cdist(rows.flatten(1), among.flatten(1), compute_mode=mode).min(dim=1)
    return distance, index


def joined(asked: list[Asked], part: str) -> np.ndarray:
    """One part of some calls, sample after sample: [N, …]."""
    return torch.cat([getattr(call, part).detach() for call in asked]).cpu().double().numpy()
