"""Identifies x_t = a_t·x0 + b_t·noise, then the noise that an answer draws by itself: points and images."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from labkit.checks.judges.coefficients import Table, judge_coefficients, solve
from labkit.checks.judges.draw import Rng, decoy_betas, lesson_like_betas, normal, random_betas
from labkit.checks.judges.formula.theory import Fits, Theory, Written, formula
from labkit.checks.judges.noise import ENOUGH, judge_noise
from labkit.checks.judges.tables import Tables, misread
from labkit.checks.probes.common import num_portions
from labkit.checks.wrong import Explanation, Wrong

SIGNAL, NOISE = "the factor of x0", "the factor of the noise"

FORWARD = Theory(
    inputs=("x_0", "ε"),
    right=(
        Written(
            formula("sqrt(ᾱ) * x_0 + sqrt(1 - ᾱ) * ε"),
            {
                "the roots are missing, everywhere": "missing_roots",
                "the root over ᾱ_t is missing": "missing_root_signal",
                "the root over 1 − ᾱ_t is missing": "missing_root_noise",
                "the factors of x_0 and ε are swapped": "swapped_coefficients",
                "the sign of √(1 − ᾱ_t)·ε is wrong": "minus_noise",
                "√(1 − ᾱ_t)·ε is left out": "noise_left_out",
                "√ᾱ_t·x_0 is left out": "signal_left_out",
                "the factor √(1 − ᾱ_t) is missing": "noise_not_scaled",
                "the factor √ᾱ_t is missing": "signal_not_scaled",
                "β_t stands where 1 − ᾱ_t belongs": "one_steps_noise",
            },
        ),
    ),
    instead=(("network_sees_sum", formula("x_0 + ε")),),
)
"""Ho et al. 2020, Eq. 4"""

Ask = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray | None], np.ndarray]
"""(betas, decoy_betas, x0, t, noise or None) → x_t, what the answer makes of them"""

Draw = Callable[[int], np.ndarray]
"""B → x0 [B, …], fresh"""


def judge_forward(ask: Ask, rng: Rng, draws: tuple[Draw, Draw], todo: str) -> None:
    """Raise Wrong unless x_t is a draw from q(x_t | x_0) at every t, with the noise that was handed in.

    `draws` make x0 of two shapes.
    """
    schedules = (random_betas(rng, int(rng.integers(60, 150))), lesson_like_betas(rng))
    for betas, draw in zip(schedules, draws, strict=True):
        _judge_coefficients(ask, rng, betas, draw)
    betas = random_betas(rng, 90)
    x0 = draws[0](1)
    _judge_one_sample(ask, betas, decoy_betas(rng), x0, normal(rng, *x0.shape))
    _judge_own_noise(ask, rng, betas, draws[0](ENOUGH // x0.size + 1), todo)


def _judge_one_sample(
    ask: Ask, betas: np.ndarray, decoy: np.ndarray, x0: np.ndarray, noise: np.ndarray
) -> None:
    cumprod = Tables.of(betas).cumprod[7]
    x_t = ask(betas, decoy, x0, np.array([7]), noise)
    right = np.sqrt(cumprod) * x0 + np.sqrt(1 - cumprod) * noise
    if not np.allclose(x_t, right, atol=1e-3):
        numbers = f"{x_t.ravel()[0]:.4f}; it should be {right.ravel()[0]:.4f}"
        raise Wrong(None, f"For a batch of one, at t = 7, the first number of x_t is {numbers}.")


def _judge_coefficients(ask: Ask, rng: Rng, betas: np.ndarray, draw: Draw) -> None:
    timesteps = np.unique(np.concatenate([[0, 1, len(betas) - 1], rng.integers(0, len(betas), 60)]))
    t = rng.permutation(np.repeat(timesteps, 8))
    decoy, x0 = decoy_betas(rng), draw(len(t))
    noise = normal(rng, *x0.shape)
    x_t = ask(betas, decoy, x0, t, noise)
    fits = [solve([x0[t == k], noise[t == k]], x_t[t == k]) for k in timesteps]
    found = dict(zip((SIGNAL, NOISE), np.array([fit for fit, _ in fits]).T, strict=True))
    truth = Tables.of(betas)
    expected = coefficients_of(truth.at(timesteps))
    remains = np.array([np.abs(rest).max() for _, rest in fits])
    if remains.max() > 1e-3:
        _explain_rest(x_t, x0, noise, over(truth.cumprod[t], x0), int(timesteps[remains.argmax()]))
    both = np.stack(list(found.values()))
    if np.ptp(both, axis=1).max() < 1e-4 and both.min() > 0.01 and both.max() < 0.999:
        raise Wrong("one_time_for_batch", "The factors of x0 and of the noise are the same at every t.")
    exact = {name: np.zeros(len(timesteps)) for name in expected}
    judge_coefficients(timesteps, found, expected, exact, explained(truth, decoy, timesteps))


def coefficients_of(tables: Tables) -> Table:
    """The two factors that a schedule's tables lead to."""
    return dict(zip((SIGNAL, NOISE), FORWARD.factors(tables), strict=True))


