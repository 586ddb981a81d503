"""What a reverse step's factors and its noise become under the mistakes that people make.

The mean of x_{t−1} can be written from ε, x_0, or itself (Ho et al. 2020, Eq. 7 and 11). `Factors` are what
x_t and that quantity are multiplied with, at every t; `through` chains such a form with a guess at the
quantity, itself made from x_t and the network's answer.
"""

import numpy as np

from labkit.checks.judges.theory import Tables, posterior_factors, posterior_variance, shifted

Factors = tuple[np.ndarray, np.ndarray]
"""of x_t and of the other quantity, each [T]"""

Named = list[tuple[str, Factors]]
"""(id of a mistake, what it leads to)"""


def through(form: Factors, guess: Factors) -> Factors:
    """The form of a quantity that was itself guessed from x_t and the network's answer."""
    return form[0] + form[1] * guess[0], form[1] * guess[1]


def identity(tables: Tables) -> Factors:
    """The network's answer itself."""
    return 0 * tables.betas, np.ones_like(tables.betas)


def mean_from_eps(tables: Tables) -> Factors:
    """Algorithm 2: the mean of x_{t−1} from x_t and ε."""
    return _bracket(1 / np.sqrt(tables.alphas), tables.betas / np.sqrt(1 - tables.cumprod))


def mean_from_x0(tables: Tables) -> Factors:
    """Eq. 7: the mean of x_{t−1} from x_t and x_0."""
    return _posterior(tables, tables.prev)


def x0_from_eps(tables: Tables) -> Factors:
    """The x_0 that an ε implies (Eq. 4, solved for it)."""
    return _bracket(1 / np.sqrt(tables.cumprod), np.sqrt(1 - tables.cumprod))


def eps_from_x0(tables: Tables) -> Factors:
    """The ε that an x_0 implies (Eq. 4, solved for it)."""
    return 1 / np.sqrt(1 - tables.cumprod), -np.sqrt(tables.cumprod / (1 - tables.cumprod))


def _bracket(scale: np.ndarray, eps: np.ndarray) -> Factors:
    """scale·(x_t − eps·ε)."""
    return scale, -scale * eps


def _posterior(tables: Tables, prev: np.ndarray) -> Factors:
    """The factors of x_t and x_0 in the posterior mean, for a given ᾱ_{t−1}."""
    of_x0, of_x_t = posterior_factors(tables, prev)
    return of_x_t, of_x0


def other_tables(truth: Tables, decoy: np.ndarray) -> list[tuple[str, Tables]]:
    """What an answer sees that reads the schedule at other timesteps, or reads another schedule."""
    every, lesson = np.arange(len(truth.betas)), Tables.of(np.linspace(1e-4, 0.02, 1000))
    others = [("off_by_one_t", truth.at(index)) for index in shifted(len(every))]
    others += [("reversed_t", truth.at(every[::-1])), ("reads_global", Tables.of(decoy[: len(every)]))]
    return others + ([("lessons_schedule", lesson.at(every))] if len(every) <= len(lesson.betas) else [])


def mistakes_from_x0(truth: Tables) -> Named:
    """Mistakes in the mean of x_{t−1} as it is made from x_t and x_0."""
    alphas, betas, cumprod, prev = truth.alphas, truth.betas, truth.cumprod, truth.prev
    of_x_t, of_x0 = mean_from_x0(truth)
    before_first = {"prev_clamped": cumprod[0], "prev_wraps": cumprod[-1], "prev_zero": 0.0}
    rest, root = 1 - cumprod, np.sqrt(1 - cumprod)
    return [
        *[(name, _posterior(truth, np.append(value, prev[1:]))) for name, value in before_first.items()],
        ("alphas_cumprod_for_prev", _posterior(truth, cumprod)),
        ("swapped_posterior_coefficients", (of_x0, of_x_t)),
        ("alphas_cumprod_for_prev", (of_x_t, np.sqrt(cumprod) * betas / rest)),
        ("alphas_cumprod_for_prev", (np.sqrt(alphas), of_x0)),
        ("alphas_cumprod_for_alphas", (np.sqrt(cumprod) * (1 - prev) / rest, of_x0)),
        ("alphas_for_prev", (of_x_t, np.sqrt(alphas) * betas / rest)),
        ("alphas_for_alphas_cumprod", (of_x_t * rest / betas, of_x0 * rest / betas)),
        ("alphas_for_betas", (of_x_t, of_x0 * alphas / betas)),
        ("root_of_betas", (of_x_t, of_x0 / np.sqrt(betas))),
        ("missing_root_prev", (of_x_t, prev * betas / rest)),
        ("missing_root_alphas", (of_x_t * np.sqrt(alphas), of_x0)),
        ("missing_roots", (of_x_t * np.sqrt(alphas), prev * betas / rest)),
        ("missing_denominator", (of_x_t * rest, of_x0 * rest)),
        ("root_of_denominator", (of_x_t * root, of_x0 * root)),
        ("alphas_cumprod_for_one_minus", (of_x_t * rest / cumprod, of_x0 * rest / cumprod)),
        ("x_t_left_out", (0 * of_x_t, of_x0)),
        ("x0_left_out", (of_x_t, 0 * of_x0)),
        ("net_out_as_mean", identity(truth)),
        ("returns_x0", identity(truth)),
        ("forward_mean", (0 * of_x_t, np.sqrt(cumprod))),
        ("renoised_x0", (0 * of_x_t, np.sqrt(prev))),
    ]


