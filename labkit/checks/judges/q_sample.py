"""Judges q_sample on points [B, 2]."""

import numpy as np

from labkit.checks.judges.draw import Rng, normal, seconds_for
from labkit.checks.judges.forward import judge_forward
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.probes.q_sample import QSampleReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject


@JUDGES.add("q_sample")
def judge_q_sample(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""

    def ask(
        betas: np.ndarray, decoy: np.ndarray, x0: np.ndarray, t: np.ndarray, noise: np.ndarray | None
    ) -> np.ndarray:
        arrays = {"betas": betas, "decoy_betas": decoy, "x0": x0, "t": t}
        arrays |= {} if noise is None else {"noise": noise}
        seen = subject.call("q_sample", arrays, QSampleReply, seconds_for(len(x0)))
        demand_shapes(seen, x_t=x0.shape)
        judge_unchanged(seen)
        return seen.x_t

    def points(batch: int) -> np.ndarray:
        return normal(rng, batch, 2) + 0.5

    judge_forward(ask, rng, (points, points), "q_sample")
    return "the factors of x0 and of the noise at every timestep, and the noise that it draws itself"
