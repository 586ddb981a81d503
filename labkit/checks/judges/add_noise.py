"""Judges add_noise on images [B, C, H, W]: x_t as q_sample's, and the noise that comes back beside it."""

import numpy as np

from labkit.checks.judges.draw import Rng, image_size, pixels
from labkit.checks.judges.forward import Draw, judge_forward, over
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.judges.tables import Tables
from labkit.checks.probes.add_noise import AddNoiseReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong


@JUDGES.add("add_noise")
def judge_add_noise(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    returned: list[Wrong] = []

    def ask(
        betas: np.ndarray, decoy: np.ndarray, x0: np.ndarray, t: np.ndarray, eps: np.ndarray | None
    ) -> np.ndarray:
        arrays = {"betas": betas, "decoy_betas": decoy, "x0": x0, "t": t}
        seen = subject.call("add_noise", arrays if eps is None else arrays | {"eps": eps}, AddNoiseReply)
        demand_shapes(seen, x_t=x0.shape, eps=x0.shape)
        judge_unchanged(seen)
        if eps is not None and _same(seen.x_t, eps) and not _same(seen.eps, eps):
            raise Wrong("swapped_pair", "The first of the two is the noise that was handed in.")
        cumprod = over(Tables.of(betas).cumprod[t], x0)
        returned.extend(_judge_eps(seen.eps, seen.x_t, x0, cumprod, eps))
        return seen.x_t

    def images(channels: int) -> Draw:
        size = image_size(rng, channels)
        return lambda batch: pixels(rng, batch, *size)

    judge_forward(ask, rng, (images(3), images(1)), "add_noise")
    if returned:  # x_t is right: then what comes back beside it is the mistake
        raise returned[0]
    return (
        "the factors of x0 and of the noise at every timestep, the noise that it draws itself, and that this "
        "very noise is returned"
    )


def _same(left: np.ndarray, right: np.ndarray) -> bool:
    return bool(np.allclose(left, right, atol=1e-5))


def _judge_eps(
    found: np.ndarray, x_t: np.ndarray, x0: np.ndarray, cumprod: np.ndarray, eps: np.ndarray | None
) -> list[Wrong]:
    """What is wrong with the noise that is returned, if anything: it should be the one in x_t."""
    in_x_t = x_t - np.sqrt(cumprod) * x0
    level = np.sqrt(1 - cumprod)
    # √(1 − ᾱ_t)·ε is what x_t tells; dividing by a small √(1 − ᾱ_t) would magnify float32's rounding.
    if np.allclose(level * found, in_x_t, atol=1e-4) and (eps is None or _same(found, eps)):
        return []
    where = "with" if eps is not None else "without"
    detail = f"Called {where} `eps`, add_noise returned noise such as {found.ravel()[0]:.4f}, but "
    detail += f"the noise in x_t is {(in_x_t / level).ravel()[0]:.4f}."
    if np.allclose(found, in_x_t, atol=1e-4):
        return [Wrong("eps_scaled", detail)]
    if _same(found, x0) or _same(found, x_t):
        which = "x0" if _same(found, x0) else "x_t"
        return [Wrong("eps_unrelated", f"What is returned beside x_t is {which}.")]
    return [Wrong("eps_unrelated", detail)]
