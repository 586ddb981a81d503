"""Judges predict_x0 by what it multiplies x_t and the noise with."""

import numpy as np
from labkit.checks.probes.predict_x0 import PredictX0Reply

from labkit.checks.judges.coefficients import judge_coefficients, solve
from labkit.checks.judges.draw import Rng, decoy_betas, normal, random_betas
from labkit.checks.judges.formula.theory import Theory, Written, formula
from labkit.checks.judges.reverse_mean import other_tables
from labkit.checks.judges.tables import Tables
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

CLEAN = Theory(
    inputs=("x_t", "ε"),
    right=(Written(formula("(x_t - sqrt(1 - ᾱ) * ε) / sqrt(ᾱ)")),),
)
"""Ho et al. 2020, Eq. 4, solved for x_0"""

NAMES = ("the factor of x_t", "the factor of the noise")


@JUDGES.add("predict_x0")
def judge_predict_x0(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    truth = Tables.of(random_betas(rng, 60))
    every = np.arange(60)
    t = np.repeat(every, 8)
    x_t, eps = normal(rng, len(t), 2), normal(rng, len(t), 2)
    values = {"betas": truth.betas, "x_t": x_t, "eps": eps, "t": t}
    x0 = subject.call("predict_x0", values, PredictX0Reply).x0
    fits = [solve([x_t[t == k], eps[t == k]], x0[t == k]) for k in every]
    if max(np.abs(rest).max() for _, rest in fits) > 1e-3:
        raise Wrong(None, "It is no sum of x_t and the noise, each times one number.")
    factors = np.array([factors for factors, _ in fits]).T
    others = other_tables(truth, decoy_betas(rng))
    judge_coefficients(
        every,
        dict(zip(NAMES, factors, strict=True)),
        dict(zip(NAMES, CLEAN.factors(truth), strict=True)),
        dict.fromkeys(NAMES, np.zeros(60)),
        lambda fits: CLEAN.explain(fits, truth, others),
    )
    return "the factors of x_t and of the noise"
