"""Judges the training runs of notebook 07, and the faces that notebook 08 draws.

Has each network learned to guess what it is asked for? No sampling is needed to see that: the network is
shown unseen noisy faces and its guesses are compared with the truth, in units of what a network that only
scales its input could do. How good the faces are, a Fréchet distance tells.
"""

import numpy as np
import torch

from labkit.checks.judges.draw import Rng
from labkit.checks.judges.theory import Tables
from labkit.checks.subject import AnswerError, Arrays, Subject
from labkit.checks.wrong import Wrong
from labkit.course import BETAS, PREDICTORS
from labkit.data import AFHQ, ImageSet, ToyFaces
from labkit.data.afhq import published_here
from labkit.metrics import fid, find_copies
from labkit.profiles import PROFILES, Profile

ENOUGH = 0.9
"""A trained network's squared error is below this share of what the best scaling of x_t leaves."""

FID_BANDS = ((15.0, 1.0), (20.0, 0.75), (30.0, 0.5), (40.0, 0.25))
TOY_BANDS = ((2.5, 1.0), (5.0, 0.75), (10.0, 0.5), (20.0, 0.25))
"""(distance below which, share of the points). 200 real toy faces score about 0.1, noise 57."""

MOST_COPIES = 0.1
"""Of what is drawn; `find_copies` takes a fresh face for a copy less than once in 500."""

_PER_T, _NUM_T = 8, 8

_SLOPE_OFF = 0.3
"""Of 1: a right step that clips x̂0 loses a tenth."""


def judge_trajectories(subject: Subject, rng: Rng) -> tuple[float, str]:
    """The runs of x0 under the three schedules; a third of the points each."""
    return _judge_runs(subject, rng, [("x0", beta) for beta in BETAS])


def judge_predictors(subject: Subject, rng: Rng) -> tuple[float, str]:
    """The runs of the three predictors under the linear schedule; a third of the points each."""
    return _judge_runs(subject, rng, [(predictor, "linear") for predictor in PREDICTORS])


def _judge_runs(subject: Subject, rng: Rng, runs: list[tuple[str, str]]) -> tuple[float, str]:
    profile = _profile(subject)
    images = _unseen(profile).images
    chosen = images[rng.choice(len(images), _PER_T * _NUM_T, replace=False)]
    x0 = chosen.double().numpy() / 127.5 - 1
    trained: list[str] = []
    missing: list[tuple[str | None, str]] = []
    answers: dict[str, np.ndarray] = {}
    shown: Arrays = {
        "x_t": 0.5 * x0 + 0.7 * rng.standard_normal(x0.shape),
        "t": np.linspace(0, profile.num_train_timesteps - 1, len(x0)).astype(int),
    }
    for predictor, beta in runs:
        tables = Tables.of(betas_of(beta, profile.num_train_timesteps))
        try:
            error = _relative_error(subject, rng, x0, predictor, beta, tables)
        except AnswerError as absent:
            missing.append((absent.kind, f"{predictor} under {beta}: {absent}"))
            continue
        if error > ENOUGH:
            missing.append(
                (
                    "hardly_trained",
                    f"{predictor} under {beta}: its error is {error:.2f} of what scaling x_t alone leaves; "
                    f"below {ENOUGH} is enough.",
                )
            )
        elif twin := _twin(subject, shown, predictor, beta, answers):
            missing.append((None, f"{predictor} under {beta} is the same network as {twin}: train it anew."))
        else:
            trained.append(f"{predictor} under {beta}")
    details = " ".join(detail for _, detail in missing)
    if len(missing) == len(runs):
        raise Wrong(missing[0][0], details)
    found = f"trained networks for {', '.join(trained)}"
    return len(trained) / len(runs), f"{found}. Not yet: {details.rstrip('.')}" if details else found


def _twin(
    subject: Subject, shown: Arrays, predictor: str, beta: str, answers: dict[str, np.ndarray]
) -> str | None:
    """The run before, if any, whose network answers the same: one run copied. Keeps the answer."""
    arrays: Arrays = {"predictor": PREDICTORS.index(predictor), "beta": BETAS.index(beta)}
    out = subject.call("denoiser", arrays | shown, seconds=60.0)["out"]
    for name, other in answers.items():
        if out.shape == other.shape and np.allclose(out, other, rtol=0, atol=1e-4):
            return name
    answers[f"{predictor} under {beta}"] = out
    return None


