"""Follows p_sample_loop by what it asks of p_sample, or by where it arrives with an exact denoiser."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from labkit.checks.judges.draw import Rng, decoy_betas, normal, random_betas
from labkit.checks.judges.handed_on import explain_change, in_order_of, same
from labkit.checks.judges.noise import BOUND, judge_noise, variance_interval
from labkit.checks.judges.replies import demand_shapes
from labkit.checks.judges.tables import Tables, posterior_variance
from labkit.checks.probes.common import MOST_AT_ONCE
from labkit.checks.probes.p_sample_loop import LoopReply
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import Subject
from labkit.checks.wrong import Curve, Wrong

MOST_TIMES = 5000
"""More timesteps than any schedule here has: nobody who means it visits so many."""

ADDED_UP = 2
"""So many calls of nearly MOST_AT_ONCE samples tell what the start, and the arrival, are distributed like."""


@dataclass(frozen=True)
class _Visits:
    """What was asked of p_sample or of the network, as calls with the whole batch: K of them."""

    t: np.ndarray
    """[K]"""
    rows: np.ndarray
    """[K, B]: which of all samples asked about these calls hold"""
    in_portions: bool

    @classmethod
    def of(cls, t: np.ndarray, sizes: np.ndarray, batch: int, who: str) -> "_Visits":
        """From the calls' timesteps and sizes. Portions make up the whole batch at each timestep.

        Raises Wrong where at some timestep they do not.
        """
        rows = np.arange(int(sizes.sum()))
        if (sizes == batch).all():
            return cls(t, rows.reshape(-1, batch), False)
        times, first = np.unique(t, return_index=True)
        if len(times) > MOST_TIMES:
            raise Wrong(None, f"At {len(times):,} different t {who} was asked.")
        times = times[np.argsort(first)]
        of_row = np.repeat(t, sizes.astype(int))
        counts = [int((of_row == time).sum()) for time in times]
        if set(counts) == {batch}:
            return cls(times, np.stack([rows[of_row == time] for time in times]), True)
        k = next(k for k, count in enumerate(counts) if count != batch)
        asked = (
            f"At t = {times[k]:.4g}, {who} was asked about {counts[k]} samples in all; {batch} are wanted."
        )
        # Of a single sample every count is a multiple: groups that are cut afterwards make one too.
        again = batch > 1 and all(count > batch and count % batch == 0 for count in counts)
        raise Wrong("extra_step" if again else None, asked)


@JUDGES.add("p_sample_loop")
def judge_p_sample_loop(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    starts, many = [], int(rng.integers(MOST_AT_ONCE - 48, MOST_AT_ONCE))
    short, long = int(rng.integers(8, 20)), int(rng.integers(1010, 1100))
    for length, batch, dim in ((short, many, 2), (short + 7, many, 2), (5, 1, 3), (long, 3, 2)):
        betas, shape, decoy = random_betas(rng, length), np.array([batch, dim]), decoy_betas(rng)
        betas[0] = rng.uniform(0.2, 0.4)  # noise at the last step would show
        mean, variance = rng.uniform(1, 2), rng.uniform(0.3, 0.6)
        scale, shift = _exact_denoiser(Tables.of(betas), mean, variance)
        arrays = {"betas": betas, "decoy_betas": decoy, "shape": shape, "scale": scale, "shift": shift}
        first, arrived = [], []
        for _ in range(ADDED_UP if batch == many else 1):
            asked = arrays | {"steps": normal(rng, length, *shape)}
            start, end = _judge_call(partial(subject.call, "p_sample_loop", asked, LoopReply), asked)
            first.append(start)
            arrived.append(end)
        if batch < many:
            continue
        starts.append(np.concatenate(first))
        ends = [end for end in arrived if end is not None]
        if len(ends) == len(arrived):
            _judge_arrival(np.concatenate(ends), betas, mean, variance)
    _judge_start(*starts)
    return "where it starts, which timesteps it visits, what it hands on from step to step, and where it ends"


def _judge_call(call: Callable[[], LoopReply], arrays: Values) -> tuple[np.ndarray, np.ndarray | None]:
    """Judge one call; return where it started, and where it arrived if it made the steps itself."""
    tables, steps, batch = Tables.of(arrays["betas"]), arrays["steps"], int(arrays["shape"][0])
    length, seen, dim = len(tables.betas), call(), int(arrays["shape"][1])
    demand_shapes(
        seen,
        x_0=(batch, dim),
        step_x=(int(seen.step_size.sum()), dim),
        step_t=seen.step_size.shape,
        network_x=(int(seen.network_size.sum()), dim),
        network_t=seen.network_size.shape,
    )
    if _writes_out_the_last_step(seen, length, batch):
        seen = _as_if_called(seen, steps, tables, arrays["scale"][0], arrays["shift"][0])
    inline = not len(seen.step_t)
    if inline and not len(seen.network_t):
        raise Wrong("network_not_asked", "The loop called neither p_sample nor the network.")
    if not inline and seen.step_t_differs:
        raise Wrong("t_differs_in_batch", "The samples of a batch were given different t in one step.")
    who, x = ("the network", seen.network_x) if inline else ("p_sample", seen.step_x)
    t, size = (seen.network_t, seen.network_size) if inline else (seen.step_t, seen.step_size)
    visits = _Visits.of(t, size, batch, who)
    _judge_times(visits.t, length, len(arrays["decoy_betas"]), who)
    if not inline:
        _judge_steps(seen, visits, steps, call)
    return x[visits.rows[0]], seen.x_0 if inline else None


def _writes_out_the_last_step(seen: LoopReply, length: int, batch: int) -> bool:
    """Whether p_sample makes all steps but the one at t = 0, and the loop makes that one itself."""
    return (
        np.array_equal(seen.step_t, np.arange(length - 1, 0, -1))
        and (seen.step_size == batch).all()
        and np.array_equal(seen.network_t, [0])
    )


def _as_if_called(
    seen: LoopReply, steps: np.ndarray, tables: Tables, scale: float, shift: float
) -> LoopReply:
    """The same record with the last step made by p_sample, where its result is that of a step at t = 0."""
    x_1 = steps[len(seen.step_t) - 1]
    eps = tables.betas[0] / np.sqrt(1 - tables.cumprod[0]) * (scale * x_1 + shift)
    if not np.allclose(seen.x_0, (x_1 - eps) / np.sqrt(tables.alphas[0]), atol=1e-3):
        return seen
    return replace(
        seen,
        x_0=steps[-1],
        step_x=np.append(seen.step_x, x_1, axis=0),
        step_size=np.append(seen.step_size, len(x_1)),
        step_t=np.append(seen.step_t, 0.0),
    )


def _judge_start(first: np.ndarray, second: np.ndarray) -> None:
    try:
        judge_noise(first, second, "What the loop starts from", ADDED_UP)
    except Wrong as wrong:
        names = {
            "no_noise_drawn": "starts_from_zeros",
            "uniform_noise": "starts_from_uniform",
            "noise_scaled": "starts_scaled",
            "noise_off_centre": "starts_shifted",
        }
        named = names.get(wrong.misconception or "", wrong.misconception)
        raise Wrong(named, wrong.detail, wrong.curve) from None


def _judge_times(t: np.ndarray, length: int, decoy_length: int, who: str) -> None:
    """The timesteps visited must be T−1, T−2, …, 0."""
    right = np.arange(length - 1, -1, -1)
    if np.array_equal(t, right):
        return
    some = ", ".join(f"{time:.4g}" for time in t[:3])
    visited = f"{some} … {t[-1]:.4g}" if len(t) > 3 else some
    detail = (
        f"For T = {length}, {who} was called {len(t)} times, at t = {visited}; "
        f"expected t = {length - 1}, {length - 2} … 0."
    )
    mistakes = [
        ("one_step", right[:1]),
        ("extra_step", np.append(right, 0)),
        ("extra_step", np.repeat(right, 2)),
        ("stops_before_t0", right[:-1]),
        ("stops_before_t0", right[:-2]),
        ("skips_last_timestep", right[1:]),
        ("one_based", right + 1),
        ("one_based", np.minimum(right + 1, length - 1)),
        ("extra_step", np.append(length, right)),
        ("ascending", right[::-1]),
        ("t_stuck", np.full(len(t), length - 1)),
        ("t_stuck", np.zeros(len(t))),
        ("t_scaled", right / length),
        ("t_scaled", right / max(length - 1, 1)),
        ("hardcoded_timesteps", np.arange(999, -1, -1)[: len(t)]),
        ("reads_global", np.arange(decoy_length - 1, -1, -1)[: len(t)]),
    ]
    named = next((name for name, wrong in mistakes if len(t) == len(wrong) and np.allclose(t, wrong)), None)
    whole, falling = np.array_equal(t, t.round()), (np.diff(t) < 0).all()
    if named is None and whole and falling and 1 < len(t) < length and t[0] <= length - 1:
        named = "hardcoded_timesteps" if t[0] == len(t) - 1 else "strided"
    both = min(len(t), length)
    raise Wrong(named, detail, Curve("t", np.arange(both), right[:both], t[:both], over="call"))


def _judge_steps(seen: LoopReply, visits: _Visits, steps: np.ndarray, call: Callable[[], LoopReply]) -> None:
    """What each step was given must be what the step before returned."""
    if not seen.step_t_long:
        raise Wrong("t_not_long", "p_sample got a t of floating-point numbers; expected a tensor of longs.")
    if not seen.right_arguments:
        raise Wrong("other_arguments", "p_sample got another network or schedule than p_sample_loop did.")
    dealt = np.resize(steps.reshape(-1, steps.shape[-1]), seen.step_x.shape)
    given, returned = seen.step_x[visits.rows], dealt[visits.rows]
    if visits.in_portions:  # in which order, is all the same
        given[1:] = [in_order_of(x, before) for x, before in zip(given[1:], returned[:-1], strict=True)]
        seen = replace(seen, x_0=in_order_of(seen.x_0, returned[-1]))
    if not same(given[1:], returned[:-1]):
        text = "A step did not get the numbers that the step before it returned"
        if same(given[1:], given[:1]):
            raise Wrong("not_updated", "Every step was given the x_T from the start.")
        again = None if visits.in_portions else call().step_x
        if again is not None and again.shape == seen.step_x.shape:
            again = again[visits.rows][1:]
        raise explain_change(given[1:], returned[:-1], again, text)
    if not same(seen.x_0, returned[-1]):
        text = "The loop does not return what the step at t = 0 returned"
        if same(seen.x_0, given[0]):
            raise Wrong("returns_start", f"{text}.")
        if same(seen.x_0, given[-1]):
            raise Wrong("returns_previous", f"{text}.")
        raise explain_change(seen.x_0, returned[-1], None if visits.in_portions else call().x_0, text)


def _exact_denoiser(tables: Tables, mean: float, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """ε(x_t, t) for data N(mean, variance): scale[t]·x_t + shift[t]."""
    scale = np.sqrt(1 - tables.cumprod) / (tables.cumprod * variance + 1 - tables.cumprod)
    return scale, -scale * np.sqrt(tables.cumprod) * mean


def _judge_arrival(x_0: np.ndarray, betas: np.ndarray, mean: float, variance: float) -> None:
    """No p_sample was called: judge the distribution that the loop reaches with an exact denoiser."""
    tables = Tables.of(betas)
    scale, shift = _exact_denoiser(tables, mean, variance)
    n = x_0.size
    low, high = variance_interval(n)
    later, posterior = np.arange(len(betas)) > 0, posterior_variance(tables)
    cases = [
        (None, np.where(later, betas, 0)),
        (None, posterior),
        ("noise_at_last_step", betas),
        ("noise_at_last_step", np.where(later, posterior, betas)),
        ("no_noise", 0 * betas),
        ("variance_for_std", np.where(later, betas**2, 0)),
    ]
    for named, sigma in cases:
        centre, spread = 0.0, 1.0
        for t in range(len(betas) - 1, -1, -1):
            eps = betas[t] / np.sqrt(1 - tables.cumprod[t])
            factor = (1 - eps * scale[t]) / np.sqrt(tables.alphas[t])
            centre = factor * centre - eps * shift[t] / np.sqrt(tables.alphas[t])
            spread = factor**2 * spread + sigma[t]
        ratio = np.square(x_0 - centre).mean() / spread
        if abs(x_0.mean() - centre) < BOUND * np.sqrt(spread / n) and low < ratio < high:
            if named is None:
                return
            break
    else:
        named = None
    raise Wrong(
        named,
        f"With a perfect network for data with mean {mean:.3f} and variance {variance:.3f}, the loop ended "
        f"at mean {x_0.mean():.3f} and variance {x_0.var():.3f}.",
    )
