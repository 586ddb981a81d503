"""Judges the figure of q(x_t) in notebook 02, and the trained model of notebook 04."""

import itertools

import numpy as np
import torch
from torch import Tensor

from labkit.checks.judges.coefficients import judge_coefficients, solve
from labkit.checks.judges.draw import Rng, normal
from labkit.checks.judges.noise import BOUND, judge_noise
from labkit.checks.judges.replies import demand_shapes
from labkit.checks.judges.reverse_process import reverse_step
from labkit.checks.judges.simple_net import Network, mistaken_nets, simple_net
from labkit.checks.judges.tables import Tables
from labkit.checks.judges.trained import answer_of, roll_layers
from labkit.checks.probes.swiss_roll import ForwardFigureReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong
from labkit.course.syllabus import SWISS_ROLL_RUN
from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.networks import TimeLinear
from labkit.sampling import record_trajectory
from labkit.schedules import Schedule

SIGNAL, NOISE = "the share of x0 in the picture", "the noise in the picture"

BANDS = ((2.0, 1.0), (5.0, 0.8), (20.0, 0.5), (40.0, 0.2))
"""(Chamfer distance below which, share of the points)"""

ENOUGH = 0.9
"""A trained network's squared error is below this share of what the best scaling of x_t leaves: about 0.5."""

_TELLING_T = (20, 50, 100)
"""Where the roll's turns begin to blur: a network that has learned nothing of them does no better there."""

_SIZES = [2, 128, 128, 128, 2]
_NUM_TRAIN_TIMESTEPS = 1000


@JUDGES.add("forward_figure")
def judge_forward_figure(subject: Subject, rng: Rng) -> str:
    """The snapshots x_ts must be draws from q(x_t | x_0) of the swiss roll, with one noise or with many."""
    seen = subject.call("forward_figure", {}, ForwardFigureReply)
    x0, t, x_ts = seen.x0, seen.timesteps.astype(int), seen.x_ts
    if len(x0) != 2048 or len(np.unique(t)) < 10 or t.min() < 0 or t.max() > 999:
        raise Wrong(
            "figure_changed",
            f"Expected ten different timesteps and 2,048 points; found {len(t)} and {len(x0)}.",
        )
    demand_shapes(seen, x0=(2048, 2), timesteps=(len(t),), x_ts=(len(t), 2048, 2))
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
    judge_coefficients(t, {SIGNAL: signal, NOISE: noise}, expected, slack)
    drawn = (x_ts[-1] - expected[SIGNAL][-1] * x0) / expected[NOISE][-1]
    judge_noise(drawn, rng.permutation(drawn), "The noise in the last picture")


@JUDGES.add("trained_model")
def judge_trained_model(subject: Subject, rng: Rng) -> tuple[float, str]:
    """Draw 2,048 samples with the weights of the run; the share of the points goes by Chamfer distance."""
    tables = Tables.of(Schedule.linear(_NUM_TRAIN_TIMESTEPS).betas.double().numpy())
    dims = list(itertools.pairwise(_SIZES))
    layers = roll_layers(subject.folder, SWISS_ROLL_RUN, dims, _NUM_TRAIN_TIMESTEPS)
    error, network = _as_trained(layers, dims, tables, rng)
    if not error < ENOUGH:
        raise Wrong(
            "hardly_trained",
            f"Its error in the noise is {error:.2f} of the error of a very simple answer (x_t times "
            f"one number); "
            f"below {ENOUGH} is enough.",
        )
    n = 2048
    samples = _drawn(network, tables, n)
    distance = chamfer_distance(samples, points("swiss_roll", n, n))
    score = next((share for bound, share in BANDS if distance < bound), 0.0)
    if not score:
        raise Wrong(
            None,
            f"Its samples have the Chamfer distance {distance:.2f} to the swiss roll; below 40 earns points.",
        )
    earns = (
        "all of the points"
        if score == 1
        else f"{score:.0%} of the points; below {_better(score):g} earns more"
    )
    return score, f"the Chamfer distance of fresh samples is {distance:.2f}, which earns {earns}"


def _as_trained(
    layers: list[TimeLinear], dims: list[tuple[int, int]], tables: Tables, rng: Rng
) -> tuple[float, Network]:
    """The SimpleNet of these layers, and its error in the noise.

    Weights do not say in which order layers of one size were used, and a network that was trained with a
    mistake in lesson 1 works with that mistake alone: that cost its points there. So what has the least error
    is what was trained.
    """
    t = np.repeat(_TELLING_T, 256)
    x0 = points("swiss_roll", len(t), int(rng.integers(2**31))).double().numpy()
    cumprod = tables.cumprod[t, None]
    noise = normal(rng, *x0.shape)
    x_t = np.sqrt(cumprod) * x0 + np.sqrt(1 - cumprod) * noise
    left = [np.square(solve([x_t[t == step]], noise[t == step])[1]).mean() for step in _TELLING_T]

    def error(network: Network) -> float:
        off = np.square(answer_of(network, x_t, t) - noise)
        return float(
            np.mean([off[t == step].mean() / rest for step, rest in zip(_TELLING_T, left, strict=True)])
        )

    orders = [
        list(order)
        for order in itertools.permutations(layers)
        if [(layer.dim_in, layer.dim_out) for layer in order] == dims
    ]
    right = min(((error(simple_net(order)), simple_net(order)) for order in orders), key=_first)
    if right[0] < ENOUGH:
        return right
    others = [network for order in orders for _, network in mistaken_nets(order)]
    return min([right, *((error(network), network) for network in others)], key=_first)


def _drawn(network: Network, tables: Tables, n: int) -> Tensor:
    """Samples [n, 2]. One draw for everybody and always: a run at the edge of a band keeps its points."""
    step, schedule = reverse_step("noise", tables), Schedule.from_betas(torch.from_numpy(tables.betas))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(n)
        return record_trajectory(
            lambda x_t, t: step(schedule, x_t, t, network(x_t, t)), torch.randn(n, 2), len(tables.betas), 0
        ).x_ts[-1]


def _first(pair: tuple[float, Network]) -> float:
    return pair[0]


def _better(score: float) -> float:
    """The bound of the next better band."""
    return next(bound for bound, share in reversed(BANDS) if share > score)
