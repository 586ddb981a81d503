"""Identifies x_{t−1} = a_t·x_t + c_t·ε_θ + σ_t·z and compares it with Ho et al. 2020, Algorithm 2.

x_t and ε_θ are drawn about thirty times as large as the noise that the step adds: then a few hundred points
tell the two factors to a few parts in ten thousand, and what remains is the noise itself.
"""

import numpy as np
from scipy import stats

from labkit.checks.judges.coefficients import judge_coefficients, solve
from labkit.checks.judges.draw import Rng, decoy_betas, lesson_like_betas, normal, random_betas
from labkit.checks.judges.noise import BOUND, RISK, is_uniform, judge_draws, judge_noise
from labkit.checks.judges.p_sample_mistakes import EPS, X_T, mistakes_in_sigma, mistakes_in_step, step_of
from labkit.checks.judges.theory import Tables, posterior_variance
from labkit.checks.judges.wrong import Curve, Wrong
from labkit.checks.subject import Arrays, Subject

BATCH, SCALE = 512, 30.0
ADDED = "The noise that p_sample adds, divided by its standard deviation,"


def judge_p_sample(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    steep = rng.uniform(0.2, 0.6, 12)  # large steps tell apart what small ones leave nearly equal
    for betas in (random_betas(rng, int(rng.integers(30, 80))), lesson_like_betas(rng), steep):
        _judge_schedule(subject, rng, betas)
    _ask(subject, steep, decoy_betas(rng), normal(rng, 1, 2), normal(rng, 1, 2), 0)
    return "the factors of x_t and of the network's answer, the noise and its variance, no noise at t = 0"


def _ask(
    subject: Subject, betas: np.ndarray, decoy: np.ndarray, x_t: np.ndarray, eps: np.ndarray, t: int
) -> Arrays:
    seen = subject.call("p_sample", {"betas": betas, "decoy_betas": decoy, "x_t": x_t, "eps": eps, "t": t})
    if seen["changed_x_t"]:
        raise Wrong("changes_its_input", "After the call, `x_t` held other numbers than before.")
    if not len(seen["asked_t"]):
        raise Wrong("network_not_asked", "p_sample never called the network.")
    if np.abs(seen["asked_t"] - t).max() > 1e-6:
        asked = seen["asked_t"][0]
        raise Wrong("network_gets_other_t", f"At t = {t} the network was asked about t = {asked:.4g}.")
    if t > 0 and not seen["asked_long"]:
        raise Wrong("t_not_long", "The network was asked about a t of floating-point numbers.")
    if seen["asked_x"].shape != x_t.shape or np.abs(seen["asked_x"] - x_t).max() > 1e-3:
        raise Wrong("network_gets_other_x", "The network was asked about other points than x_t.")
    return seen


def _judge_schedule(subject: Subject, rng: Rng, betas: np.ndarray) -> None:
    length, decoy, truth = len(betas), decoy_betas(rng), Tables.of(betas)
    middle = rng.choice(np.arange(3, length - 1), 8, replace=False)
    timesteps = np.sort(np.concatenate([[0, 1, 2, length - 1], middle]))
    found, rests = [], []
    for t in timesteps:
        x_t, eps = SCALE * normal(rng, BATCH, 2), SCALE * normal(rng, BATCH, 2)
        x_prev = _ask(subject, betas, decoy, x_t, eps, int(t))["x_prev"]
        coefficients, rest = solve([x_t, eps], x_prev)
        found.append(coefficients)
        rests.append(rest)
    sigmas = np.array([np.sqrt(np.square(rest).mean()) for rest in rests])
    spread = np.maximum(sigmas, np.sqrt(betas[timesteps]))
    # A tenth more than the bound: the drawn x_t are not exactly as large as SCALE says.
    slack = 1.1 * BOUND * spread / np.sqrt(2 * BATCH) / SCALE
    try:
        judge_coefficients(
            timesteps,
            dict(zip((X_T, EPS), np.array(found).T, strict=True)),
            {name: table[timesteps] for name, table in step_of(truth).items()},
            {X_T: slack, EPS: slack},
            [
                (name, {key: table[timesteps] for key, table in wrong.items()})
                for name, wrong in mistakes_in_step(truth, decoy, _name_by_sigma(sigmas, truth, timesteps))
            ],
        )
    except Wrong as wrong:
        if wrong.misconception is None:
            _judge_clamping(subject, rng, betas, decoy)
        raise
    for sigma, rest in zip(sigmas, rests, strict=True):
        if sigma > 0.01:
            judge_draws(rest, ADDED, unit=float(sigma), slack=0.25)
    sigma = _judge_sigma(timesteps, rests, truth)
    noisy = np.flatnonzero(sigma > 0)
    t = int(timesteps[noisy[0]])
    x_t, eps = normal(rng, BATCH, 2), normal(rng, BATCH, 2)
    calls = [_ask(subject, betas, decoy, x_t, eps, t)["x_prev"] for _ in range(2)]
    if np.array_equal(*calls):
        text = f"Two calls in a row with the same x_t, at t = {t}, gave exactly the same result."
        raise Wrong("fixed_seed", text)
    z = np.concatenate([rests[k] / sigma[k] for k in noisy])
    judge_noise(z, np.roll(z, BATCH, axis=0), ADDED)


def _judge_clamping(subject: Subject, rng: Rng, betas: np.ndarray, decoy: np.ndarray) -> None:
    """Raise Wrong where the step clips its guess at x_0: then it is not linear in its inputs."""
    truth = Tables.of(betas)
    x_t, eps = 2 * normal(rng, BATCH, 2), normal(rng, BATCH, 2)
    x_prev = _ask(subject, betas, decoy, x_t, eps, 0)["x_prev"]
    x0 = (x_t - np.sqrt(1 - truth.cumprod[0]) * eps) / np.sqrt(truth.cumprod[0])
    if np.allclose(x_prev, np.clip(x0, x_prev.min(), x_prev.max()), atol=1e-3):
        raise Wrong("clamped", f"At t = 0 the result never leaves [{x_prev.min():.3g}, {x_prev.max():.3g}].")


def _name_by_sigma(sigmas: np.ndarray, truth: Tables, t: np.ndarray) -> str | None:
    """Two mistakes share their factors with others, and differ from them in the noise alone."""
    later = t > 0
    if sigmas.max() < 1e-3:
        return "returns_x0"
    ratio = np.square(sigmas[later]) / (1 - truth.prev[t][later])
    return "renoised_x0" if np.ptp(ratio) < 0.5 and abs(ratio.mean() - 1) < 0.04 else None


def _surprise(found: np.ndarray, variance: np.ndarray) -> float:
    """Minus the log likelihood of measured variances, up to a constant and a factor."""
    variance = np.maximum(variance, 1e-9)
    return float(np.sum(np.log(variance) + found / variance))


def _judge_sigma(t: np.ndarray, rests: list[np.ndarray], truth: Tables) -> np.ndarray:
    """Raise Wrong unless σ_t² is β_t, or β̃_t, at every t, and 0 at t = 0; return σ_t."""
    n = 2 * BATCH
    found = np.array([np.sqrt(np.square(rest).sum() / (n - 2)) for rest in rests])
    low, high = stats.chi2.ppf([RISK / 2, 1 - RISK / 2], n - 2) / (n - 2)

    def fits(variance: np.ndarray) -> bool:
        noisy = variance > 0
        if (found[~noisy] > 2e-3).any() or not noisy.any():
            return not noisy.any() and bool((found < 2e-3).all())
        ratio, freedom = np.square(found[noisy]) / variance[noisy], (n - 2) * noisy.sum()
        pooled = stats.chi2.ppf([RISK / 2, 1 - RISK / 2], freedom) / freedom
        return bool(((ratio > low) & (ratio < high)).all() and pooled[0] < ratio.mean() < pooled[1])

    fixed_large, posterior = np.where(t > 0, truth.betas[t], 0), posterior_variance(truth)[t]
    fitting = [variance for variance in (fixed_large, posterior) if fits(variance)]
    if fitting:  # where the draws cannot tell the two apart, the likelier one
        return np.sqrt(min(fitting, key=lambda variance: _surprise(found**2, variance)))
    k = int(np.abs(found - np.sqrt(fixed_large)).argmax())
    either = f" (or {np.sqrt(posterior[k]):.4f}, with the posterior's variance)" if t[k] > 0 else ""
    detail = (
        f"At t = {t[k]}, the noise added has the standard deviation {found[k]:.4f}; it should be "
        f"{np.sqrt(fixed_large[k]):.4f}{either}."
    )
    shapes = [(rest - rest.mean()) / rest.std() for rest in rests[1:] if rest.std() > 1e-3]
    if shapes and is_uniform(np.concatenate(shapes)):
        raise Wrong("uniform_noise", f"{detail} Its values are spread evenly between two bounds.")
    mistakes = mistakes_in_sigma(truth, t, found)
    explaining = [(_surprise(found**2, variance), name) for name, variance in mistakes if fits(variance)]
    named = min(explaining)[1] if explaining else None
    raise Wrong(named, detail, Curve("the noise's standard deviation", t, np.sqrt(fixed_large), found))