def _ddim_mean(truth: Tables) -> Factors:
    """The deterministic step of DDIM, from x_t and x_0."""
    of_eps = np.sqrt(1 - truth.prev)
    of_x_t, of_x0 = eps_from_x0(truth)
    return of_eps * of_x_t, np.sqrt(truth.prev) + of_eps * of_x0


def mistakes_from_eps(truth: Tables) -> Named:
    """Mistakes in the mean of x_{t−1} as it is made from x_t and ε."""
    alphas, betas, cumprod, prev = truth.alphas, truth.betas, truth.cumprod, truth.prev
    scale, eps, ones = 1 / np.sqrt(alphas), betas / np.sqrt(1 - cumprod), np.ones_like(betas)
    return [
        ("alphas_cumprod_for_alphas", _bracket(1 / np.sqrt(cumprod), eps)),
        ("alphas_cumprod_for_alphas", _bracket(1 / np.sqrt(cumprod), np.sqrt(1 - cumprod))),
        ("alphas_cumprod_for_betas", _bracket(scale, np.sqrt(1 - cumprod))),
        ("missing_root_eps", _bracket(scale, betas / (1 - cumprod))),
        ("missing_root_scale", _bracket(1 / alphas, eps)),
        ("missing_scale", _bracket(ones, eps)),
        ("scale_upside_down", _bracket(np.sqrt(alphas), eps)),
        ("scale_on_x_t_only", (scale, -eps)),
        ("scale_on_eps_only", (ones, -scale * eps)),
        ("plus_eps", _bracket(scale, -eps)),
        ("alphas_for_betas", _bracket(scale, alphas / np.sqrt(1 - cumprod))),
        ("root_of_betas", _bracket(scale, np.sqrt(betas) / np.sqrt(1 - cumprod))),
        ("alphas_for_alphas_cumprod", _bracket(scale, np.sqrt(betas))),
        ("alphas_cumprod_for_one_minus", _bracket(scale, betas / np.sqrt(cumprod))),
        (
            "alphas_cumprod_prev_for_alphas_cumprod",
            _bracket(scale, betas / np.sqrt(np.maximum(1 - prev, 1e-12))),
        ),
        ("eps_not_scaled", _bracket(scale, ones)),
    ]


def mistakes_in_x0_guess(truth: Tables) -> Named:
    """Mistakes in the x_0 that is made from x_t and ε."""
    cumprod, prev = truth.cumprod, truth.prev
    root, noise = np.sqrt(cumprod), np.sqrt(1 - cumprod)
    return [
        ("missing_root_eps", _bracket(1 / root, 1 - cumprod)),
        ("alphas_for_alphas_cumprod", _bracket(1 / np.sqrt(truth.alphas), np.sqrt(truth.betas))),
        ("missing_root_guess", _bracket(1 / cumprod, noise)),
        ("missing_roots", _bracket(1 / cumprod, 1 - cumprod)),
        ("missing_scale_guess", _bracket(np.ones_like(root), noise)),
        ("plus_eps", _bracket(1 / root, -noise)),
        ("alphas_cumprod_prev_for_alphas_cumprod", _bracket(1 / np.sqrt(prev), np.sqrt(1 - prev))),
        ("net_out_as_x0", identity(truth)),
    ]


def mistakes_in_eps_guess(truth: Tables) -> Named:
    """Mistakes in the ε that is made from x_t and x_0."""
    cumprod, (of_x_t, of_x0) = truth.cumprod, eps_from_x0(truth)
    one_step = Tables(truth.betas, truth.alphas, truth.alphas, truth.prev)
    return [
        ("missing_root_eps", (1 / (1 - cumprod), -np.sqrt(cumprod) / (1 - cumprod))),
        ("missing_root_signal", (of_x_t, of_x0 * np.sqrt(cumprod))),
        ("missing_roots", (1 / (1 - cumprod), -cumprod / (1 - cumprod))),
        ("alphas_for_alphas_cumprod", eps_from_x0(one_step)),
        ("signal_not_scaled", (of_x_t, -of_x_t)),
        ("net_out_as_noise", identity(truth)),
    ]


