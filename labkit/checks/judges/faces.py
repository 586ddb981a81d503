"""Judges the training runs of notebook 07, and the faces that notebook 08 draws.

Has each network learned to guess what it is asked for? No sampling is needed to see that: the network is
shown unseen noisy faces and its guesses are compared with the truth, in units of what a network that only
scales its input could do. How good the faces are, a Fréchet distance tells.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from labkit.checks.judges.draw import Rng
from labkit.checks.judges.reverse_process import reverse_step
from labkit.checks.judges.tables import Tables
from labkit.checks.judges.targets import TARGETS
from labkit.checks.judges.trained import answer_of, face_network
from labkit.checks.probes.faces import FaceChoiceReply, FaceStepReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import AnswerError, Subject
from labkit.checks.wrong import Wrong
from labkit.course.profiles import PROFILES, Profile, kept_profile
from labkit.course.syllabus import BETAS, PREDICTORS, lesson_of
from labkit.data import ImageSet
from labkit.errors import CourseError
from labkit.metrics import fid, find_copies
from labkit.sampling import SamplingError, sample
from labkit.schedules import Schedule
from labkit.time_limit import EndlessError, time_limit

ENOUGH = 0.9
"""A trained network's squared error is below this share of what the best scaling of x_t leaves."""

MOST_COPIES = 0.1
"""Of what is drawn; `find_copies` takes a fresh face for a copy less than once in 500."""

_SAME = 3e-3
"""Trainings under two schedules differ by 0.013 and more, one and a copy with noise of 3 % in its weights by
up to 1e-3."""

_DRAWING_SECONDS = 1200.0

_PER_T, _NUM_T = 8, 8

_SLOPE_OFF = 0.3
"""Of 1: a right step that clips x̂0 loses a tenth."""


@JUDGES.add("trajectories")
def judge_trajectories(subject: Subject, rng: Rng) -> tuple[float, str]:
    """The runs of x0 under the three schedules; a third of the points each."""
    return _judge_runs(subject, rng, [("x0", beta) for beta in BETAS])


@JUDGES.add("predictors")
def judge_predictors(subject: Subject, rng: Rng) -> tuple[float, str]:
    """The runs of the three predictors under the linear schedule; a third of the points each."""
    return _judge_runs(subject, rng, [(predictor, "linear") for predictor in PREDICTORS])


def _judge_runs(subject: Subject, rng: Rng, runs: list[tuple[str, str]]) -> tuple[float, str]:
    profile = _profile(subject)
    x0 = _some_faces(profile.faces("val", download=False), rng, _PER_T * _NUM_T)
    x_t = 0.5 * x0 + 0.7 * rng.standard_normal(x0.shape)
    t = np.linspace(0, profile.num_train_timesteps - 1, len(x0)).astype(int)
    trained: dict[str, np.ndarray] = {}
    missing: list[tuple[str | None, str]] = []
    for predictor, beta in runs:
        name = f"{predictor} under {beta}"
        tables = Tables.of(betas_of(beta, profile.num_train_timesteps))
        try:
            network = face_network(subject.folder, profile, predictor, beta)
        except AnswerError as absent:
            missing.append((absent.kind, f"{name}: {absent}"))
            continue
        error = _relative_error(network, rng, x0, predictor, tables)
        answer = answer_of(network, x_t, t)
        if not error < ENOUGH:
            missing.append(("hardly_trained", f"{name}: {_hardly(error)}"))
        elif twin := next((run for run, one in trained.items() if _difference(one, answer) < _SAME), None):
            missing.append((None, f"{name} is the same network as {twin}: train it anew."))
        else:
            trained[name] = answer
    details = " ".join(detail for _, detail in missing)
    if len(missing) == len(runs):
        raise Wrong(missing[0][0], details)
    found = f"trained networks for {', '.join(trained)}"
    return len(trained) / len(runs), f"{found}. Not yet: {details.rstrip('.')}" if details else found


def _hardly(error: float) -> str:
    return (
        f"its error is {error:.2f} of the error of a very simple answer (x_t times one number); below "
        f"{ENOUGH} is enough."
    )


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    """Of two networks' answers, as a share of these. Other weights may be the same function."""
    return float(np.square(one - other).sum() / np.square(one).sum())


@JUDGES.add("face_quality")
def judge_face_quality(subject: Subject, rng: Rng) -> tuple[float, str]:
    """Draw faces with the run that the notebook chose; the share of the points goes by their distance."""
    profile = _profile(subject)
    unseen = profile.faces("val", download=False)
    n, bands, extractor = profile.dataset.num_judged, profile.dataset.bands, profile.dataset.extractor()
    predictor, beta = _choice(subject)
    tables = Tables.of(betas_of(beta, profile.num_train_timesteps))
    network = face_network(subject.folder, profile, predictor, beta)
    _judge_step(subject, rng, unseen, predictor, tables)
    error = _relative_error(network, rng, _some_faces(unseen, rng, _PER_T * _NUM_T), predictor, tables)
    if not error < ENOUGH:
        raise Wrong("hardly_trained", f"{predictor} under {beta}: {_hardly(error)}")
    samples = _drawn(network, predictor, tables, n, unseen.images.shape[1:])
    copies = find_copies(samples, profile.faces("train", download=False).images, unseen.images).copied
    if copies.mean() > MOST_COPIES:
        raise Wrong("copied_data", f"{copies.sum()} of {n} faces are copies of training images.")
    distance = fid(samples, unseen.images, extractor, reference_name="unseen faces")
    score = next((share for bound, share in bands if distance.value < bound), 0.0)
    if score == 0:
        raise Wrong("no_faces", f"Their distance is {distance}; below {bands[-1][0]:g} earns points.")
    better = next((f"; below {bound:g} earns more" for bound, share in reversed(bands) if share > score), "")
    return score, f"{distance}{better}"


