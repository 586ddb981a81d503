"""Is the noise of a reverse step as strong as one of DDPM's two variances says, at every t?"""

import numpy as np
import scipy  # its parts load when they are first used, and `stats` takes half a second

from labkit.checks.judges.noise import RISK, is_uniform
from labkit.checks.judges.reverse_step_mistakes import mistakes_in_sigma
from labkit.checks.judges.theory import Tables, posterior_variance
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
    mistakes = mistakes_in_sigma(truth, decoy, t)
    explaining = [(_surprise(found**2, variance), name) for name, variance in mistakes if fits(variance)]
    ratio = np.square(found[1:]) / truth.betas[t[1:]]
    any_scale = np.where(t > 0, ratio.mean() * truth.betas[t], 0)
    if fits(any_scale):  # fitted to what was found, so it must be clearly likelier than the others
        explaining.append((_surprise(found**2, any_scale) + 16 / n, "noise_scaled"))
    named = min(explaining)[1] if explaining else None
    raise Wrong(named, detail, Curve("the noise's standard deviation", t, np.sqrt(fixed_large), found))
