"""The mean of x_{t−1} as a formula, for each thing that a network may predict, and what people write instead.

Ho et al. 2020: Eq. 7 makes it from x_0, Algorithm 2 from the noise ε, which Eq. 4 turns into one another.
"""

from dataclasses import replace

import numpy as np

from labkit.checks.judges.formula.theory import OtherTables, Theory, Written, formula
from labkit.checks.judges.tables import Tables, misread


def _from_x_0(x_0: str) -> str:
    return f"sqrt(ᾱ_prev) * β / (1 - ᾱ) * {x_0} + sqrt(α) * (1 - ᾱ_prev) / (1 - ᾱ) * x_t"


def _from_noise(noise: str) -> str:
    return f"1 / sqrt(α) * (x_t - β / sqrt(1 - ᾱ) * {noise})"


_X_0_OF_NOISE = "(x_t - sqrt(1 - ᾱ) * ε) / sqrt(ᾱ)"
_NOISE_OF_X_0 = "(x_t - sqrt(ᾱ) * x̂_0) / sqrt(1 - ᾱ)"


def _slips_from_x_0(x_0: str) -> dict[str, str]:
    of_x_0, of_x_t = f"√ᾱ_{{t−1}}·β_t/(1 − ᾱ_t) · {x_0}", "√α_t·(1 − ᾱ_{t−1})/(1 − ᾱ_t) · x_t"
    return {
        f"the factors of {x_0} and x_t are swapped": "swapped_posterior_coefficients",
        "there is one root too many over β_t": "root_of_betas",
        "the root over ᾱ_{t−1} is missing": "missing_root_prev",
        "the root over α_t is missing": "missing_root_alphas",
        "the roots are missing, everywhere": "missing_roots",
        "not divided by 1 − ᾱ_t, everywhere": "missing_denominator",
        "not divided by 1 − ᾱ_t": "denominator_left_out",
        "there is one root too many over 1 − ᾱ_t": "root_of_denominator",
        f"{of_x_t} is left out": "x_t_left_out",
        f"{of_x_0} is left out": "x0_left_out",
        f"the sign of {of_x_t} is wrong": "mean_has_minus",
        f"the sign of {of_x_0} is wrong": "mean_has_minus",
    }


_SLIPS_FROM_NOISE = {
    "the factor 1/√α_t is missing": "missing_scale",
    "only x_t is multiplied by 1/√α_t": "scale_on_x_t_only",
    "only β_t/√(1 − ᾱ_t) · ε is multiplied by 1/√α_t": "scale_on_eps_only",
    "multiplied by √α_t instead of divided": "scale_upside_down",
    "the root over α_t is missing": "missing_root_scale",
    "the root over 1 − ᾱ_t is missing": "missing_root_eps",
    "the sign of β_t/√(1 − ᾱ_t) · ε is wrong": "plus_eps",
    "the factor β_t/√(1 − ᾱ_t) is missing": "eps_not_scaled",
    "there is one root too many over β_t": "root_of_betas",
}
_SLIPS_IN_X_0 = {
    "the root over 1 − ᾱ_t is missing": "missing_root_eps",
    "the root over ᾱ_t is missing": "missing_root_guess",
    "the roots are missing, in x̂_0": "missing_roots",
    "not divided by √ᾱ_t": "missing_scale_guess",
    "the sign of √(1 − ᾱ_t)·ε is wrong": "plus_eps",
}
_SLIPS_IN_NOISE = {
    "the root over ᾱ_t is missing": "missing_root_signal",
    "the roots are missing, in ε̂": "missing_roots",
    "the factor √ᾱ_t is missing": "signal_not_scaled",
}


def _whatever_it_predicts(answer: str) -> tuple:
    return (
        ("returns_x_t", formula("x_t")),
        ("forward_step", formula("sqrt(α) * x_t")),
        ("adds_net_out", formula(f"x_t + {answer}")),
        ("subtracts_net_out", formula(f"x_t - {answer}")),
    )


