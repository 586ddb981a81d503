"""Identifies x_{t−1} = a_t·x_t + c_t·net_out + σ_t·z and compares it with Ho et al. 2020: Algorithm 2, Eq. 7.

Every step is asked twice with the same draws (torch's seed) and other inputs: in the difference the noise
cancels, and the factors are exact. An answer that draws elsewhere loses only precision: the size of what
remains of the difference says how far its factors can be trusted. Half of the inputs are like the lesson's
own, half are about thirty times as large as the noise.

Where clipping x̂_0 to [−1, 1] is right, the step may also be a_t·x_t + c_t·clip(x̂_0) + σ_t·z: the form that
leaves less of the difference unexplained is the one that is judged.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from labkit.checks.judges.coefficients import Table, judge_coefficients, solve
from labkit.checks.judges.draw import Rng, decoy_betas, normal
from labkit.checks.judges.formula.theory import Fits, Theory
from labkit.checks.judges.noise import BOUND, judge_draws, judge_noise
from labkit.checks.judges.reverse_mean import (
    FROM_MEAN,
    FROM_NOISE,
    FROM_X_0,
    X_0_ITSELF,
    X_0_OF_NOISE,
    other_tables,
)
from labkit.checks.judges.reverse_step_noise import judge_sigma
from labkit.checks.judges.tables import Tables, misread
from labkit.checks.wrong import Explanation, Wrong

SCALE = 30.0

BENT = 5e-4
"""More than rounding leaves of a difference that a form explains; less than any bend in the step does."""

PRECISE = 0.01
"""Factors that are less certain fit to too many pairs of slips."""

ROUNDING = 3e-7
"""How inexactly float32 knows ᾱ after a few operations: 1 − ᾱ_t loses digits where it is small."""

X_T, NET, X0 = "the factor of x_t", "the factor of the network's answer", "the factor of the clipped x̂_0"


class Ask(Protocol):
    """Asks an answer for one step; with a `seed`, torch's generator starts from it."""

    def __call__(
        self,
        betas: np.ndarray,
        decoy: np.ndarray,
        x_t: np.ndarray,
        net_out: np.ndarray,
        t: int,
        seed: int | None = None,
    ) -> np.ndarray: ...


@dataclass(frozen=True)
class Predictor:
    """What the network's answer means, and what a step makes of it."""

    mean: Theory
    """The mean of x_{t−1}, from x_t and the network's answer."""
    means: str
    """"noise", "x0" or "mean"."""
    x0: Theory | None = None
    """x̂_0 from x_t and the network's answer, where clipping it is right."""
    clips_result: str = "clips_x_prev"
    """What it is called to clip x_{t−1}."""
    clips_last: str = "clips_x0_elsewhere"
    """What it is called to clip what the step at t = 0 returns."""


POINTS_NOISE = Predictor(FROM_NOISE, "noise", clips_result="clamped", clips_last="clamped")
NOISE = Predictor(FROM_NOISE, "noise", X_0_OF_NOISE)
X_0 = Predictor(FROM_X_0, "x0", X_0_ITSELF)
MEAN = Predictor(FROM_MEAN, "mean", clips_last="clips_mean")


def _identity(tables: Tables) -> np.ndarray:
    """The factors of x_t and of the network's answer in that answer itself."""
    return np.stack([0 * tables.betas, np.ones_like(tables.betas)])


@dataclass(frozen=True)
class _Form:
    """The step as a·x_t + c·quantity, the quantity made from x_t and net_out and clipped or not."""

    quantity: np.ndarray
    """[2, T], of x_t and net_out"""
    expected: np.ndarray
    """[2, T], of x_t and the quantity"""
    rounding: np.ndarray
    """[T], what float32 arithmetic may change in the factors"""
    theory: Theory | None = None
    """Of what is expected, where other things might stand there."""
    clipped: bool = True
    label: str = X0
    named: str | None = None
    """The mistake that this form is."""


@dataclass(frozen=True)
class _Call:
    """Inputs of a step and what came out."""

    x_t: np.ndarray
    net_out: np.ndarray
    x_prev: np.ndarray

    def quantity(self, form: _Form, t: int) -> np.ndarray:
        value = form.quantity[0][t] * self.x_t + form.quantity[1][t] * self.net_out
        return np.clip(value, -1, 1) if form.clipped else value


