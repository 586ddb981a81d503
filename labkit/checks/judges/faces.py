"""Judges the training runs of notebook 07: has each network learned to guess what it is asked for?

No sampling is needed for that: the network is shown fresh noisy faces and its guesses are compared with the
truth, in units of what a network that only scales its input could do.
"""

import numpy as np

from labkit.checks.judges.draw import Rng
from labkit.checks.judges.theory import Tables
from labkit.checks.judges.wrong import Wrong
from labkit.checks.subject import AnswerError, Subject
from labkit.course import BETAS, PREDICTORS
from labkit.data import fresh_faces

ENOUGH = 0.9
"""A trained network's squared error is below this share of what the best scaling of x_t leaves."""

_PER_T, _NUM_T = 8, 8


def judge_trajectories(subject: Subject, rng: Rng) -> tuple[float, str]:
    """The runs of x0 under the three schedules; a third of the points each."""
    return _judge_runs(subject, rng, [("x0", beta) for beta in BETAS])


def judge_predictors(subject: Subject, rng: Rng) -> tuple[float, str]:
    """The runs of the three predictors under the linear schedule; a third of the points each."""
    return _judge_runs(subject, rng, [(predictor, "linear") for predictor in PREDICTORS])


def _judge_runs(subject: Subject, rng: Rng, runs: list[tuple[str, str]]) -> tuple[float, str]:
    settings = subject.call("faces_settings", {})
    x0 = fresh_faces(settings["photographs"] > 0, int(settings["image_size"]), _PER_T * _NUM_T, rng)
    missing: list[tuple[str | None, str]] = []
    for predictor, beta in runs:
        tables = Tables.of(betas_of(beta, int(settings["num_train_timesteps"])))
        try:
            error = _relative_error(subject, rng, x0, predictor, beta, tables)
        except AnswerError as absent:
            missing.append((absent.kind, f"{predictor} under {beta}: {absent}"))
            continue
        if error > ENOUGH:
            missing.append(
                (
                    "hardly_trained",
                    f"{predictor} under {beta}: its error is {error:.2f} of what scaling x_t alone leaves.",
                )
            )
    details = " ".join(detail for _, detail in missing)
    if len(missing) == len(runs):
        raise Wrong(missing[0][0], details)
    names = ", ".join(f"{predictor} under {beta}" for predictor, beta in runs)
    return 1 - len(missing) / len(runs), details.rstrip(".") or f"trained networks for {names}"


def betas_of(name: str, num_train_timesteps: int) -> np.ndarray:
    """β_t [T] of a schedule of lesson 05 (for cosine: Nichol & Dhariwal 2021, Equation 17)."""
    if name == "cosine":
        done = np.arange(num_train_timesteps + 1) / num_train_timesteps
        signal = np.cos((done + 0.008) / 1.008 * np.pi / 2) ** 2
        return np.minimum(1 - signal[1:] / signal[:-1], 0.999)
    power = {"linear": 1, "quad": 2}[name]
    return np.linspace(1e-4 ** (1 / power), 0.02 ** (1 / power), num_train_timesteps) ** power


def _relative_error(
    subject: Subject, rng: Rng, x0: np.ndarray, predictor: str, beta: str, tables: Tables
) -> float:
    """Mean over timesteps of error / error of the best scaling, each at most 2."""
    t = np.repeat(_telling_timesteps(predictor, tables), _PER_T)
    wide = (slice(None), None, None, None)
    signal, prev = tables.cumprod[t][wide], tables.prev[t][wide]
    noise = rng.standard_normal(x0.shape)
    x_t = np.sqrt(signal) * x0 + np.sqrt(1 - signal) * noise
    mean = np.sqrt(prev) * tables.betas[t][wide] * x0 + np.sqrt(tables.alphas[t][wide]) * (1 - prev) * x_t
    target = {"noise": noise, "x0": x0, "mean": mean / (1 - signal)}[predictor]
    arrays = {"predictor": PREDICTORS.index(predictor), "beta": BETAS.index(beta), "x_t": x_t, "t": t}
    out = subject.call("denoiser", arrays, seconds=60.0)["out"]
    ratios = []
    for time in np.unique(t):
        at = t == time
        x, y = x_t[at].ravel(), target[at].ravel()
        rest = y - np.polyval(np.polyfit(x, y, 1), x)
        ratios.append(min(2.0, float(np.square(out[at] - target[at]).mean() / np.square(rest).mean())))
    return float(np.mean(ratios))


def _telling_timesteps(predictor: str, tables: Tables) -> np.ndarray:
    """Where a few minutes of training show: faces half hidden; for the mean, the very first steps."""
    if predictor == "mean":
        return np.arange(_NUM_T)
    ratio = tables.cumprod / (1 - tables.cumprod)
    wanted = np.geomspace(2.0, 0.1, _NUM_T)
    return np.array([int(np.abs(np.log(ratio / one)).argmin()) for one in wanted])