def _same_for_all(truth: Tables) -> Named:
    """Mistakes that have nothing to do with what the network predicts."""
    zeros, ones = 0 * truth.betas, np.ones_like(truth.betas)
    return [
        ("returns_x_t", (ones, zeros)),
        ("forward_step", (np.sqrt(truth.alphas), zeros)),
        ("adds_net_out", (ones, ones)),
        ("subtracts_net_out", (ones, -ones)),
    ]


def mistakes_noise(truth: Tables, decoy: np.ndarray) -> Named:
    """(id, factors of x_t and net_out) where the network predicts ε."""
    guess, form = x0_from_eps(truth), mean_from_x0(truth)
    from_x0 = [
        (name, through(wrong, guess))
        for name, wrong in mistakes_from_x0(truth)
        if name not in ("net_out_as_mean", "renoised_x0", "returns_x0")
    ]
    return [
        *from_x0,
        *[(name, through(form, wrong)) for name, wrong in mistakes_in_x0_guess(truth)],
        ("ddim_step", through(_ddim_mean(truth), guess)),
        *mistakes_from_eps(truth),
        ("net_out_as_mean", identity(truth)),
        ("returns_eps", identity(truth)),
        *[(name, mean_from_eps(tables)) for name, tables in other_tables(truth, decoy)],
        ("returns_x0", guess),
        ("renoised_x0", through((0 * truth.prev, np.sqrt(truth.prev)), guess)),
        *_same_for_all(truth),
    ]


def mistakes_x0(truth: Tables, decoy: np.ndarray) -> Named:
    """(id, factors of x_t and net_out) where the network predicts x_0."""
    guess, form = eps_from_x0(truth), mean_from_eps(truth)
    return [
        *mistakes_from_x0(truth),
        ("ddim_step", _ddim_mean(truth)),
        *[(name, through(form, wrong)) for name, wrong in mistakes_in_eps_guess(truth)],
        *[(name, through(wrong, guess)) for name, wrong in mistakes_from_eps(truth)],
        *[(name, mean_from_x0(tables)) for name, tables in other_tables(truth, decoy)],
        ("net_out_as_noise", through(mean_from_x0(truth), x0_from_eps(truth))),
        *_same_for_all(truth),
    ]


def mistakes_mean(truth: Tables, decoy: np.ndarray) -> Named:
    """(id, factors of x_t and net_out) where the network predicts the mean: each touches it once more."""
    ones, zeros = np.ones_like(truth.betas), 0 * truth.betas
    return [
        ("net_out_as_x0", mean_from_x0(truth)),
        ("net_out_as_noise", mean_from_eps(truth)),
        *[("mean_scaled", (zeros, factor)) for factor in _scales(truth)],
        *[("net_out_as_x0", wrong) for _, wrong in mistakes_from_x0(truth)[:5]],
        *[("net_out_as_x0", mean_from_x0(tables)) for _, tables in other_tables(truth, decoy)],
        *[("net_out_as_noise", mean_from_eps(tables)) for _, tables in other_tables(truth, decoy)],
        ("minus_mean", (zeros, -ones)),
        *_same_for_all(truth),
    ]


def _scales(truth: Tables) -> list[np.ndarray]:
    """Factors of the schedule by which people multiply what needs none."""
    roots = [np.sqrt(table) for table in (truth.alphas, truth.cumprod, truth.prev)]
    return [*roots, *[1 / root for root in roots], truth.alphas, 1 / truth.alphas]


def mistakes_in_sigma(truth: Tables, decoy: np.ndarray, t: np.ndarray) -> list[tuple[str, np.ndarray]]:
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
            ("noise_in_bracket", np.where(later, at_t / truth.alphas[t], 0)),
            ("noise_added_twice", np.where(later, 2 * at_t, 0)),
            ("noise_added_twice", np.where(later, 4 * at_t, 0)),
        ]
    for name, tables in other_tables(truth, decoy):
        for variance in (tables.betas, posterior_variance(tables)):
            mistakes.append((name, np.where(later, variance[t], 0)))
    mistakes += [("posterior_variance_inverted", np.where(later, inverted[t], 0))]
    for wrong in (np.ones_like(truth.betas), truth.alphas, truth.cumprod, 1 - truth.cumprod):
        mistakes += [("noise_scaled", np.where(later, wrong[t], 0)), ("noise_scaled", wrong[t])]
    mistakes += [("betas_missing_in_variance", np.where(later, (posterior / truth.betas)[t], 0))]
    return mistakes