def judge_face_quality(subject: Subject, rng: Rng) -> tuple[float, str]:
    """Draw faces from the run that the notebook chose; the share of the points goes by their distance."""
    profile = _profile(subject)
    unseen = _unseen(profile)
    if profile.dataset == "afhq":
        from labkit.metrics.inception import Inception

        n, bands, extractor = 500, FID_BANDS, Inception()
    else:
        from labkit.metrics.toy_classifier import ToyFeatures

        n, bands, extractor = 200, TOY_BANDS, ToyFeatures()
    _judge_step(subject, rng, unseen, profile.num_train_timesteps)
    # One draw for everybody and always: a run at the edge of a band keeps its points.
    seen = subject.call("face_samples", {"n": n, "seed": n}, seconds=1200.0)
    samples = torch.from_numpy(seen["samples"])
    if samples.shape != (n, *unseen.images.shape[1:]) or samples.dtype != torch.uint8:
        raise Wrong("wrong_shape", f"The samples are {samples.dtype} {list(samples.shape)}.")
    copies = find_copies(samples, _training(profile).images, unseen.images).copied
    if copies.mean() > MOST_COPIES:
        raise Wrong("copied_data", f"{copies.sum()} of {n} faces are copies of training images.")
    distance = fid(samples, unseen.images, extractor, reference_name="unseen faces")
    score = next((share for bound, share in bands if distance.value < bound), 0.0)
    if score == 0:
        raise Wrong("no_faces", f"Their distance is {distance}; below {bands[-1][0]:g} earns points.")
    better = next((f"; below {bound:g} earns more" for bound, share in reversed(bands) if share > score), "")
    return score, f"{distance}{better}"


def _judge_step(subject: Subject, rng: Rng, unseen: ImageSet, num_train_timesteps: int) -> None:
    """Is the last picture made from what the network says? A step that brings its own faces does not ask."""
    chosen = subject.call("face_choice", {})
    predictor, beta = PREDICTORS[int(chosen["predictor"])], BETAS[int(chosen["beta"])]
    tables = Tables.of(betas_of(beta, num_train_timesteps))
    faces = unseen.images[rng.choice(len(unseen.images), _PER_T, replace=False)].double().numpy() / 127.5 - 1
    x0, noise = 0.8 * faces, rng.standard_normal(faces.shape)  # inside what a step may clip
    x_t = np.sqrt(tables.cumprod[0]) * x0 + np.sqrt(1 - tables.cumprod[0]) * noise
    said = {"noise": noise, "x0": x0, "mean": x0}[predictor]
    change = 0.05 * rng.standard_normal(faces.shape)
    drawn = [
        subject.call("face_step", {"x_t": x_t, "net_out": net_out}, seconds=60.0)["x_prev"]
        for net_out in (said, said + change)
    ]
    # ∂x₋₁/∂(what the network says) at t = 0, where no noise is added: Eq. (11), or 1.
    slope = -np.sqrt(tables.betas[0] / tables.alphas[0]) if predictor == "noise" else 1.0
    if any(x_prev.shape != x_t.shape for x_prev in drawn):
        raise Wrong("wrong_shape", "`step` answered another shape than that of x_t.")
    found = np.vdot(drawn[1] - drawn[0], change) / np.square(change).sum() / slope
    if not abs(found - 1) < _SLOPE_OFF:
        raise Wrong(
            None,
            f"At t = 0 `step` follows the network's output by {found:.2f} of what it should: "
            "the faces must come from the network. Is it your `step` of lesson 06?",
        )


def _profile(subject: Subject) -> Profile:
    """The notebook's profile: one of the course's own, as what is computed here depends on it."""
    number = subject.call("face_profile", {}).get("profile")
    known = list(PROFILES.values())
    if not isinstance(number, int) or not 0 <= number < len(known):
        raise Wrong(None, f"The notebook's `profile` is none of {', '.join(PROFILES)}.")
    return known[number]


def _unseen(profile: Profile) -> ImageSet:
    """The val split, in the profile's size."""
    if profile.dataset == "afhq":
        return AFHQ(published_here(), split="val", size=profile.image_size)
    return ToyFaces("val", profile.image_size)


def _training(profile: Profile) -> ImageSet:
    """The images that the profile's networks are trained on."""
    size, per_class = profile.image_size, profile.max_images_per_class
    if profile.dataset == "afhq":
        return AFHQ(published_here(), split="train", size=size, max_images_per_class=per_class)
    return ToyFaces("train", size, 3 * per_class)


def betas_of(name: str, num_train_timesteps: int) -> np.ndarray:
    """β_t [T] of a schedule of lesson 05 (for cosine: Nichol & Dhariwal 2021, Equation 17)."""
    if name == "cosine":
        done = np.arange(num_train_timesteps + 1) / num_train_timesteps
        signal = np.cos((done + 0.008) / 1.008 * np.pi / 2) ** 2
        return np.minimum(1 - signal[1:] / signal[:-1], 0.999)
    power, ends = {"linear": 1, "quad": 2}[name], np.array([0.1, 20.0]) / num_train_timesteps
    return np.linspace(*ends ** (1 / power), num_train_timesteps) ** power


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
