"""What a loss compares the network's answer with, and how: each pair leads to one value and one gradient."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from labkit.checks.judges.coefficients import Table, judge_coefficients, solve
from labkit.checks.judges.formula.theory import Fits
from labkit.checks.judges.forward import over
from labkit.checks.judges.reverse_mean import FROM_NOISE, TARGET, other_tables
from labkit.checks.judges.tables import Tables
from labkit.checks.judges.targets import TARGETS
from labkit.checks.wrong import Curve, Explanation, Wrong

MANY = 1000
"""From this batch size on, a call tells enough for a mistake to be named by its statistics."""

OF_X0, OF_X_T = "the factor of x0 in the target", "the factor of x_t in the target"

CALLED = {"noise": "the noise", "x0": "x0", "mean": "the posterior's mean"}


@dataclass(frozen=True)
class Case:
    """A loss of one batch, or of some portions of the same size: what went in, and what came out."""

    truth: Tables
    decoy: np.ndarray
    t: np.ndarray
    x0: np.ndarray
    x_t: np.ndarray
    noise: np.ndarray
    """In x_t; all three are [B, …]."""
    out: np.ndarray
    """What the network answered."""
    loss: np.ndarray
    """[calls]"""
    gradient: np.ndarray
    """Of each call's loss by its answers, together [B, …]."""
    target: str
    """noise, x0 or mean: what the answer should be compared with."""

    @cached_property
    def implied_target(self) -> np.ndarray:
        """What the answer was compared with, if the loss is a mean squared error."""
        return self.out - self.gradient * self.out.size / len(self.loss) / 2

    def calls(self) -> Iterator["Case"]:
        """Each call by itself."""
        size = len(self.out) // len(self.loss)
        for k in range(len(self.loss)):
            arrays = ("t", "x0", "x_t", "noise", "out", "gradient")
            rows = {name: getattr(self, name)[k * size : (k + 1) * size] for name in arrays}
            yield replace(self, loss=self.loss[k : k + 1], **rows)

    def at_t(self, table: np.ndarray) -> np.ndarray:
        """A table [T] read at each sample's t, shaped to broadcast over images."""
        return over(table[self.t], self.x0)


def known_targets(case: Case) -> dict[str, np.ndarray]:
    """What a loss might be meant to compare with, by name."""
    signal, level = (case.at_t(np.sqrt(table)) for table in (case.truth.cumprod, 1 - case.truth.cumprod))
    of_x0, of_x_t = (case.at_t(table) for table in TARGET.factors(case.truth))
    return {
        "noise": case.noise,
        "x0": case.x0,
        "mean": of_x0 * case.x0 + of_x_t * case.x_t,
        "x_t": case.x_t,
        "minus_noise": -case.noise,
        "difference": case.x_t - case.x0,
        "scaled_noise": level * case.noise,
        "scaled_x0": signal * case.x0,
        "velocity": signal * case.noise - level * case.x0,
    }


def judge_target(case: Case) -> None:
    """Raise Wrong unless each loss is the mean squared error of the network's answer and the target."""
    if not _is_mean_square(case, known_targets(case)[case.target]):
        for call in case.calls():
            _judge_call(call)


def _judge_call(case: Case) -> None:
    targets = known_targets(case)
    right = targets.pop(case.target)
    should = np.square(case.out - right).mean()
    detail = f"The loss is {case.loss[0]:.4f}; for these inputs it should be {should:.4f}."
    if _is_mean_square(case, right):
        return
    others = [(f"target_{name}", target) for name, target in targets.items()]
    for named, target in others:
        if _is_mean_square(case, target):
            raise Wrong(named, detail, _curve(case))
    for named, target, weight in _translated(case):
        if _is_mean_square(case, target, weight):
            raise Wrong(named, detail)
    for form, loss in OTHER_FORMS:
        for target_name, target in [(None, right), *others]:
            value, gradient = loss(case.out - target)
            if _same_value(case, value) and _same_gradient(case, gradient):
                raise Wrong(target_name or form, detail)
    if len(case.out) < MANY:
        raise Wrong(None, detail)
    _explain(case, right, should, detail)