def over(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Values [B] shaped to broadcast over x [B, …]."""
    return values.reshape(len(values), *[1] * (x.ndim - 1))


def noise_in(x_t: np.ndarray, x0: np.ndarray, cumprod: np.ndarray) -> np.ndarray:
    """The noise that is in a right x_t; ᾱ_t is shaped to broadcast over it."""
    return (x_t - np.sqrt(cumprod) * x0) / np.sqrt(1 - cumprod)


def _explain_rest(
    x_t: np.ndarray, x0: np.ndarray, noise: np.ndarray, cumprod: np.ndarray, worst: int
) -> None:
    """x_t is no sum of x0 and the noise that was handed in. Did the answer draw noise of its own?"""
    own = noise_in(x_t, x0, cumprod)
    right = np.sqrt(cumprod) * x0 + np.sqrt(1 - cumprod) * noise
    if np.allclose(x_t, np.clip(right, x_t.min(), x_t.max()), atol=1e-3):
        raise Wrong("clamped", f"x_t never leaves [{x_t.min():.3g}, {x_t.max():.3g}].")
    usable = cumprod.ravel() < 0.999
    if abs(np.mean(own[usable] * noise[usable])) < 0.3 and 0.5 < own[usable].std() < 1.5:
        raise Wrong("noise_ignored", "x_t does not contain the noise that was handed in.")
    raise Wrong(None, f"At t = {worst}, x_t is not a sum of x0 and noise, each multiplied by one number.")


def explained(
    truth: Tables, decoy: np.ndarray, t: np.ndarray, most: int = 2
) -> Callable[[Fits], Explanation | None]:
    """What looks for the mistakes, at most so many, that explain factors found at the timesteps `t`."""

    def explain(fits: Fits) -> Explanation | None:
        signal, _ = FORWARD.factors(truth.at(t))
        if fits(np.stack([signal, _one_noise_at_every_step(truth)[t]])):
            return Explanation(("iterated_steps",))
        return FORWARD.explain(fits, truth.at(t), _other_tables(truth, decoy, t), most)

    return explain


def _other_tables(truth: Tables, decoy: np.ndarray, t: np.ndarray) -> list[tuple[str, Tables]]:
    twice = replace(truth, cumprod=np.cumprod(truth.cumprod))
    lines = [Tables.of(line) for line in _straight_lines(truth.betas) if t.max() < len(line)]
    more = [("cumprod_twice", twice), *(("assumes_linear_schedule", line) for line in lines)]
    return [(name, tables.at(t)) for name, tables in [*misread(truth, decoy), *more]]


def _one_noise_at_every_step(truth: Tables) -> np.ndarray:
    """The factor of a noise that is drawn once and added again at every step up to t."""
    factors, factor = [], 0.0
    for alpha, beta in zip(truth.alphas, truth.betas, strict=True):
        factor = np.sqrt(alpha) * factor + np.sqrt(beta)
        factors.append(factor)
    return np.array(factors)


def _straight_lines(betas: np.ndarray) -> list[np.ndarray]:
    """Straight lines between the schedule's two ends, of its own length and of the lesson's."""
    return [np.linspace(betas[0], betas[-1], length) for length in (len(betas), 1000)]


def _judge_own_noise(ask: Ask, rng: Rng, betas: np.ndarray, x0: np.ndarray, todo: str) -> None:
    t = rng.integers(3, len(betas), len(x0))
    cumprod, decoy = over(Tables.of(betas).cumprod[t], x0), decoy_betas(rng)
    one, again = (noise_in(ask(betas, decoy, x0, t, None), x0, cumprod) for _ in range(2))
    judge_noise(one, again, what=f"The noise that {todo} draws", portions=num_portions(len(x0)))