@dataclass(frozen=True)
class _Fit:
    """A form's factors at each judged timestep."""

    form: _Form
    factors: np.ndarray
    """[K, 2], of x_t and of the quantity"""
    errors: np.ndarray
    """[K, 2], their standard errors"""
    unexplained: np.ndarray
    """[K], root mean square of what remains of the difference; in proportion for results beyond 1,000"""
    noise: list[np.ndarray]
    """what a call adds, at each timestep"""

    @property
    def score(self) -> float:
        """How badly the form explains the answer: a likelihood, but for rounding."""
        return float(np.log(np.square(self.unexplained) + 1e-8).sum())

    def at(self, chosen: np.ndarray) -> "_Fit":
        """The same at some of the timesteps."""
        noise = [added for added, here in zip(self.noise, chosen, strict=True) if here]
        return _Fit(self.form, self.factors[chosen], self.errors[chosen], self.unexplained[chosen], noise)

    def judge(self, t: np.ndarray, truth: Tables, decoy: np.ndarray, likely: tuple[str, ...] = ()) -> None:
        """Raise Wrong unless the factors are as expected; of what explains them, the `likely` goes first."""
        slack = 1.1 * BOUND * self.errors + self.form.rounding[t, None]

        def table(factors: np.ndarray) -> Table:
            return dict(zip((X_T, self.form.label), factors, strict=True))

        def explain(fits: Fits) -> Explanation | None:
            if self.form.theory is None:
                return None
            others = [(name, tables.at(t)) for name, tables in other_tables(truth, decoy)]
            most = 2 if slack.max() < PRECISE else 1
            return self.form.theory.explain(fits, truth.at(t), others, most, likely)

        judge_coefficients(t, table(self.factors.T), table(self.form.expected[:, t]), table(slack.T), explain)


def judge_reverse_step(
    ask: Ask, predictor: Predictor, rng: Rng, betas: np.ndarray, shape: tuple[int, ...], who: str
) -> None:
    """Raise Wrong unless the step of a schedule is right at every t.

    `shape` is that of x_t, about 1,000 numbers or more; `who` names the answer in sentences.
    """
    length, decoy, truth = len(betas), decoy_betas(rng), Tables.of(betas)
    middle = rng.choice(np.arange(3, length - 1), min(16, length - 4), replace=False)
    t = np.sort(np.concatenate([[0, 1, 2, length - 1], middle]))
    calls = []
    for step in t:
        seed = int(rng.integers(2**31))
        inputs = [_inputs(rng, predictor, truth, int(step), shape) for _ in range(2)]
        calls.append([_Call(*both, ask(betas, decoy, *both, int(step), seed)) for both in inputs])

    added = f"The noise that {who} adds, divided by its standard deviation,"
    fits = [_fit(form, t, calls) for form in _right_forms(predictor, truth)]
    # So coarse a score that of two forms which both explain the answer the first is taken.
    best = np.full(len(t), int(np.argmin([round(one.score) for one in fits])))
    fit = fits[best[0]]
    if fit.unexplained.max() > BENT:
        unexplained = np.array([one.unexplained for one in fits])
        if unexplained.min(axis=0).max() <= BENT:  # clipped at some timesteps, and not at others
            best = unexplained.argmin(axis=0)
        elif _draws_repeat(ask, betas, decoy, calls[0][0]):
            raise _explain_rest(predictor, truth, decoy, t, calls, fit)
    noises = [fits[form].noise[i] for i, form in enumerate(best)]
    sigmas = np.array([np.sqrt(np.square(noise).mean()) for noise in noises])
    likely = _names_by_sigma(sigmas, truth, t)
    for form in np.unique(best):
        here = best == form
        fits[form].at(here).judge(t[here], truth, decoy, likely)
    for sigma, noise in zip(sigmas, noises, strict=True):
        if sigma > 0.01:
            judge_draws(noise, added, unit=float(sigma), slack=0.25)
    sigma = judge_sigma(t, noises, truth, decoy)
    noisy = np.flatnonzero(sigma > 0)
    call = calls[noisy[0]][0]
    one, again = (ask(betas, decoy, call.x_t, call.net_out, int(t[noisy[0]])) for _ in range(2))
    if np.array_equal(one, again):
        text = f"Two calls in a row with the same x_t, at t = {t[noisy[0]]}, gave exactly the same result."
        raise Wrong("fixed_seed", text)
    z = np.concatenate([noises[k] / sigma[k] for k in noisy])
    judge_noise(z, np.roll(z, shape[0], axis=0), added)