def _choice(subject: Subject) -> tuple[str, str]:
    """The run that the notebook chose: one of the course's, since its name becomes a folder's."""
    chosen = subject.call("face_choice", {}, FaceChoiceReply)
    if chosen.predictor not in PREDICTORS or chosen.beta not in BETAS:
        raise AnswerError("missing", "The course has no run of the notebook's `predictor` and `beta`.")
    return chosen.predictor, chosen.beta


def _drawn(network: nn.Module, predictor: str, tables: Tables, n: int, shape: Sequence[int]) -> Tensor:
    """Faces, uint8 [n, *shape]. One draw for everybody and always: a run at the edge of a band keeps its
    points.
    """
    step = reverse_step(predictor, tables, clip=True)
    schedule = Schedule.from_betas(torch.from_numpy(tables.betas))
    try:
        with time_limit(_DRAWING_SECONDS):
            return sample(network, step, schedule, n, shape, seed=n)
    except SamplingError as error:
        raise Wrong(None, str(error)) from None
    except EndlessError:
        raise AnswerError(
            "endless", f"Drawing {n} faces took longer than {_DRAWING_SECONDS:.0f} seconds."
        ) from None


def _judge_step(subject: Subject, rng: Rng, unseen: ImageSet, predictor: str, tables: Tables) -> None:
    """Does the student's `step` make its last picture of what the network says?"""
    faces = _some_faces(unseen, rng, _PER_T)
    x0, noise = 0.8 * faces, rng.standard_normal(faces.shape)  # inside what a step may clip
    x_t = np.sqrt(tables.cumprod[0]) * x0 + np.sqrt(1 - tables.cumprod[0]) * noise
    of_x0, of_x_t = (table[0] for table in TARGETS[predictor](tables))
    said = of_x0 * x0 + of_x_t * x_t
    change = 0.05 * rng.standard_normal(faces.shape)
    shown = {"betas": tables.betas, "x_t": x_t}
    drawn = [
        subject.call("face_step", shown | {"net_out": net_out}, FaceStepReply, seconds=60.0).x_prev
        for net_out in (said, said + change)
    ]
    slope = 1 / of_x0  # of x₋₁, which is the guess at x_0 here: no noise is added at t = 0
    if any(x_prev.shape != x_t.shape for x_prev in drawn):
        raise Wrong("wrong_shape", "`step` answered another shape than that of x_t.")
    found = np.vdot(drawn[1] - drawn[0], change) / np.square(change).sum() / slope
    if not abs(found - 1) < _SLOPE_OFF:
        raise Wrong(
            None,
            f"At t = 0 `step` follows the network's output by {found:.2f} of what it should: "
            f"the faces must come from the network. Is it your `step` of {lesson_of('step')}?",
        )


def _profile(subject: Subject) -> Profile:
    """The profile that the notebooks chose and kept beside their runs."""
    try:
        kept = kept_profile(subject.folder / "results")
    except CourseError as error:
        raise AnswerError("untrained", str(error)) from None
    if kept is None and not any((subject.folder / "results").glob("predictor_*")):
        raise AnswerError(
            "untrained", f"There is no run yet: run the cells of {lesson_of('predictors')} from the top."
        )
    return kept or PROFILES["cpu"]  # as `choose_profile` without a GPU


def _some_faces(faces: ImageSet, rng: Rng, n: int) -> np.ndarray:
    """x0 [n, 3, H, W] in [−1, 1], drawn without repeating one."""
    return faces.images[rng.choice(len(faces.images), n, replace=False)].double().numpy() / 127.5 - 1


def betas_of(name: str, num_train_timesteps: int) -> np.ndarray:
    """β_t [T] of a schedule of Task 2 (for cosine: Nichol & Dhariwal 2021, Equation 17)."""
    if name == "cosine":
        done = np.arange(num_train_timesteps + 1) / num_train_timesteps
        signal = np.cos((done + 0.008) / 1.008 * np.pi / 2) ** 2
        return np.minimum(1 - signal[1:] / signal[:-1], 0.999)
    power = {"linear": 1, "quad": 2}[name]
    first, last = (np.array([0.1, 20.0]) / num_train_timesteps) ** (1 / power)
    return np.linspace(first, last, num_train_timesteps) ** power


def _relative_error(network: nn.Module, rng: Rng, x0: np.ndarray, predictor: str, tables: Tables) -> float:
    """Mean over timesteps of error / error of the best scaling, each at most 2."""
    t = np.repeat(_telling_timesteps(predictor, tables), _PER_T)
    wide = (slice(None), None, None, None)
    signal = tables.cumprod[t][wide]
    noise = rng.standard_normal(x0.shape)
    x_t = np.sqrt(signal) * x0 + np.sqrt(1 - signal) * noise
    of_x0, of_x_t = (table[t][wide] for table in TARGETS[predictor](tables))
    target = of_x0 * x0 + of_x_t * x_t
    out = answer_of(network, x_t, t)
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
