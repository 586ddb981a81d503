"""Answers that compute a formula with slips in it: made of the tree, so that nobody has to write them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from labkit.checks.judges.draw import random_betas
from labkit.checks.judges.formula.slips import Slip, edits
from labkit.checks.judges.formula.theory import Theory
from labkit.checks.judges.formula.tree import Node
from labkit.checks.judges.forward import FORWARD
from labkit.checks.judges.reverse_mean import FROM_NOISE, FROM_X_0, TARGET
from labkit.checks.judges.tables import Tables
from labkit.checks.wrong import Explanation
from labkit.schedules import Schedule, extract

THEORIES: dict[str, Theory] = {
    "q_sample": FORWARD,
    "add_noise": FORWARD,
    "p_sample": FROM_NOISE,
    "step_predict_noise": FROM_NOISE,
    "step_predict_x0": FROM_X_0,
    "get_loss_mean": TARGET,
}


@dataclass(frozen=True)
class Slipped:
    """A formula with slips."""

    todo: str
    slips: tuple[Slip, ...]
    tree: Node

    @property
    def name(self) -> str:
        return "; ".join(slip.sentence for slip in self.slips)

    def factors(self, betas: np.ndarray) -> np.ndarray:
        return THEORIES[self.todo].factors(Tables.of(betas), self.tree)

    @property
    def changes_numbers(self) -> bool:
        """Whether an answer with it is wrong, and computes finite numbers."""
        betas = random_betas(np.random.default_rng(7), 40)
        right, wrong = THEORIES[self.todo].factors(Tables.of(betas)), self.factors(betas)
        return bool(np.isfinite(wrong).all() and np.abs(wrong - right).max() > 0.02 * np.abs(right).max())

    def is_what(self, explanation: Explanation) -> bool:
        """Whether the formula of an explanation has the same numbers, on a schedule that was not judged."""
        tree = _trees(self.todo).get(explanation.formula or "")
        betas = random_betas(np.random.default_rng(8), 30)
        theory = THEORIES[self.todo]
        return tree is not None and np.allclose(
            theory.factors(Tables.of(betas), tree), self.factors(betas), rtol=2e-3, atol=1e-4
        )

    def answer(self) -> Callable[..., Any]:
        return {
            "q_sample": self._q_sample,
            "add_noise": self._add_noise,
            "p_sample": self._p_sample,
            "get_loss_mean": self._get_loss_mean,
        }.get(self.todo, self._step)

    def _sum(self, schedule: Schedule, t: Tensor, *inputs: Tensor) -> Tensor:
        tables = torch.from_numpy(self.factors(schedule.betas.double().numpy()).copy()).float()
        return sum(extract(table, t, x) * x for table, x in zip(tables, inputs, strict=True))

    def _q_sample(self, schedule: Schedule, x0: Tensor, t: Tensor, noise: Tensor | None = None) -> Tensor:
        return self._add_noise(schedule, x0, t, noise)[0]

    def _add_noise(
        self, schedule: Schedule, x0: Tensor, t: Tensor, eps: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        eps = torch.randn_like(x0) if eps is None else eps
        return self._sum(schedule, t, x0, eps), eps

    def _step(self, schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
        mean = self._sum(schedule, t, x_t, net_out)
        return mean if t[0] == 0 else mean + extract(schedule.betas, t, x_t).sqrt() * torch.randn_like(x_t)

    def _p_sample(self, network: Callable, schedule: Schedule, x_t: Tensor, t: Tensor) -> Tensor:
        return self._step(schedule, x_t, t, network(x_t, t))

    def _get_loss_mean(self, network: Callable, schedule: Schedule, x0: Tensor) -> Tensor:
        t = torch.randint(schedule.num_train_timesteps, (len(x0),))
        a = extract(schedule.alphas_cumprod, t, x0)
        x_t = a.sqrt() * x0 + (1 - a).sqrt() * torch.randn_like(x0)
        return F.mse_loss(network(x_t, t), self._sum(schedule, t, x0, x_t))


@cache
def _trees(todo: str) -> dict[str, Node]:
    """What can be said of a TODO's answer: formula as text → formula."""
    theory = THEORIES[todo]
    changed = [pair for written in theory.right for pair in (*written.edited(), *written.edited_twice())]
    other = [tree for _, tree in theory.instead]
    trees = [
        *(tree for _, tree in changed),
        *other,
        *(edit.of(tree) for tree in other for edit in edits(tree)),
    ]
    return {tree.text: tree for tree in trees}


def single(todo: str) -> Iterator[Slipped]:
    """Everything that one slip makes of the formula, in each way of writing it."""
    for written in THEORIES[todo].right:
        for slip, tree in written.edited():
            yield Slipped(todo, (slip,), tree)


def instead(todo: str) -> Iterator[Slipped]:
    """A slip in a formula that stands in the place of the right one."""
    for name, tree in THEORIES[todo].instead:
        for edit in edits(tree):
            yield Slipped(todo, (Slip(name, name), edit.slip), edit.of(tree))


def pairs(todo: str) -> Iterator[Slipped]:
    """Two slips at different places."""
    for written in THEORIES[todo].right:
        for one, other in combinations(edits(written.tree), 2):
            paths = [path for path, _ in (*one.parts, *other.parts)]
            if not any(a != b and a == b[: len(a)] for a in paths for b in paths) and len(set(paths)) == len(
                paths
            ):
                yield Slipped(todo, (one.slip, other.slip), other.of(one.of(written.tree)))
