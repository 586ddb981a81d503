"""Finds what compute_loss regresses on, from its value and its gradient by the network's answer."""

import numpy as np
from scipy import stats

from labkit.checks.judges.coefficients import judge_coefficients, solve
from labkit.checks.judges.draw import Rng, decoy_betas, normal, random_betas
from labkit.checks.judges.noise import RISK, judge_noise
from labkit.checks.judges.q_sample import NOISE, SIGNAL, coefficients_of, mistakes_in_q
from labkit.checks.judges.theory import Tables
from labkit.checks.judges.wrong import Wrong
from labkit.checks.subject import Arrays, Subject

BATCH = 4096


def judge_compute_loss(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    length = int(rng.integers(9, 16))
    betas = 3 * random_betas(rng, length)  # from nearly clean to mostly noise in a few steps
    calls = [_judge_call(subject, rng, betas, BATCH) for _ in range(3)]
    while len(calls) < 12 and all(np.ptp(t) == 0 for _, t in calls):
        calls.append(_judge_call(subject, rng, betas, BATCH))  # one t a call: always the same, or drawn?
    noises, times = [noise for noise, _ in calls], np.stack([t for _, t in calls])
    if np.array_equal(noises[0], noises[1]):
        raise Wrong("fixed_seed", "Two calls in a row drew exactly the same noise.")
    _judge_times(times, length)
    judge_noise(noises[0], noises[1], "The noise in x_t")
    _judge_call(subject, rng, betas, 1)
    return "the target, the mean over everything, the gradient, the timesteps and the noise it draws"


def _judge_call(subject: Subject, rng: Rng, betas: np.ndarray, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """Judge one call; return the noise and the timesteps that it used."""
    x0, out = 2 * normal(rng, batch, 2) + 0.5, 1.5 * normal(rng, batch, 2)
    truth, decoy = Tables.of(betas), decoy_betas(rng)
    coefficients = {"signal": np.sqrt(truth.cumprod), "noise": np.sqrt(1 - truth.cumprod)}
    arrays = {"betas": betas, "decoy_betas": decoy, "x0": x0, "out": out}
    seen = subject.call("compute_loss", arrays | coefficients)
    if seen["changed_x0"]:
        raise Wrong("changes_its_input", "After the call, `x0` held other numbers than before.")
    if not np.isfinite(seen["network_x"]).all():
        raise Wrong("not_finite", "The network was given NaN or infinite numbers.")
    if seen["network_x"].shape != x0.shape:
        raise Wrong(
            None,
            f"The network was given the shape {list(seen['network_x'].shape)}; expected {list(x0.shape)}.",
        )
    _judge_network_t(seen["network_t"], len(betas), batch)
    if not seen["network_t_long"]:
        raise Wrong("t_not_long", "The network was given a t of floating-point numbers.")
    if np.allclose(seen["network_x"], x0, atol=1e-6):
        raise Wrong("network_sees_x0", "The network was given x0 itself, not the noisy x_t.")
    if len(seen["q_t"]):
        noise = _noise_of_q_sample(seen, x0)
    else:
        noise = _noise_written_out(seen, x0, out, truth, decoy)
    _judge_target(seen, x0, noise, out, truth)
    return noise, seen["network_t"]


def _judge_network_t(t: np.ndarray, length: int, batch: int) -> None:
    if len(t) not in (1, batch):
        raise Wrong(None, f"The network was given {len(t)} timesteps for {batch} samples.")
    if len(t) < batch:
        raise Wrong("one_time_for_batch", f"The network was given one t for all {batch} samples.")
    if np.abs(t - t.round()).max() > 1e-9:
        raise Wrong(
            "t_scaled", f"The network was given timesteps such as {t[0]:.4g}; expected 0, 1, … {length - 1}."
        )
    if t.min() >= 0 and t.max() <= length - 1:
        return
    named = "one_based" if t.min() == 1 and t.max() == length else "t_out_of_range"
    if batch > 1000 and t.max() > 900:  # the largest of so many draws betrays the T that was used
        named = "hardcoded_timesteps" if t.max() < 1000 else "reads_global"
    raise Wrong(named, f"t runs from {t.min():.0f} to {t.max():.0f}; there is only 0 … {length - 1}.")


def _noise_of_q_sample(seen: Arrays, x0: np.ndarray) -> np.ndarray:
    """The noise that q_sample was given; what the network saw must be what q_sample returned."""
    x_t, t = seen["network_x"], seen["network_t"]
    if np.allclose(x_t, seen["q_noise"], atol=1e-6):
        raise Wrong("network_sees_noise", "The network was given the noise itself, not the noisy x_t.")
    if not np.allclose(seen["q_x0"], x0, atol=1e-6):
        named = None if np.abs(seen["q_x0"]).max() > 1e-6 else "signal_left_out"
        raise Wrong(named, "q_sample was called with other points than x0.")
    if not np.allclose(x_t, seen["q_x"], atol=1e-5):
        raise Wrong(None, "The network was given something else than what q_sample returned.")
    if not np.array_equal(np.broadcast_to(seen["q_t"], t.shape), t):
        raise Wrong("two_different_t", "q_sample was called with other timesteps than the network.")
    return seen["q_noise"]


def _noise_written_out(
    seen: Arrays, x0: np.ndarray, out: np.ndarray, truth: Tables, decoy: np.ndarray
) -> np.ndarray:
    """No q_sample was called: the noise that is in the x_t which the network saw.

    Where x_t mixes x0 and the target in a wrong way, raise Wrong with the name of that way.
    """
    x_t, t = seen["network_x"], seen["network_t"].astype(int)
    cumprod = truth.cumprod[t][:, None]
    noise = (x_t - np.sqrt(cumprod) * x0) / np.sqrt(1 - cumprod)
    target = out - seen["gradient"] * out.size / 2
    if len(x0) < 1000 or np.allclose(target, noise, atol=1e-3):
        return noise
    if abs(np.corrcoef(x_t.ravel(), x0.ravel())[0, 1]) < 0.1:
        raise Wrong("network_sees_noise", "What the network was given holds nothing of x0.")
    timesteps = np.unique(t)
    fits = [solve([x0[t == k], target[t == k]], x_t[t == k]) for k in timesteps]
    fresh = abs(np.corrcoef(target.ravel(), x0.ravel())[0, 1]) < 0.1 and abs(target.std() - 1) < 0.1
    if fresh and max(np.abs(rest).max() for _, rest in fits) < 1e-2:
        found = dict(zip((SIGNAL, NOISE), np.array([fit for fit, _ in fits]).T, strict=True))
        expected = coefficients_of(truth.cumprod[timesteps])
        exact, ones = ({name: value + 0 * timesteps for name in expected} for value in (0.0, 1.0))
        mistakes = [("network_sees_sum", ones), *mistakes_in_q(truth, decoy, timesteps)]
        judge_coefficients(timesteps, found, expected, exact, mistakes)
    return noise


def _losses(out: np.ndarray, target: np.ndarray) -> list[tuple[str | None, float, np.ndarray]]:
    """(mistake, value, gradient by `out`) for the usual ways to compare; the first is right."""
    d, n, batch = out - target, out.size, len(out)
    square, root = np.square(d).mean(), np.sqrt(np.square(d).mean())
    close = np.abs(d) < 1
    huber = np.where(close, 0.5 * d**2, np.abs(d) - 0.5)
    norms = np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-12)
    return [
        (None, square, 2 * d / n),
        ("sum_for_mean", n * square, 2 * d),
        ("per_sample_sum", 2 * square, 4 * d / n),
        ("l1_loss", np.abs(d).mean(), np.sign(d) / n),
        ("l1_loss", np.abs(d).sum(), np.sign(d)),
        ("root_mse", root, d / (n * root)),
        ("root_mse", norms.mean(), d / norms / batch),
        ("huber_loss", huber.mean(), np.where(close, d, np.sign(d)) / n),
        ("missing_square", d.mean(), np.full_like(d, 1 / n)),
        ("squares_the_mean", d.mean() ** 2, np.full_like(d, 2 * d.mean() / n)),
    ]


def _judge_target(seen: Arrays, x0: np.ndarray, noise: np.ndarray, out: np.ndarray, truth: Tables) -> None:
    cumprod = truth.cumprod[seen["network_t"].astype(int)][:, None]
    right = np.square(out - noise).mean()
    targets = [
        (None, noise),
        ("target_x0", x0),
        ("target_x_t", seen["network_x"]),
        ("target_minus_noise", -noise),
        ("target_difference", seen["network_x"] - x0),
        ("target_scaled_noise", np.sqrt(1 - cumprod) * noise),
    ]
    for wrong_target, target in targets:
        for wrong_form, value, gradient in _losses(out, target):
            same_value = abs(seen["loss"] - value) < 2e-4 * abs(value) + 1e-6
            atol = 1e-5 * np.abs(gradient).max()
            if same_value and np.allclose(seen["gradient"], gradient, rtol=2e-3, atol=atol):
                named = wrong_target or wrong_form
                if named is None:
                    return
                raise Wrong(
                    named, f"The loss is {seen['loss']:.4f}; for these inputs it should be {right:.4f}."
                )
    raise _explain_target(seen, noise, out)


def _explain_target(seen: Arrays, noise: np.ndarray, out: np.ndarray) -> Wrong:
    """No pair of a known target and a known form fits: say what the gradient tells."""
    right, error = np.square(out - noise).mean(), out - noise
    plain = f"The loss is {seen['loss']:.4f}; for these inputs it should be {right:.4f}."
    if len(out) < 1000:
        return Wrong(None, plain)
    factor = seen["loss"] / right
    if np.allclose(seen["gradient"], factor * 2 * error / out.size, rtol=1e-2, atol=1e-6):
        return Wrong("loss_scaled", f"The loss is {factor:.3g} times the mean squared error.")
    target = out - seen["gradient"] * out.size / 2
    if abs(seen["loss"] - np.square(out - target).mean()) < 1e-3 * abs(seen["loss"]):
        correlation = np.corrcoef(target.ravel(), noise.ravel())[0, 1]
        if abs(correlation) < 0.1 and abs(target.std() - 1) < 0.1:
            return Wrong("fresh_noise", "The target is Gaussian noise, but not the noise that is in x_t.")
        return Wrong(None, f"The target is not the noise: the two correlate by {correlation:.2f}.")
    weights = seen["gradient"] * out.size / 2 / np.where(np.abs(error) > 1e-3, error, np.nan)
    if np.nanmax(np.abs(weights[:, 0] - weights[:, 1])) < 1e-2:
        low, high = np.nanmin(weights), np.nanmax(weights)
        return Wrong(
            "weighted", f"The samples' errors count unequally: with weights from {low:.2f} to {high:.2f}."
        )
    return Wrong(None, plain)


def _judge_times(t: np.ndarray, length: int) -> None:
    """t [calls, B] must be uniform on 0 … T−1, and drawn for each sample."""
    if (t == t[:1]).all():
        raise Wrong("t_not_random", f"{len(t)} calls in a row used exactly the same timesteps.")
    if (t.std(axis=1) == 0).all():
        raise Wrong("one_time_for_batch", f"All {t.shape[1]} samples of a batch got the same t.")
    counts = np.bincount(t.astype(int).ravel(), minlength=length)
    if stats.chisquare(counts).pvalue > RISK:
        return
    detail = (
        f"In {t.size} draws for T = {length}, t = 0 came {counts[0]} times and t = {length - 1} "
        f"{counts[-1]} times; about {t.size // length} each are expected."
    )
    absent = tuple(np.flatnonzero(counts == 0))
    named = {(0,): "t_misses_zero", (length - 1,): "t_misses_last"}.get(absent)
    raise Wrong(named or "t_not_uniform", detail)
