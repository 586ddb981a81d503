"""Asks the steps of the three predictors for single steps: see reverse_step."""

from collections.abc import Callable

import numpy as np

from labkit.checks.judges.draw import Rng, decoy_betas, lesson_like_betas, normal, random_betas
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.judges.reverse_step import MEAN, NOISE, X_0, Predictor, judge_reverse_step
from labkit.checks.judges.tables import Tables
from labkit.checks.probes.reverse_step import StepPredictReply
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import Subject

PREDICTORS: dict[str, Predictor] = {"noise": NOISE, "x0": X_0, "mean": MEAN}
"""What step's argument `predictor` may be, and what the network's answer means then."""

FOUND = "the factors of x_t and of the network's answer, the noise and its variance, no noise at t = 0"


def judge_step_predict(predictor: str) -> Callable[[Subject, Rng], str]:
    """Return the judge of one of the three steps."""
    todo = f"step_predict_{predictor}"

    def judge(subject: Subject, rng: Rng) -> str:
        """Return what was found right, or raise Wrong."""
        factors: dict[bytes, Values] = {}

        def ask(
            betas: np.ndarray,
            decoy: np.ndarray,
            x_t: np.ndarray,
            net_out: np.ndarray,
            t: int,
            seed: int | None = None,
        ) -> np.ndarray:
            values = {"betas": betas, "decoy_betas": decoy, "x_t": x_t, "net_out": net_out, "t": t}
            values |= factors.setdefault(betas.tobytes(), _factors_of_others(predictor, betas))
            values |= {} if seed is None else {"seed": seed}
            seen = subject.call(todo, values, StepPredictReply)
            demand_shapes(seen, x_prev=x_t.shape)
            judge_unchanged(seen)
            return seen.x_prev

        steep = rng.uniform(0.2, 0.6, 12)  # large steps tell apart what small ones leave nearly equal
        for betas, shape in (
            (random_betas(rng, int(rng.integers(30, 80))), (6, 3, 10, 14)),
            (lesson_like_betas(rng), (9, 1, 18, 15)),
            (steep, (3, 3, 16, 16)),
        ):
            judge_reverse_step(ask, PREDICTORS[predictor], rng, betas, shape, todo)
        for t in (0, 1):
            ask(steep, decoy_betas(rng), normal(rng, 1, 3, 8, 12), normal(rng, 1, 3, 8, 12), t)
        return FOUND

    return judge


for _predictor in PREDICTORS:
    JUDGES.add(f"step_predict_{_predictor}")(judge_step_predict(_predictor))


def _factors_of_others(judged: str, betas: np.ndarray) -> Values:
    """For each other predictor the factors of x_t and of the network's answer, and σ_t: [3, T].

    The judged one's would be its answer, and whatever a probe is given, a student's code can read.
    """
    tables, sigma = Tables.of(betas), np.sqrt(betas)
    sigma[0] = 0
    return {
        f"step_predict_{name}": np.array([*predictor.mean.factors(tables), sigma])
        for name, predictor in PREDICTORS.items()
        if name != judged
    }
