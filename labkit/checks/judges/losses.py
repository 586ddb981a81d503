"""Finds what a loss regresses on, from its value and its gradient by the network's answer.

`compute_loss` is asked about points [B, 2] and calls `q_sample`; `get_loss_noise`, `get_loss_x0` and
`get_loss_mean` are asked about images [B, C, H, W] and call `add_noise`. Each may write x_t out itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its parts load when they are first used, and `stats` takes half a second
import torch

from labkit.checks.judges.coefficients import judge_coefficients, solve, tolerance
from labkit.checks.judges.draw import (
    Rng,
    decoy_betas,
    image_size,
    normal,
    pixels,
    random_betas,
    seconds_for,
)
from labkit.checks.judges.forward import NOISE, SIGNAL, coefficients_of, explained, noise_in, over
from labkit.checks.judges.loss_order import in_order_of_the_batch, once, order_of_asking
from labkit.checks.judges.loss_targets import MANY, Case, judge_target
from labkit.checks.judges.noise import BOUND, ENOUGH, RISK, judge_draws, judge_noise
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.judges.tables import Tables
from labkit.checks.probes.common import num_portions
from labkit.checks.probes.losses import LossReply
from labkit.checks.probes.network import waves
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import AnswerError, Subject
from labkit.checks.wrong import Curve, Explanation, Wrong
from labkit.course.syllabus import PREDICTORS

FAST = 10.0
"""How fast the network's answer changes along x: so fast that it tells nothing of x."""

_LONG = 1500
"""Timesteps: more than the 1000 that is written into some answers"""

_FEW, _MANY_CALLS = 16, 100
"""Samples of a batch, and how many batches: 100 draws from 0 … 999 stay below 900 once in 40,000 times."""


@dataclass(frozen=True)
class Loss:
    """One of the four losses: where its check differs from the others'."""

    todo: str
    helper: str
    """The earlier answer that it may call for x_t."""
    target: str
    """What the network's answer is compared with, by its name in `known_targets`."""
    draw_x0: Callable[..., np.ndarray]
    """(rng, *shape) → x0"""
    batches: tuple[tuple[int, float], ...]
    """(B, how large x0 is) of each: the last two tell enough of the noise, and all together of t. Beside a
    large x0 the noise is small, and its factor found exactly."""