def _same_value(case: Case, value: np.ndarray | float) -> bool:
    return bool((np.abs(case.loss - value) <= 2e-4 * np.abs(value) + 1e-6).all())


def _same_gradient(case: Case, gradient: np.ndarray) -> bool:
    # In float32, 1 − ᾱ of the first timesteps is rounded by some 1e-5 of itself, and what x0 adds with it.
    rounding = 2e-5 * np.abs(case.x0).max() * 2 * len(case.loss) / case.out.size
    return np.allclose(case.gradient, gradient, rtol=2e-3, atol=max(1e-5 * np.abs(gradient).max(), rounding))


def _is_mean_square(case: Case, target: np.ndarray, weight: np.ndarray | float = 1.0) -> bool:
    """Whether the loss is the mean of the squares of `weight`·(answer − target)."""
    error = weight * (case.out - target)
    if not _same_value(case, np.square(error).reshape(len(case.loss), -1).mean(axis=1)):
        return False
    return _same_gradient(case, 2 * weight * error * len(case.loss) / error.size)


Form = Callable[[np.ndarray], tuple[float, np.ndarray]]
"""errors d [B, …] → (the loss, its gradient by d)"""


def _huber(d: np.ndarray) -> tuple[float, np.ndarray]:
    close = np.abs(d) < 1
    value = np.where(close, 0.5 * d**2, np.abs(d) - 0.5).mean()
    return value, np.where(close, d, np.sign(d)) / d.size


def _norms(d: np.ndarray) -> tuple[float, np.ndarray]:
    norms = np.maximum(np.sqrt(np.square(d).sum(axis=tuple(range(1, d.ndim)), keepdims=True)), 1e-12)
    return norms.mean(), d / norms / len(d)


OTHER_FORMS: list[tuple[str, Form]] = [
    ("sum_for_mean", lambda d: (np.square(d).sum(), 2 * d)),
    ("per_sample_sum", lambda d: (np.square(d).sum() / len(d), 2 * d / len(d))),
    ("l1_loss", lambda d: (np.abs(d).mean(), np.sign(d) / d.size)),
    ("l1_loss", lambda d: (np.abs(d).sum(), np.sign(d))),
    ("root_mse", lambda d: (np.sqrt(np.square(d).mean()), d / (d.size * np.sqrt(np.square(d).mean())))),
    ("root_mse", lambda d: (np.sqrt(np.square(d).sum()), d / np.sqrt(np.square(d).sum()))),
    ("root_mse", _norms),
    ("huber_loss", _huber),
    ("missing_square", lambda d: (d.mean(), np.full_like(d, 1 / d.size))),
    ("missing_square", lambda d: (-d.mean(), np.full_like(d, -1 / d.size))),
    ("squares_the_mean", lambda d: (d.mean() ** 2, np.full_like(d, 2 * d.mean() / d.size))),
]
"""Mistakes in how answer and target are compared"""


def _translated(case: Case) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """(id, target, weight) where the answer is first turned into what the target is: x0, or the mean."""
    truth = case.truth
    level = np.sqrt(1 - truth.cumprod)
    of_x0, _ = TARGET.factors(truth)
    weights = {
        "noise": [("network_taken_for_x0", case.x0, np.sqrt(truth.cumprod) / level)],
        "x0": [("network_taken_for_noise", case.noise, level / np.sqrt(truth.cumprod))],
        "mean": [
            ("network_taken_for_noise", case.noise, FROM_NOISE.factors(truth)[1]),
            ("network_taken_for_x0", case.x0, of_x0),
        ],
    }
    return [(name, target, case.at_t(weight)) for name, target, weight in weights[case.target]]


