"""Slips in a formula, wherever they are made: a verdict says where, and writes down what was computed."""

from labkit.checks.misconceptions.chapter import (
    BRACKET_TEMPTS,
    COPY_TEMPTS,
    NEAR_ONE_TEMPTS,
    ROOT_TEMPTS,
    SIGN_TEMPTS,
    SWAP_TEMPTS,
    Chapter,
    Misconception,
    look_alike,
)

_SYMBOLS = "Read the formula that your code computes beside the lesson's, symbol by symbol."
_STEP_OR_WAY = "α_t and β_t belong to one step; ᾱ_t and ᾱ_{t−1} to the whole way from x_0."
_ROOT = "Variances add; what multiplies a sample is a standard deviation."

_STANDS_FOR = {
    "betas_for_prev": ("β_t", "ᾱ_{t−1}"),
    "alphas_cumprod_prev_for_alphas": ("ᾱ_{t−1}", "α_t"),
    "alphas_cumprod_prev_for_betas": ("1 − ᾱ_{t−1}", "β_t"),
    "plain_alphas_cumprod_for_betas": ("ᾱ_t", "β_t"),
    "plain_alphas_cumprod_prev_for_betas": ("ᾱ_{t−1}", "β_t"),
    "one_minus_alphas_cumprod": ("1 − ᾱ_t", "ᾱ_t"),
    "one_minus_alphas_cumprod_prev": ("1 − ᾱ_{t−1}", "ᾱ_{t−1}"),
    "alphas_cumprod_prev_for_one_minus": ("ᾱ_{t−1}", "1 − ᾱ_{t−1}"),
}

SLIPS_IN_A_FORMULA = Chapter(
    title="Slips in a formula",
    why=(
        "Where an answer is a formula, a check finds out what your code multiplies its inputs with, at "
        "many t, and looks for the one slip, or the two, that lead from the lesson's formula to these very "
        "numbers. So it can write down what your code computes. The chapters around this one explain the "
        "slips that are made most; these here are possible in every formula."
    ),
    mistakes={
        **{
            name: Misconception(
                f"{stands} stands where {belongs} belongs.", _STEP_OR_WAY, look_alike(stands, belongs)
            )
            for name, (stands, belongs) in _STANDS_FOR.items()
        },
        "missing_root": Misconception("A root is missing.", _ROOT, ROOT_TEMPTS),
        "extra_root": Misconception("There is one root too many.", _ROOT, ROOT_TEMPTS),
        "wrong_sign": Misconception("A sign is wrong.", _SYMBOLS, SIGN_TEMPTS),
        "left_out": Misconception("A part of the sum is left out.", _SYMBOLS, COPY_TEMPTS),
        "factor_left_out": Misconception("A factor is missing.", _SYMBOLS, COPY_TEMPTS),
        "swapped_factors": Misconception("Two factors are swapped.", _SYMBOLS, SWAP_TEMPTS),
        "divided_by": Misconception("Something divides where it should multiply.", _SYMBOLS, NEAR_ONE_TEMPTS),
        "multiplied_by": Misconception(
            "Something multiplies where it should divide.", _SYMBOLS, NEAR_ONE_TEMPTS
        ),
        "not_divided": Misconception("A denominator is missing.", _SYMBOLS, COPY_TEMPTS),
        "upside_down": Misconception("A fraction is upside down.", _SYMBOLS, NEAR_ONE_TEMPTS),
        "scales_a_part": Misconception(
            "A factor multiplies only a part of its bracket.", _SYMBOLS, BRACKET_TEMPTS
        ),
    },
)
