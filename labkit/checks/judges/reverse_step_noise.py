"""Is the noise of a reverse step as strong as one of DDPM's two variances says, at every t?"""

import numpy as np
import scipy  # its parts load when they are first used, and `stats` takes half a second

from labkit.checks.judges.noise import RISK, is_uniform
from labkit.checks.judges.tables import Tables, misread, posterior_variance
from labkit.checks.wrong import Curve, Wrong


def _surprise(found: np.ndarray, variance: np.ndarray) -> float:
    """Minus the log likelihood of measured variances, up to a constant and a factor."""
    variance = np.maximum(variance, 1e-9)
    return float(np.sum(np.log(variance) + found / variance))


def judge_sigma(t: np.ndarray, noise: list[np.ndarray], truth: Tables, decoy: np.ndarray) -> np.ndarray:
    """Raise Wrong unless σ_t² is β_t, or β̃_t, at every t, and 0 at t = 0; return σ_t."""
    n = noise[0].size
    found = np.array([np.sqrt(np.square(added).sum() / (n - 2)) for added in noise])
    low, high = scipy.stats.chi2.ppf([RISK / 2, 1 - RISK / 2], n - 2) / (n - 2)

    def fits(variance: np.ndarray) -> bool:
        noisy = variance > 0
        if (found[~noisy] > 2e-3).any() or not noisy.any():
            return not noisy.any() and bool((found < 2e-3).all())
        ratio, freedom = np.square(found[noisy]) / variance[noisy], (n - 2) * noisy.sum()
        pooled = scipy.stats.chi2.ppf([RISK / 2, 1 - RISK / 2], freedom) / freedom
        return bool(((ratio > low) & (ratio < high)).all() and pooled[0] < ratio.mean() < pooled[1])

    fixed_large, posterior = np.where(t > 0, truth.betas[t], 0), posterior_variance(truth)[t]
    fitting = [variance for variance in (fixed_large, posterior) if fits(variance)]
    if fitting:  # where the draws cannot tell the two apart, the likelier one
        return np.sqrt(min(fitting, key=lambda variance: _surprise(found**2, variance)))
    off = [np.abs(found - np.sqrt(variance)) for variance in (fixed_large, posterior)]
    k = int(np.minimum(*off).argmax())  # where it is neither of the two
    either = f" (or {np.sqrt(posterior[k]):.4f}, with the posterior's variance)" if t[k] > 0 else ""
    detail = (
        f"At t = {t[k]}, the noise added has the standard deviation {found[k]:.4f}; it should be "
        f"{np.sqrt(fixed_large[k]):.4f}{either}."
    )
    shapes = [(added - added.mean()) / added.std() for added in noise[1:] if added.std() > 1e-3]
    if shapes and is_uniform(np.concatenate(shapes)):
        raise Wrong("uniform_noise", f"{detail} Its values are spread evenly between two bounds.")
    mistakes = _mistakes_in_sigma(truth, decoy, t)
    explaining = [(_surprise(found**2, variance), name) for name, variance in mistakes if fits(variance)]
    ratio = np.square(found[1:]) / truth.betas[t[1:]]
    any_scale = np.where(t > 0, ratio.mean() * truth.betas[t], 0)
    if fits(any_scale):  # fitted to what was found, so it must be clearly likelier than the others
        explaining.append((_surprise(found**2, any_scale) + 16 / n, "noise_scaled"))
    named = min(explaining)[1] if explaining else None
    raise Wrong(named, detail, Curve("the noise's standard deviation", t, np.sqrt(fixed_large), found))


def _mistakes_in_sigma(truth: Tables, decoy: np.ndarray, t: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """(id, variance at the timesteps `t`)."""
    every, later = np.arange(len(truth.betas)), t > 0
    posterior = posterior_variance(truth)
    first_kept = np.append(posterior[1], posterior[1:])  # log variances are clipped so
    inverted = truth.betas * (1 - truth.cumprod) / np.maximum(1 - truth.prev, 1e-12)
    mistakes = [("no_noise", 0.0 * t), ("no_noise", np.where(later, 0, truth.betas[t]))]
    for variance in (truth.betas, posterior):
        at_t = variance[t]
        mistakes += [
            ("noise_at_last_step", np.where(later, at_t, truth.betas[t])),
            ("noise_at_last_step", np.where(later, at_t, first_kept[t])),
            ("no_noise_at_t1", np.where(t > 1, at_t, 0)),
            ("variance_for_std", np.where(later, at_t**2, 0)),
            ("variance_for_std", np.where(later, at_t, truth.betas[t]) ** 2),
            ("noise_missing_at_first_step", np.where(t < every[-1], at_t, 0)),
            ("noise_missing_at_first_step", np.where(later & (t < every[-1]), at_t, 0)),
            ("noise_in_bracket", np.where(later, at_t / truth.alphas[t], 0)),
            ("noise_added_twice", np.where(later, 2 * at_t, 0)),
            ("noise_added_twice", np.where(later, 4 * at_t, 0)),
        ]
    for name, tables in misread(truth, decoy):
        for variance in (tables.betas, posterior_variance(tables)):
            mistakes.append((name, np.where(later, variance[t], 0)))
    mistakes += [("posterior_variance_inverted", np.where(later, inverted[t], 0))]
    for wrong in (np.ones_like(truth.betas), truth.alphas, truth.cumprod, 1 - truth.cumprod):
        mistakes += [("noise_scaled", np.where(later, wrong[t], 0)), ("noise_scaled", wrong[t])]
    mistakes += [("betas_missing_in_variance", np.where(later, (posterior / truth.betas)[t], 0))]
    return mistakes