FROM_X_0 = Theory(
    inputs=("x_t", "x̂_0"),
    right=(
        Written(formula(_from_x_0("x̂_0")), _slips_from_x_0("x̂_0")),
        Written(
            formula(_from_noise("ε̂"), ε̂=_NOISE_OF_X_0),
            {text.replace("ε", "ε̂"): name for text, name in _SLIPS_FROM_NOISE.items()} | _SLIPS_IN_NOISE,
        ),
    ),
    instead=(
        ("net_out_as_mean", formula("x̂_0")),
        ("returns_x0", formula("x̂_0")),
        ("forward_mean", formula("sqrt(ᾱ) * x̂_0")),
        ("renoised_x0", formula("sqrt(ᾱ_prev) * x̂_0")),
        ("ddim_step", formula("sqrt(ᾱ_prev) * x̂_0 + sqrt(1 - ᾱ_prev) * ε̂", ε̂=_NOISE_OF_X_0)),
        ("net_out_as_noise", formula(_from_noise("x̂_0"))),
        *_whatever_it_predicts("x̂_0"),
    ),
)
"""The network predicts x_0; or an x̂_0 was made of its answer, and clipped."""

FROM_NOISE = Theory(
    inputs=("x_t", "ε"),
    right=(
        Written(formula(_from_noise("ε")), _SLIPS_FROM_NOISE),
        Written(formula(_from_x_0("x̂_0"), x̂_0=_X_0_OF_NOISE), _slips_from_x_0("x̂_0") | _SLIPS_IN_X_0),
    ),
    instead=(
        ("net_out_as_mean", formula("ε")),
        ("returns_eps", formula("ε")),
        ("returns_x0", formula("x̂_0", x̂_0=_X_0_OF_NOISE)),
        ("forward_mean", formula("sqrt(ᾱ) * x̂_0", x̂_0=_X_0_OF_NOISE)),
        ("renoised_x0", formula("sqrt(ᾱ_prev) * x̂_0", x̂_0=_X_0_OF_NOISE)),
        ("ddim_step", formula("sqrt(ᾱ_prev) * x̂_0 + sqrt(1 - ᾱ_prev) * ε", x̂_0=_X_0_OF_NOISE)),
        ("net_out_as_x0", formula(_from_x_0("ε"))),
        *_whatever_it_predicts("ε"),
    ),
)
"""The network predicts the noise."""

_SCALES = (
    "sqrt(α)",
    "sqrt(ᾱ)",
    "sqrt(ᾱ_prev)",
    "α",
    "1 / sqrt(α)",
    "1 / sqrt(ᾱ)",
    "1 / sqrt(ᾱ_prev)",
    "1 / α",
)

FROM_MEAN = Theory(
    inputs=("x_t", "μ"),
    right=(Written(formula("μ")),),
    instead=(
        ("net_out_as_x0", formula(_from_x_0("μ"))),
        ("net_out_as_noise", formula(_from_noise("μ"))),
        *(("mean_scaled", formula(f"{scale} * μ")) for scale in _SCALES),
        ("minus_mean", formula("-μ")),
        *_whatever_it_predicts("μ"),
    ),
)
"""The network predicts the mean itself."""

X_0_OF_NOISE = Theory(
    inputs=("x_t", "ε"),
    right=(Written(formula(_X_0_OF_NOISE), _SLIPS_IN_X_0),),
    instead=(("net_out_as_x0", formula("ε")),),
)
"""x̂_0, from an ε (Eq. 4, solved for it)."""

X_0_ITSELF = Theory(inputs=("x_t", "x̂_0"), right=(Written(formula("x̂_0")),))
"""x̂_0, from an x_0."""

TARGET = Theory(
    inputs=("x_0", "x_t"),
    right=(
        Written(formula(_from_x_0("x_0")), _slips_from_x_0("x_0")),
        Written(formula(_from_noise("ε")), _SLIPS_FROM_NOISE),
    ),
    instead=(("x_t_left_out", formula("sqrt(ᾱ_prev) * x_0")),),
    given={"ε": formula("(x_t - sqrt(ᾱ) * x_0) / sqrt(1 - ᾱ)")},
)
"""The mean that a network learns: x_0 and the noise in x_t are known."""


def other_tables(truth: Tables, decoy: np.ndarray) -> OtherTables:
    """(id, tables) of an answer that reads other tables than the right ones, or makes others of them."""
    cumprod, prev = truth.cumprod, truth.prev
    first = {"prev_clamped": cumprod[0], "prev_wraps": cumprod[-1], "prev_zero": 0.0}
    one_for_all = Tables(1 - cumprod, cumprod, cumprod, prev)
    return [
        *[(name, replace(truth, prev=np.append(value, prev[1:]))) for name, value in first.items()],
        ("alphas_cumprod_for_alphas", one_for_all),
        *misread(truth, decoy),
    ]
