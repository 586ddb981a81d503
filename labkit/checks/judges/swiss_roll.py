"""Judges the figure of q(x_t) in notebook 02, and the trained model of notebook 04."""

import numpy as np
import scipy  # its parts load when they are first used
import torch

from labkit.checks.judges.coefficients import judge_coefficients, solve
from labkit.checks.judges.draw import Rng, normal
from labkit.checks.judges.noise import BOUND, judge_noise
from labkit.checks.judges.theory import Tables
from labkit.checks.subject import Arrays, Subject
from labkit.checks.wrong import Wrong
from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.schedules import Schedule

SIGNAL, NOISE = "the share of x0 in the picture", "the noise in the picture"

BANDS = ((2.0, 1.0), (5.0, 0.8), (20.0, 0.5), (40.0, 0.2))
"""(Chamfer distance below which, share of the points)"""

ENOUGH = 0.9
"""A trained network's squared error is below this share of what the best scaling of x_t leaves: about 0.5."""

_TELLING_T = (20, 50, 100)
"""Where the roll's turns begin to blur: a network that has learned nothing of them does no better there."""

_LINE = 1e-3
"""Half of the points of the data are nearer than 1e-4 to it, of a very good network's samples 7e-3."""


def judge_forward_figure(subject: Subject, rng: Rng) -> str:
    """The snapshots x_ts must be draws from q(x_t | x_0) of the swiss roll, with one noise or with many."""
    seen = subject.call("forward_figure", {})
    x0, t, x_ts = seen["x0"], seen["timesteps"].astype(int), seen["x_ts"]
    if len(x0) != 2048 or len(np.unique(t)) < 10 or t.min() < 0 or t.max() > 999:
        raise Wrong(
            "figure_changed",
            f"Expected ten different timesteps and 2,048 points; found {len(t)} and {len(x0)}.",
        )
    if chamfer_distance(torch.from_numpy(x0), points("swiss_roll", len(x0), int(rng.integers(2**31)))) > 2:
        raise Wrong("figure_changed", "x0 is not the swiss roll.")
    try:
        _judge_pictures(x0, t, x_ts, rng)
    except Wrong as wrong:
        raise Wrong("figure_off", wrong.detail, wrong.curve) from None
    return "the ten pictures show the swiss roll under the noise of their timesteps"


def _judge_pictures(x0: np.ndarray, t: np.ndarray, x_ts: np.ndarray, rng: Rng) -> None:
    cumprod = Schedule.linear(1000).alphas_cumprod.double().numpy()[t]
    fits = [solve([x0], x_t) for x_t in x_ts]
    signal, noise = np.array([fit[0] for fit, _ in fits]), np.array([rest.std() for _, rest in fits])
    expected = {SIGNAL: np.sqrt(cumprod), NOISE: np.sqrt(1 - cumprod)}
    spread = BOUND * expected[NOISE] / np.sqrt(x0.size)
    slack = {SIGNAL: spread / x0.std(), NOISE: spread}
    judge_coefficients(t, {SIGNAL: signal, NOISE: noise}, expected, slack, [])
    drawn = (x_ts[-1] - expected[SIGNAL][-1] * x0) / expected[NOISE][-1]
    judge_noise(drawn, rng.permutation(drawn), "The noise in the last picture")


def judge_trained_model(subject: Subject, rng: Rng) -> tuple[float, str]:
    """Draw 2,048 samples from the run in the submission; the share of the points goes by Chamfer distance."""
    n = 2048
    arrays: Arrays = {"betas": Schedule.linear(1000).betas.double().numpy(), "dim_hids": np.array([128] * 3)}
    _judge_network(subject, rng, arrays)
    seed = n  # one draw for everybody and always: a run at the edge of a band keeps its points
    seen = subject.call("trained_model", arrays | {"n": n, "seed": seed}, seconds=120.0)
    samples = torch.from_numpy(seen["samples"])
    if samples.shape != (n, 2):
        raise Wrong("wrong_shape", f"The samples have the shape {list(samples.shape)}.")
    _judge_not_data(seen["samples"])
    distance = chamfer_distance(samples, points("swiss_roll", n, seed))
    score = next((share for bound, share in BANDS if distance < bound), 0.0)
    if score == 0:
        raise Wrong(
            None,
            f"Its samples have the Chamfer distance {distance:.2f} to the swiss roll; below 40 earns points.",
        )
    band = "the best band" if score == 1 else f"band {score:.0%}: below {_better(score):g} earns more"
    return score, f"the Chamfer distance of fresh samples, {distance:.2f}, lies in {band}"


def _judge_network(subject: Subject, rng: Rng, arrays: Arrays) -> None:
    """Has the network learned to see noise? Samples that did not come from it would not show."""
    t = np.repeat(_TELLING_T, 256)
    x0 = points("swiss_roll", len(t), int(rng.integers(2**31))).double().numpy()
    cumprod = Tables.of(arrays["betas"]).cumprod[t, None]
    noise = normal(rng, *x0.shape)
    x_t = np.sqrt(cumprod) * x0 + np.sqrt(1 - cumprod) * noise
    out = subject.call("trained_noise", arrays | {"x_t": x_t, "t": t})["out"]
    if out.shape != noise.shape:
        raise Wrong("wrong_shape", f"The network answered the shape {list(out.shape)}.")
    ratios = []
    for step in _TELLING_T:
        _, rest = solve([x_t[t == step]], noise[t == step])
        ratios.append(np.square(out - noise)[t == step].mean() / np.square(rest).mean())
    if not np.mean(ratios) < ENOUGH:
        raise Wrong(
            "hardly_trained",
            f"Its error in the noise is {np.mean(ratios):.2f} of what scaling x_t alone leaves; "
            f"below {ENOUGH} is enough.",
        )


def _judge_not_data(samples: np.ndarray) -> None:
    """Data lie on a line without width; what a network draws lies near it."""
    roll = scipy.spatial.cKDTree(points("swiss_roll", 100_000, 0).double().numpy())
    off = float(np.median(roll.query(samples)[0]))
    if off < _LINE:
        raise Wrong("copied_data", f"Half of the samples lie within {off:.1g} of the swiss roll's line.")


def _better(score: float) -> float:
    """The bound of the next better band."""
    return next(bound for bound, share in reversed(BANDS) if share > score)