@JUDGES.add("compute_loss")
def judge_compute_loss(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    points = ENOUGH // 2
    # First what is one call, so that a loop without end shows soon.
    batches = ((points // 10, 1.0), (points * 9 // 10, 1.0), (points, 1.0), (points, 1.0))
    loss = Loss(
        "compute_loss", "q_sample", "noise", lambda rng, *shape: 2 * normal(rng, *shape) + 0.5, batches
    )
    return _judge_loss(subject, rng, loss, [(2,)])


def judge_image_loss(predictor: str) -> Callable[[Subject, Rng], str]:
    """Return the judge of one of the three losses, whose network should answer what its name says."""

    def judge(subject: Subject, rng: Rng) -> str:
        """Return what was found right, or raise Wrong."""
        sizes = [image_size(rng, 3), image_size(rng, 1)]
        batches = ((1024, 20.0), (1024, 1.0), (1024, 1.0))
        return _judge_loss(
            subject, rng, Loss(f"get_loss_{predictor}", "add_noise", predictor, pixels, batches), sizes
        )

    return judge


for _predictor in PREDICTORS:
    JUDGES.add(f"get_loss_{_predictor}")(judge_image_loss(_predictor))


def _judge_loss(subject: Subject, rng: Rng, loss: Loss, sizes: Sequence[tuple[int, ...]]) -> str:
    length = int(rng.integers(11, 18))  # a tenth of them is more than t = 0, where x_t counts nothing
    betas = 3 * random_betas(rng, length)  # from nearly clean to mostly noise in a few steps
    batch, _ = loss.batches[-1]
    calls = [_judge_call(subject, rng, loss, betas, (size, *sizes[0]), scale) for size, scale in loss.batches]
    while len(calls) < 12 and all(np.ptp(t) == 0 for _, t in calls):  # always the same t, or drawn?
        calls.append(_judge_call(subject, rng, loss, betas, (batch, *sizes[0])))
    noises, times = [noise for noise, _ in calls], np.concatenate([t for _, t in calls])
    if np.allclose(noises[-1], noises[-2], atol=1e-3):
        raise Wrong("fixed_seed", "Two calls in a row drew exactly the same noise.")
    _judge_times(times, length)
    judge_noise(noises[-2], noises[-1], "The noise in x_t", num_portions(batch))
    for size in sizes:
        _judge_call(subject, rng, loss, betas, (1, *size))
    return "the target, the mean over everything, the gradient, the timesteps and the noise it draws"


def _judge_call(
    subject: Subject, rng: Rng, loss: Loss, betas: np.ndarray, shape: tuple[int, ...], scale: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Judge the calls for a batch; return the noise that they used [B, …], and their timesteps [calls, …]."""
    x0 = scale * loss.draw_x0(rng, *shape)
    truth, decoy = Tables.of(betas), decoy_betas(rng)
    asked_for = _question(rng, truth, decoy, x0)
    try:
        seen = subject.call(loss.todo, asked_for, LossReply, seconds_for(len(x0)))
    except AnswerError as error:
        if "out of bounds" in str(error):  # a table has no such entry
            _judge_range(subject, rng, loss, shape)
        raise
    asked = (len(seen.network_t), *x0.shape[1:])
    demand_shapes(seen, loss=(num_portions(len(x0)),), network_x=asked, gradient=asked, network_t=asked[:1])
    helped = len(seen.q_t) > 0
    if helped:
        demand_shapes(seen, q_noise=seen.q_x.shape, q_t=(len(seen.q_x),))
    judge_unchanged(seen)
    if not np.isfinite(seen.network_x).all():
        raise Wrong("not_finite", "The network was given NaN or infinite numbers.")
    if len(seen.network_x) > len(x0):
        seen = once(seen)
    if (about := len(seen.network_x)) != len(x0):
        text = f"The loss depends on what the network answered about {about} samples; there are {len(x0)}."
        raise Wrong("network_asked_in_part" if about < len(x0) else None, text)
    if len(seen.q_t) == len(x0):
        seen = in_order_of_the_batch(seen, x0)
    if len(seen.q_t) == len(seen.network_t):
        later = np.unique(seen.network_t - seen.q_t)
        if len(later) == 1 and later[0] and later[0] == later[0].round():
            raise Wrong(
                "two_different_t",
                f"The network was given a t that is {abs(later[0]):.0f} {'more' if later[0] > 0 else 'less'} "
                f"than the one that {loss.helper} got.",
            )
    times = seen.network_t.reshape(len(seen.loss), -1)
    if times.max() >= len(betas) and _is_one_for_all(times):  # which tells too little of how far it runs
        _judge_range(subject, rng, loss, shape)
    _judge_network_t(seen.network_t, len(betas), len(x0))
    if not seen.network_t_long:
        raise Wrong("t_not_long", "The network was given a t of floating-point numbers.")
    if np.allclose(seen.network_x, x0, atol=1e-6):
        raise Wrong("network_sees_x0", "The network was given x0 itself, not the noisy x_t.")
    out = _answers(asked_for, seen)
    if not helped:
        x0 = order_of_asking(seen, out, x0, truth, loss.target)
    x_t, t = seen.network_x, seen.network_t.astype(int)
    noise = (
        _noise_of_helper(seen, x0, loss.helper) if helped else noise_in(x_t, x0, over(truth.cumprod[t], x0))
    )
    case = Case(truth, decoy, t, x0, x_t, noise, out, seen.loss, seen.gradient, loss.target)
    if not helped and len(x0) >= MANY:
        _judge_written_out(case)
    judge_target(case)
    return noise, times


def _question(rng: Rng, truth: Tables, decoy: np.ndarray, x0: np.ndarray) -> Values:
    """What the probe is asked: data, schedules, the coefficients of x_t, and a new network."""
    size = int(np.prod(x0.shape[1:]))
    weights = normal(rng, size, size)
    return {
        "betas": truth.betas,
        "decoy_betas": decoy,
        "x0": x0,
        "signal": np.sqrt(truth.cumprod),
        "noise": np.sqrt(1 - truth.cumprod),
        "weights": FAST * weights / np.linalg.norm(weights, axis=0),
        "phases": rng.uniform(0, 2 * np.pi, (len(truth.betas), size)),
    }


def _answers(asked_for: Values, seen: LossReply) -> np.ndarray:
    """What the network answered to what it was asked: computed here, since it might say anything there."""
    function = waves(asked_for["weights"], asked_for["phases"])
    x, t = torch.from_numpy(seen.network_x).float(), torch.from_numpy(seen.network_t).round().long()
    return function(x, t).double().numpy()


def _is_one_for_all(times: np.ndarray) -> bool:
    """Whether in each call [calls, B] all samples of the batch have the same t."""
    return times.shape[1] > 1 and bool((np.ptp(times, axis=1) == 0).all())


def _judge_range(subject: Subject, rng: Rng, loss: Loss, shape: tuple[int, ...]) -> None:
    """Raise Wrong where t stays below 1000 although the schedule goes on; both mistakes, where t is also one
    for all samples.
    """
    truth = Tables.of(random_betas(rng, _LONG) / 4)
    x0 = loss.draw_x0(rng, _FEW, *shape[1:])
    asked_for = _question(rng, truth, decoy_betas(rng), x0)
    calls = [subject.call(loss.todo, asked_for, LossReply).network_t for _ in range(_MANY_CALLS)]
    times = np.concatenate(calls)
    if not 900 < times.max() < 1000:
        return
    detail = f"For T = {_LONG:,}, t ran from {times.min():.0f} to {times.max():.0f} in {len(calls)} batches"
    if all(_is_one_for_all(call[None]) for call in calls):
        both = Explanation(("one_time_for_batch", "hardcoded_timesteps"))
        same = f"{detail}, and in each all {_FEW} samples got the same t."
        raise Wrong("one_time_for_batch", same, explanation=both)
    raise Wrong("hardcoded_timesteps", f"{detail}.")


def _judge_network_t(t: np.ndarray, length: int, batch: int) -> None:
    if np.abs(t - t.round()).max() > 1e-9:
        raise Wrong(
            "t_scaled", f"The network was given timesteps such as {t[0]:.4g}; expected 0, 1, … {length - 1}."
        )
    if t.min() >= 0 and t.max() <= length - 1:
        return
    named = "one_based" if t.min() == 1 and t.max() == length else "t_out_of_range"
    if batch >= MANY and t.max() > 900:  # the largest of so many draws betrays the T that was used
        named = "hardcoded_timesteps" if t.max() < 1000 else "reads_global"
    raise Wrong(named, f"t runs from {t.min():.0f} to {t.max():.0f}; there are only 0 … {length - 1}.")


def _noise_of_helper(seen: LossReply, x0: np.ndarray, helper: str) -> np.ndarray:
    """The noise in the helper's x_t; what the network saw must be what the helper returned."""
    x_t, t = seen.network_x, seen.network_t
    if x_t.shape == seen.q_noise.shape and np.allclose(x_t, seen.q_noise, atol=1e-6):
        raise Wrong("network_sees_noise", "The network was given the noise itself, not the noisy x_t.")
    if seen.q_x0.shape != x0.shape or not np.allclose(seen.q_x0, x0, atol=1e-6):
        named = None if np.abs(seen.q_x0).max() > 1e-6 else "signal_left_out"
        raise Wrong(named, f"{helper} was called with something else than x0.")
    if not np.allclose(x_t, seen.q_x, atol=1e-5):
        raise Wrong(None, f"The network was given something else than the x_t that {helper} returned.")
    if not np.array_equal(seen.q_t, t):
        raise Wrong("two_different_t", f"{helper} was called with other timesteps than the network.")
    return seen.q_noise


def _judge_written_out(case: Case) -> None:
    """No helper was called: is the x_t that the network saw a draw from q(x_t | x_0)?

    Where the target is the noise, it tells exactly what x_t was made of. Elsewhere the noise is not known,
    and the two factors are estimated.
    """
    target = case.implied_target
    if case.target == "noise" and np.allclose(target, case.noise, atol=1e-3):
        return
    if abs(np.corrcoef(case.x_t.ravel(), case.x0.ravel())[0, 1]) < 0.1:
        raise Wrong("network_sees_noise", "Nothing of x0 is in what the network was given.")
    timesteps = np.unique(case.t)
    expected = coefficients_of(case.truth.at(timesteps))
    if case.target == "noise":
        fits = [solve([case.x0[case.t == k], target[case.t == k]], case.x_t[case.t == k]) for k in timesteps]
        fresh = abs(np.corrcoef(target.ravel(), case.x0.ravel())[0, 1]) < 0.1
        if fresh and abs(target.std() - 1) < 0.1 and max(np.abs(rest).max() for _, rest in fits) < 1e-2:
            found = dict(zip((SIGNAL, NOISE), np.array([fit for fit, _ in fits]).T, strict=True))
            exact = {name: np.zeros(len(timesteps)) for name in expected}
            judge_coefficients(
                timesteps, found, expected, exact, explained(case.truth, case.decoy, timesteps)
            )
        return
    _judge_estimated_mixture(case, timesteps)


def _judge_estimated_mixture(case: Case, timesteps: np.ndarray) -> None:
    """As the x_t of each timestep correlate with x0, and as the rest of them is large."""
    expected = coefficients_of(case.truth.at(timesteps))
    judge_draws(case.noise, "The noise in x_t")
    estimates: dict[str, list[float]] = {SIGNAL: [], NOISE: []}
    spreads: dict[str, list[float]] = {SIGNAL: [], NOISE: []}
    for k in timesteps:
        x0, x_t = case.x0[case.t == k], case.x_t[case.t == k]
        (signal,), rest = solve([x0], x_t)
        deviation = np.sqrt(np.square(rest).sum() / (rest.size - 1))
        estimates[SIGNAL].append(signal)
        estimates[NOISE].append(deviation)
        # A right answer's estimates stray so far, but for a probability of RISK; a tenth more, since the
        # deviation is itself an estimate and its distribution has the longer tail.
        spread = 1.1 * BOUND * max(deviation, np.sqrt(1 - case.truth.cumprod[k]))
        spreads[SIGNAL].append(spread / np.sqrt(np.square(x0).sum()))
        spreads[NOISE].append(spread / np.sqrt(2 * rest.size))
    found, slack = (
        {name: np.array(values) for name, values in table.items()} for table in (estimates, spreads)
    )
    try:
        explain = explained(case.truth, case.decoy, timesteps, most=1)
        judge_coefficients(timesteps, found, expected, slack, explain)
    except Wrong as wrong:
        off = np.abs(found[SIGNAL] - expected[SIGNAL]) - slack[SIGNAL] - tolerance(expected[SIGNAL])
        if wrong.misconception is None and off.max() < 0:  # then it is the noise itself
            judge_noise(case.noise, np.roll(case.noise, len(case.noise) // 2, axis=0), "The noise in x_t")
        raise


def _judge_times(t: np.ndarray, length: int) -> None:
    """t [calls, B] must be uniform on 0 … T−1, and drawn for each sample."""
    if (t == t[:1]).all():
        raise Wrong("t_not_random", f"{len(t)} calls in a row used exactly the same timesteps.")
    if (t.std(axis=1) == 0).all():
        raise Wrong("one_time_for_batch", f"All {t.shape[1]} samples of a batch got the same t.")
    counts = np.bincount(t.astype(int).ravel(), minlength=length)
    if scipy.stats.chisquare(counts).pvalue > RISK:
        return
    detail = (
        f"In {t.size} draws for T = {length}, t = 0 came {counts[0]} times and t = {length - 1} "
        f"{counts[-1]} times; about {t.size // length} each are expected."
    )
    absent = np.flatnonzero(counts == 0).tolist()
    named = {0: "t_misses_zero", length - 1: "t_misses_last"}.get(absent[0]) if len(absent) == 1 else None
    even = np.full(length, t.size / length)
    curve = Curve("how often each t is drawn", np.arange(length), even, counts[:length])
    raise Wrong(named or "t_not_uniform", detail, curve)
