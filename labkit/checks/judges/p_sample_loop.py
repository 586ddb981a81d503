"""Follows p_sample_loop by what it asks of p_sample, or by where it arrives with an exact denoiser."""

import numpy as np

from labkit.checks.judges.draw import Rng, decoy_betas, normal, random_betas
from labkit.checks.judges.noise import BOUND, judge_noise, variance_interval
from labkit.checks.judges.theory import Tables, posterior_variance
from labkit.checks.subject import Arrays, Subject
from labkit.checks.wrong import Curve, Wrong


def judge_p_sample_loop(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    starts = []
    short, long = int(rng.integers(8, 20)), int(rng.integers(1010, 1100))
    for length, batch, dim in ((short, 4096, 2), (short + 7, 4096, 2), (5, 1, 3), (long, 3, 2)):
        betas, shape, decoy = random_betas(rng, length), np.array([batch, dim]), decoy_betas(rng)
        betas[0] = rng.uniform(0.2, 0.4)  # noise at the last step would show
        mean, variance = rng.uniform(1, 2), rng.uniform(0.3, 0.6)
        scale, shift = _exact_denoiser(Tables.of(betas), mean, variance)
        steps = normal(rng, length, *shape)
        arrays = {"betas": betas, "decoy_betas": decoy, "shape": shape, "steps": steps}
        seen = subject.call("p_sample_loop", arrays | {"scale": scale, "shift": shift})
        if _writes_out_the_last_step(seen, length):
            seen = _as_if_called(seen, steps, Tables.of(betas), scale[0], shift[0])
        inline = not len(seen["step_t"])
        if inline and not len(seen["network_t"]):
            raise Wrong("network_not_asked", "The loop called neither p_sample nor the network.")
        if not inline and seen["step_spread"].any():
            raise Wrong("t_differs_in_batch", "The samples of a batch were given different t in one step.")
        _judge_times(
            seen["network_t" if inline else "step_t"],
            length,
            len(decoy),
            "the network" if inline else "p_sample",
        )
        if not inline:
            _judge_calls(seen, steps)
        elif batch > 1000:
            _judge_arrival(seen, betas, mean, variance)
        if batch > 1000:
            starts.append(seen["network_x"] if inline else seen["step_x"][0])
    _judge_start(*starts)
    return "where it starts, which timesteps it visits, what it hands on from step to step, and where it ends"


def _writes_out_the_last_step(seen: Arrays, length: int) -> bool:
    """Whether p_sample makes all steps but the one at t = 0, and the loop makes that one itself."""
    return np.array_equal(seen["step_t"], np.arange(length - 1, 0, -1)) and np.array_equal(
        seen["network_t"], [0]
    )


def _as_if_called(seen: Arrays, steps: np.ndarray, tables: Tables, scale: float, shift: float) -> Arrays:
    """The same record with the last step made by p_sample, where its result is that of a step at t = 0."""
    x_1 = steps[len(seen["step_t"]) - 1]
    eps = tables.betas[0] / np.sqrt(1 - tables.cumprod[0]) * (scale * x_1 + shift)
    if not np.allclose(seen["x_0"], (x_1 - eps) / np.sqrt(tables.alphas[0]), atol=1e-3):
        return seen
    grown = {
        name: np.append(seen[name], seen[name][-1:], axis=0) for name in seen if name.startswith("step_")
    }
    grown["step_x"][-1], grown["step_t"][-1] = x_1, 0
    right = np.append(seen["right_arguments"], 1.0)
    return seen | grown | {"right_arguments": right, "x_0": steps[-1]}


def _judge_start(first: np.ndarray, second: np.ndarray) -> None:
    try:
        judge_noise(first, second, "What the loop starts from")
    except Wrong as wrong:
        names = {
            "no_noise_drawn": "starts_from_zeros",
            "uniform_noise": "starts_from_uniform",
            "noise_scaled": "starts_scaled",
            "noise_off_centre": "starts_shifted",
        }
        raise Wrong(names.get(wrong.misconception, wrong.misconception), wrong.detail, wrong.curve) from None


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


def _judge_calls(seen: Arrays, steps: np.ndarray) -> None:
    """What each step was given must be what the step before returned."""
    batch = steps.shape[1]
    if not seen["step_long"].all():
        raise Wrong("t_not_long", "p_sample got a t of floating-point numbers; expected a tensor of longs.")
    if (seen["step_length"] != batch).any():
        raise Wrong(
            "t_not_batched", f"p_sample got a t of another shape than [{batch}], one for each sample."
        )
    if not seen["right_arguments"].all():
        raise Wrong("other_arguments", "p_sample got another network or schedule than p_sample_loop did.")
    given, before = seen["step_x"], steps[:-1]
    if not _same(given[1:], before):
        raise _explain_rest(given, before)
    if not _same(seen["x_0"], steps[-1]):
        text = "What comes back is not what the step at t = 0 returned."
        if _same(seen["x_0"], given[0]):
            raise Wrong("returns_start", text)
        if _same(seen["x_0"], given[-1]):
            raise Wrong("returns_previous", text)
        raise Wrong("clamped" if _is_clipped(seen["x_0"], steps[-1]) else "extra_noise", text)


def _same(left: np.ndarray, right: np.ndarray) -> bool:
    return np.allclose(left, right, atol=1e-5)


def _is_clipped(x: np.ndarray, original: np.ndarray) -> bool:
    return _same(x, np.clip(original, x.min(), x.max()))


def _explain_rest(given: np.ndarray, before: np.ndarray) -> Wrong:
    """Name what a step got instead of what the step before it returned."""
    text = "A step was given other numbers than the step before returned."
    if _same(given[1:], given[:1]):
        return Wrong("not_updated", "Every step was given the x_T from the start.")
    if _is_clipped(given[1:], before):
        return Wrong("clamped", f"{text} They never leave [{given[1:].min():.3g}, {given[1:].max():.3g}].")
    correlation = np.corrcoef(given[1:].ravel(), before.ravel())[0, 1]
    if abs(correlation) < 0.1:
        return Wrong("fresh_x_each_step", text)
    rest = given[1:] - before
    unrelated = abs(np.corrcoef(rest.ravel(), before.ravel())[0, 1]) < 0.1
    return Wrong("extra_noise" if unrelated else None, text)


def _exact_denoiser(tables: Tables, mean: float, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """ε(x_t, t) for data N(mean, variance): scale[t]·x_t + shift[t]."""
    scale = np.sqrt(1 - tables.cumprod) / (tables.cumprod * variance + 1 - tables.cumprod)
    return scale, -scale * np.sqrt(tables.cumprod) * mean


def _judge_arrival(seen: Arrays, betas: np.ndarray, mean: float, variance: float) -> None:
    """No p_sample was called: judge the distribution that the loop reaches with an exact denoiser."""
    tables = Tables.of(betas)
    scale, shift = _exact_denoiser(tables, mean, variance)
    x_0, n = seen["x_0"], seen["x_0"].size
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
        f"With the exact denoiser of data with mean {mean:.3f} and variance {variance:.3f}, the loop arrived "
        f"at mean {x_0.mean():.3f} and variance {x_0.var():.3f}.",
    )