def _explain(case: Case, right: np.ndarray, should: float, detail: str) -> None:
    """No pair of a known target and a known form fits: say what the gradient tells."""
    error, factor = case.out - right, case.loss[0] / should
    if _same_gradient(case, 2 * error / error.size):
        raise Wrong(
            None, f"{detail} Its gradient is right: a number is added that does not depend on the answer."
        )
    if _same_gradient(case, factor * 2 * error / error.size):
        raise Wrong("loss_scaled", f"The loss is {factor:.3g} times the mean squared error.")
    target = case.implied_target
    if abs(case.loss[0] - np.square(case.out - target).mean()) < 1e-3 * abs(case.loss[0]):
        _explain_target(case, target, right)
    clear = (np.abs(error) > 0.05).reshape(len(error), -1)
    weights = (case.gradient * error.size / 2 / error).reshape(clear.shape)
    low, high = np.where(clear, weights, np.inf).min(axis=1), np.where(clear, weights, -np.inf).max(axis=1)
    if np.ptp(weights[clear]) < 1e-2 * weights[clear].max():
        raise Wrong(
            None,
            f"{detail} Its gradient is {weights[clear].mean():.3g} times that of the mean squared error.",
        )
    if (high - low).max() < 1e-2 * max(1, weights[clear].max()):
        span = f"{weights[clear].min():.2f} to {weights[clear].max():.2f}"
        raise Wrong("weighted", f"The errors of the samples have different weights, from {span}.")
    raise Wrong(None, detail)


def _explain_target(case: Case, target: np.ndarray, right: np.ndarray) -> None:
    """The loss is a mean squared error, but the target is none of the known ones."""
    drawn = target
    if case.target == "mean":  # written with noise: which?
        of_x_t, of_eps = FROM_NOISE.factors(case.truth)
        drawn = (target - case.at_t(of_x_t) * case.x_t) / case.at_t(of_eps)
    correlation = np.corrcoef(drawn.ravel(), case.noise.ravel())[0, 1]
    standard = abs(drawn.std() - 1) < 0.1 and abs(drawn.mean()) < 0.1
    if case.target != "x0" and abs(correlation) < 0.1 and standard:
        raise Wrong("fresh_noise", "The target holds Gaussian noise, but not the noise that is in x_t.")
    timesteps, found = _found_factors(case)
    if found:
        expected = _factors_of(case.target, case.truth, timesteps)
        # With little noise x_t is nearly x_0: then a rounding of a large factor moves the other one.
        largest = np.abs(list(found.values())).max(axis=0)
        rounding = 2e-7 * largest / np.sqrt(1 - case.truth.cumprod[timesteps])
        slack = dict.fromkeys(expected, rounding)
        judge_coefficients(timesteps, found, expected, slack, _explained(case, timesteps))
    correlation = np.corrcoef(target.ravel(), right.ravel())[0, 1]
    raise Wrong(None, f"The target is not {CALLED[case.target]}: the two correlate by {correlation:.2f}.")


def _explained(case: Case, t: np.ndarray) -> Callable[[Fits], Explanation | None]:
    """What looks for the slips in the formula of the mean that explain factors found at the timesteps `t`."""
    others = [(name, tables.at(t)) for name, tables in other_tables(case.truth, case.decoy)]
    return lambda fits: TARGET.explain(fits, case.truth.at(t), others) if case.target == "mean" else None


def _found_factors(case: Case) -> tuple[np.ndarray, Table]:
    """The timesteps of a call, and the factors in its target there; none where it is no such sum."""
    timesteps, target = np.unique(case.t), case.implied_target
    rows = [case.t == k for k in timesteps]
    fits = [solve([case.x0[here], case.x_t[here]], target[here]) for here in rows]
    far = [
        np.abs(rest).max() / max(10.0, np.abs(target[here]).max())
        for (_, rest), here in zip(fits, rows, strict=True)
    ]
    if len(case.out) < MANY or max(far) > 1e-3:
        return timesteps, {}
    return timesteps, dict(zip((OF_X0, OF_X_T), np.array([fit for fit, _ in fits]).T, strict=True))


def _curve(case: Case) -> Curve | None:
    """That factor in the target which is further off."""
    timesteps, found = _found_factors(case)
    if not found:
        return None
    expected = _factors_of(case.target, case.truth, timesteps)
    name = max(found, key=lambda name: float(np.abs(found[name] - expected[name]).max()))
    return Curve(name, timesteps, expected[name], found[name])


def _factors_of(target: str, truth: Tables, t: np.ndarray) -> Table:
    """Each target is a sum of x0 and x_t: the two factors at the timesteps `t`."""
    of_x0, of_x_t = TARGETS[target](truth)
    return {OF_X0: of_x0[t], OF_X_T: of_x_t[t]}
