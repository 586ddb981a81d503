"""Asks p_sample for single steps, with a network that answers drawn numbers: see reverse_step."""

import numpy as np
import scipy  # its parts load when they are first used

from labkit.checks.judges.draw import Rng, decoy_betas, lesson_like_betas, normal, random_betas
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.judges.reverse_step import POINTS_NOISE, judge_reverse_step
from labkit.checks.probes.p_sample import PSampleReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

BATCHES = (1100, 250, 250)
"""x_t of each schedule, two numbers each. The first at 19 timesteps with noise: a bit more than noise.ENOUGH;
after it, who works sample by sample need not wait for as many again."""


FOUND = "the factors of x_t and of the network's answer, the noise and its variance, no noise at t = 0"


@JUDGES.add("p_sample")
def judge_p_sample(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    remarks: set[str] = set()

    def ask(
        betas: np.ndarray,
        decoy: np.ndarray,
        x_t: np.ndarray,
        net_out: np.ndarray,
        t: int,
        seed: int | None = None,
    ) -> np.ndarray:
        arrays = {"betas": betas, "decoy_betas": decoy, "x_t": x_t, "eps": net_out, "t": t}
        seen = subject.call("p_sample", arrays if seed is None else arrays | {"seed": seed}, PSampleReply)
        demand_shapes(seen, x_prev=x_t.shape)
        judge_unchanged(seen)
        _judge_asked(seen, x_t, t)
        remarks.update(_remarks(seen))
        return seen.x_prev

    steep = rng.uniform(0.2, 0.6, 12)  # large steps tell apart what small ones leave nearly equal
    schedules = (random_betas(rng, int(rng.integers(30, 80))), lesson_like_betas(rng), steep)
    for betas, batch in zip(schedules, BATCHES, strict=True):
        judge_reverse_step(ask, POINTS_NOISE, rng, betas, (batch, 2), "p_sample")
    ask(steep, decoy_betas(rng), normal(rng, 1, 2), normal(rng, 1, 2), 0)
    return "; ".join([FOUND, *sorted(remarks)])


def _remarks(seen: PSampleReply) -> list[str]:
    """What is right, and could be better."""
    remarks = []
    if seen.asked_in_portions:
        remarks.append("your network is asked in portions: asked once, about the whole batch, it is faster")
    if seen.asked_one_t:
        remarks.append("your network gets one t for all samples: not every network takes that")
    return remarks


def _judge_asked(seen: PSampleReply, x_t: np.ndarray, t: int) -> None:
    """Raise Wrong unless the network was asked about every sample, at t; in portions or at once."""
    if not len(seen.asked_t):
        raise Wrong("network_not_asked", "p_sample never called the network.")
    if np.abs(seen.asked_t - t).max() > 1e-6:
        asked = seen.asked_t[0]
        raise Wrong("network_gets_other_t", f"At t = {t} the network was asked about t = {asked:.4g}.")
    if t > 0 and not seen.asked_long:
        raise Wrong("t_not_long", "The network was asked about a t of floating-point numbers.")
    if seen.asked_x.shape == x_t.shape and np.abs(seen.asked_x - x_t).max() <= 1e-3:
        return
    if not np.isfinite(seen.asked_x).all():
        raise Wrong("not_finite", "The network was given NaN or infinite numbers.")
    distance, which = scipy.spatial.cKDTree(x_t).query(seen.asked_x)
    if distance.max() > 1e-3:
        raise Wrong("network_gets_other_x", "The network was asked about other points than x_t.")
    if (about := len(np.unique(which))) < len(x_t):
        raise Wrong("network_asked_in_part", f"It was asked about {about} of {len(x_t)} samples.")
