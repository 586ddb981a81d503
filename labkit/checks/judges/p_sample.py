"""Asks p_sample for single steps, with a network that answers drawn numbers: see reverse_step."""

import numpy as np

from labkit.checks.judges.draw import Rng, decoy_betas, lesson_like_betas, normal, random_betas
from labkit.checks.judges.reverse_step import POINTS_NOISE, judge_reverse_step
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

BATCHES = (1100, 250, 250)
"""x_t of each schedule, two numbers each. The first at 19 timesteps with noise: a bit more than noise.ENOUGH;
after it, who works sample by sample need not wait for as many again."""


def judge_p_sample(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""

    def ask(
        betas: np.ndarray,
        decoy: np.ndarray,
        x_t: np.ndarray,
        net_out: np.ndarray,
        t: int,
        seed: int | None = None,
    ) -> np.ndarray:
        return _ask(subject, betas, decoy, x_t, net_out, t, seed)

    steep = rng.uniform(0.2, 0.6, 12)  # large steps tell apart what small ones leave nearly equal
    schedules = (random_betas(rng, int(rng.integers(30, 80))), lesson_like_betas(rng), steep)
    for betas, batch in zip(schedules, BATCHES, strict=True):
        judge_reverse_step(ask, POINTS_NOISE, rng, betas, (batch, 2), "p_sample")
    ask(steep, decoy_betas(rng), normal(rng, 1, 2), normal(rng, 1, 2), 0)
    return "the factors of x_t and of the network's answer, the noise and its variance, no noise at t = 0"


def _ask(
    subject: Subject,
    betas: np.ndarray,
    decoy: np.ndarray,
    x_t: np.ndarray,
    eps: np.ndarray,
    t: int,
    seed: int | None,
) -> np.ndarray:
    arrays = {"betas": betas, "decoy_betas": decoy, "x_t": x_t, "eps": eps, "t": t}
    seen = subject.call("p_sample", arrays if seed is None else arrays | {"seed": seed})
    if seen["changed_x_t"]:
        raise Wrong("changes_its_input", "After the call, `x_t` held other numbers than before.")
    if not len(seen["asked_t"]):
        raise Wrong("network_not_asked", "p_sample never called the network.")
    if np.abs(seen["asked_t"] - t).max() > 1e-6:
        asked = seen["asked_t"][0]
        raise Wrong("network_gets_other_t", f"At t = {t} the network was asked about t = {asked:.4g}.")
    if seen["asked_x"].ndim == 2 and len(seen["asked_x"]) < len(x_t):
        text = f"It was asked about {len(seen['asked_x'])} of {len(x_t)} samples."
        raise Wrong("network_asked_piecewise", text)
    if len(seen["asked_t"]) != len(x_t):
        text = f"For {len(x_t)} samples the network was given {len(seen['asked_t'])} timesteps."
        raise Wrong("t_not_batched", text)
    if t > 0 and not seen["asked_long"]:
        raise Wrong("t_not_long", "The network was asked about a t of floating-point numbers.")
    if seen["asked_x"].shape != x_t.shape or np.abs(seen["asked_x"] - x_t).max() > 1e-3:
        raise Wrong("network_gets_other_x", "The network was asked about other points than x_t.")
    return seen["x_prev"]