def _inputs(
    rng: Rng, predictor: Predictor, truth: Tables, t: int, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """x_t and net_out: number by number either as a network would answer, or large and unrelated."""
    x0, eps = rng.uniform(-1.5, 1.5, shape), normal(rng, *shape)
    x_t = np.sqrt(truth.cumprod[t]) * x0 + np.sqrt(1 - truth.cumprod[t]) * eps
    of_x_t, of_x0 = FROM_X_0.factors(truth)
    net_out = {"noise": eps, "x0": x0, "mean": of_x_t[t] * x_t + of_x0[t] * x0}[predictor.means]
    large = rng.random(shape) < 0.5
    pairs = ((SCALE * normal(rng, *shape), x_t), (SCALE * normal(rng, *shape), net_out))
    x_t, net_out = (np.where(large, much, little).astype(np.float32) for much, little in pairs)
    return x_t.astype(np.float64), net_out.astype(np.float64)


def _right_forms(predictor: Predictor, truth: Tables) -> list[_Form]:
    mean, rounding = predictor.mean, ROUNDING / (1 - truth.cumprod)
    forms = [_Form(_identity(truth), mean.factors(truth), rounding, mean, clipped=False, label=NET)]
    if predictor.x0:
        forms.append(_Form(predictor.x0.factors(truth), FROM_X_0.factors(truth), rounding, FROM_X_0))
    return forms


def _wrong_forms(predictor: Predictor, truth: Tables, decoy: np.ndarray) -> list[_Form]:
    """Right steps but for one thing, which is clipped."""
    right, from_x0, identity = predictor.mean.factors(truth), FROM_X_0.factors(truth), _identity(truth)
    forms = [("clips_mean", right, identity)]
    if predictor.means == "noise":
        forms.append(("clips_net_out", identity, right))
    if predictor.x0:
        for name, tables in misread(truth, decoy):
            forms.append((name, predictor.x0.factors(tables), FROM_X_0.factors(tables)))
        forms += [(name, wrong, from_x0) for name, wrong in predictor.x0.singles(truth)]
    rounding = ROUNDING / (1 - truth.cumprod)
    return [_Form(quantity, expected, rounding, named=name) for name, quantity, expected in forms]


def _fit(form: _Form, t: np.ndarray, calls: list[list[_Call]]) -> _Fit:
    factors, errors, unexplained, noise = [], [], [], []
    for step, (one, other) in zip(t, calls, strict=True):
        x_t, quantity = one.x_t - other.x_t, one.quantity(form, step) - other.quantity(form, step)
        found, rest = solve([x_t, quantity], one.x_prev - other.x_prev)
        design = np.stack([x_t.ravel(), quantity.ravel()])
        size = np.sqrt(np.square(rest).sum() / (rest.size - 2))
        factors.append(found)
        # A wrong factor can be hundreds; float32 then rounds results of many thousands.
        unexplained.append(size / max(1.0, float(np.square(one.x_prev).mean() ** 0.5) / 1000))
        errors.append(size * np.sqrt(np.diag(np.linalg.pinv(design @ design.T))))
        noise.append(one.x_prev - found[0] * one.x_t - found[1] * one.quantity(form, step))
    return _Fit(form, np.array(factors), np.array(errors), np.array(unexplained), noise)


def _draws_repeat(ask: Ask, betas: np.ndarray, decoy: np.ndarray, call: _Call) -> bool:
    """Whether the answer's noise comes from torch's generator: then a difference holds none."""
    one, other = (ask(betas, decoy, call.x_t, call.net_out, len(betas) - 1, seed=1) for _ in range(2))
    return np.array_equal(one, other)


def _explain_rest(
    predictor: Predictor,
    truth: Tables,
    decoy: np.ndarray,
    t: np.ndarray,
    calls: list[list[_Call]],
    best: _Fit,
) -> Wrong:
    """The difference of two calls is no sum of theirs: something is clipped, or bent in another way."""
    for form in _wrong_forms(predictor, truth, decoy):
        fit = _fit(form, t, calls)
        if fit.unexplained.max() > BENT:
            continue
        try:
            fit.judge(t, truth, decoy)
        except Wrong:
            continue
        return Wrong(form.named, "Numbers outside [−1, 1] are clipped on the way to the result.")
    for k, name in ((-1, predictor.clips_result), (0, predictor.clips_last)):
        low, high = (bound(calls[k][0].x_prev) for bound in (np.min, np.max))
        ties = [np.mean(np.abs(calls[k][0].x_prev - bound) < 1e-3) for bound in (low, high)]
        right = k == 0 and predictor.x0 and np.allclose([low, high], [-1, 1], atol=1e-3)
        if min(ties) > 0.05 and not right:
            return Wrong(name, f"At t = {t[k]} the result never leaves [{low:.3g}, {high:.3g}].")
    k = int(best.unexplained.argmax())
    text = f"At t = {t[k]} the result is not a sum of x_t and the network's answer, each times a number."
    return Wrong(None, text)


def _names_by_sigma(sigmas: np.ndarray, truth: Tables, t: np.ndarray) -> tuple[str, ...]:
    """Some mistakes share their factors with others, and differ from them in the noise alone."""
    later = t > 0
    if sigmas.max() < 1e-3:
        return ("returns_x0", "returns_eps")
    ratio = np.square(sigmas[later]) / (1 - truth.prev[t][later])
    return ("renoised_x0",) if np.ptp(ratio) < 0.5 and abs(ratio.mean() - 1) < 0.04 else ()
