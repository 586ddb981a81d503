"""What p_sample's factors and its noise become under the mistakes that people make."""

import numpy as np

from labkit.checks.judges.coefficients import Table
from labkit.checks.judges.theory import Tables, posterior_factors, posterior_variance, shifted

X_T, EPS = "the factor of x_t", "the factor of the network's answer"


def step_of(tables: Tables) -> Table:
    """a_t and c_t of Algorithm 2, at every t."""
    return _eps_form(1 / np.sqrt(tables.alphas), tables.betas / np.sqrt(1 - tables.cumprod))


def _eps_form(scale: np.ndarray, eps: np.ndarray) -> Table:
    """x_{t−1} = scale·(x_t − eps·ε_θ)."""
    return {X_T: scale, EPS: -scale * eps}


def _x0_form(of_x0: np.ndarray, of_x_t: np.ndarray, guess: Table) -> Table:
    """x_{t−1} = of_x0·x̂_0 + of_x_t·x_t, with the factors of a guess at x_0."""
    return {X_T: of_x_t + of_x0 * guess[X_T], EPS: of_x0 * guess[EPS]}


def mistakes_in_step(truth: Tables, decoy: np.ndarray, by_sigma: str | None) -> list[tuple[str, Table]]:
    """(id, factors) at every t; `by_sigma` names a mistake that the noise speaks for, and goes first."""
    alphas, betas, cumprod, prev = truth.alphas, truth.betas, truth.cumprod, truth.prev
    scale, eps, ones = 1 / np.sqrt(alphas), betas / np.sqrt(1 - cumprod), np.ones_like(betas)
    guess = _eps_form(1 / np.sqrt(cumprod), np.sqrt(1 - cumprod))
    of_x0, of_x_t = posterior_factors(truth, prev)
    before_first = {"prev_clamped": cumprod[0], "prev_wraps": cumprod[-1], "prev_zero": 0.0}
    before = {name: np.append(value, prev[1:]) for name, value in before_first.items()}
    renoised = _x0_form(np.sqrt(prev), 0 * prev, guess)
    lesson = Tables.of(np.linspace(1e-4, 0.02, 1000))
    mistakes = [
        *[(name, _x0_form(*posterior_factors(truth, wrong), guess)) for name, wrong in before.items()],
        ("alphas_cumprod_for_prev", _x0_form(*posterior_factors(truth, cumprod), guess)),
        ("swapped_posterior_coefficients", _x0_form(of_x_t, of_x0, guess)),
        ("missing_root_eps", _x0_form(of_x0, of_x_t, _eps_form(1 / np.sqrt(cumprod), 1 - cumprod))),
        ("alphas_for_alphas_cumprod", _x0_form(of_x0, of_x_t, _eps_form(scale, np.sqrt(betas)))),
        ("ddim_step", {X_T: renoised[X_T], EPS: renoised[EPS] + np.sqrt(1 - prev)}),
        ("alphas_cumprod_for_alphas", _eps_form(1 / np.sqrt(cumprod), eps)),
        ("alphas_cumprod_for_alphas", _eps_form(1 / np.sqrt(cumprod), np.sqrt(1 - cumprod))),
        ("alphas_cumprod_for_betas", _eps_form(scale, np.sqrt(1 - cumprod))),
        ("missing_root_eps", _eps_form(scale, betas / (1 - cumprod))),
        ("missing_root_scale", _eps_form(1 / alphas, eps)),
        ("missing_scale", _eps_form(ones, eps)),
        ("scale_upside_down", _eps_form(np.sqrt(alphas), eps)),
        ("scale_on_x_t_only", {X_T: scale, EPS: -eps}),
        ("scale_on_eps_only", {X_T: ones, EPS: -scale * eps}),
        ("plus_eps", _eps_form(scale, -eps)),
        ("alphas_for_betas", _eps_form(scale, alphas / np.sqrt(1 - cumprod))),
        ("root_of_betas", _eps_form(scale, np.sqrt(betas) / np.sqrt(1 - cumprod))),
        ("alphas_for_alphas_cumprod", _eps_form(scale, np.sqrt(betas))),
        ("alphas_cumprod_for_one_minus", _eps_form(scale, betas / np.sqrt(cumprod))),
        (
            "alphas_cumprod_prev_for_alphas_cumprod",
            _eps_form(scale, betas / np.sqrt(np.maximum(1 - prev, 1e-12))),
        ),
        ("eps_not_scaled", _eps_form(scale, ones)),
        ("returns_eps", {X_T: 0 * ones, EPS: ones}),
        *[("off_by_one_t", step_of(truth.at(index))) for index in shifted(len(betas))],
        ("reversed_t", step_of(truth.at(np.arange(len(betas))[::-1]))),
        ("reads_global", step_of(Tables.of(decoy[: len(betas)]))),
        ("returns_x0", guess),
        ("renoised_x0", renoised),
    ]
    if len(betas) <= len(lesson.betas):
        mistakes.append(("lessons_schedule", step_of(lesson.at(np.arange(len(betas))))))
    return sorted(mistakes, key=lambda mistake: mistake[0] != by_sigma)


def mistakes_in_sigma(truth: Tables, t: np.ndarray, found: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """(id, variance at the timesteps `t`); `found` is the standard deviation that was measured there."""
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
            ("noise_in_bracket", np.where(later, at_t / truth.alphas[t], 0)),
        ]
        mistakes += [
            ("off_by_one_t", np.where(later, variance[index][t], 0)) for index in shifted(len(every))
        ]
    mistakes += [("posterior_variance_inverted", np.where(later, inverted[t], 0))]
    ratio = np.square(found[1:]) / truth.betas[t[1:]]
    for wrong in (np.ones_like(truth.betas), truth.alphas, truth.cumprod, 1 - truth.cumprod):
        mistakes += [("noise_scaled", np.where(later, wrong[t], 0)), ("noise_scaled", wrong[t])]
    mistakes += [("betas_missing_in_variance", np.where(later, (posterior / truth.betas)[t], 0))]
    return [*mistakes, ("noise_scaled", np.where(later, ratio.mean() * truth.betas[t], 0))]
