"""The work of lessons 07 and 08 and of `labkit train`: trains networks, draws faces, measures them."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Literal

from torch import Tensor, nn

from labkit.course.profiles import Profile
from labkit.course.syllabus import run_folder
from labkit.data import ImageSet
from labkit.metrics import ImageDistance, fid
from labkit.predictors import find_predictor
from labkit.sampling import Trajectory, image_trajectory, sample
from labkit.sampling.images import Step
from labkit.schedules import Schedule
from labkit.training import Run, fit, training_device
from labkit.training.weighting import min_snr

GetLoss = Callable[[nn.Module, Schedule, Tensor], Tensor]
"""`get_loss(network, schedule, x0)` → scalar: a student's get_loss_noise, get_loss_x0 or get_loss_mean"""

FaceStep = Callable[[Schedule, Tensor, Tensor, Tensor, str], Tensor]
"""`step(schedule, x_t, t, net_out, predictor)` → x_{t−1}: a student's step"""

_PREVIEWED = 16


def _bound(step: FaceStep, predictor: str) -> Step:
    """A student's step as the samplers call it."""
    return lambda schedule, x_t, t, net_out: step(schedule, x_t, t, net_out, predictor)


def face_schedules(
    profile: Profile, cosine_betas: Callable[[int], Tensor] | None = None
) -> dict[str, Schedule]:
    """The schedules of a profile by name; the cosine one only with a student's `cosine_betas`.

    Where these make no schedule, a sentence says so, and the cosine one is left out.
    """
    T = profile.num_train_timesteps
    ends = profile.beta_range
    schedules = {"linear": Schedule.linear(T, *ends), "quad": Schedule.quad(T, *ends)}
    if cosine_betas is not None:
        try:
            schedules["cosine"] = Schedule.from_betas(cosine_betas(T))
        except Exception as error:  # it is the student's code that runs
            print(f"There is no cosine schedule yet, cosine_betas({T}) does not make one: {error}.")
    return schedules


def train_faces(
    profile: Profile,
    faces: ImageSet,
    schedule: Schedule,
    get_loss: GetLoss,
    step: FaceStep,
    *,
    predictor: str,
    beta: str,
    weighting: Literal["min_snr", "none"] = "min_snr",
) -> Run:
    """Train a network with a student's loss, or find its finished run in results/.

    `predictor` and `beta` name the run's folder; `step` draws the previews. The errors are those of `fit`.
    """
    schedule = schedule.to(training_device())
    skips = find_predictor(predictor).skips_timesteps

    def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
        return get_loss(network, schedule, x0)

    def preview(network: nn.Module) -> Tensor:
        steps = profile.preview_steps if skips else None
        drawn = image_trajectory(
            network, _bound(step, predictor), schedule, _PREVIEWED, _shape(profile), seed=7,
            num_steps=steps, snapshots=0,
        )  # fmt: skip
        return drawn.x_ts[-1]

    # Where no timestep can be skipped and there are many, previews would cost too much.
    affordable = skips or schedule.num_train_timesteps <= 5 * profile.preview_steps
    plain = weighting == "none"
    return fit(
        profile.network(),
        loss_fn,
        faces.images,
        weighting=None if plain else min_snr(schedule, predictor),
        preview=preview if affordable else None,
        out=run_folder(predictor, beta) + ("_unweighted" if plain else ""),
        **profile.recipe(),
    )


def sample_faces(
    profile: Profile,
    network: nn.Module,
    schedule: Schedule,
    step: FaceStep,
    predictor: str,
    *,
    n: int,
    seed: int,
    out: str | Path | None = None,
) -> Tensor:
    """Draw `n` faces over all timesteps: uint8 [n, 3, H, W]. More in `labkit.sampling.sample`."""
    return sample(network, _bound(step, predictor), schedule, n, _shape(profile), seed=seed, out=out)


def face_trajectory(
    profile: Profile,
    network: nn.Module,
    schedule: Schedule,
    step: FaceStep,
    predictor: str,
    *,
    n: int,
    seed: int,
) -> Trajectory:
    """Record how `n` faces come out of the noise, in about 30 snapshots."""
    return image_trajectory(
        network, _bound(step, predictor), schedule, n, _shape(profile), seed=seed, snapshots=30
    )


def face_distance(profile: Profile, samples: Tensor, reference: Tensor) -> ImageDistance:
    """The distance of samples to reference images, both uint8 [·, 3, H, W].

    FID for photographs, which needs the Inception weights; the toy Fréchet distance for toy faces. Raises
    CourseError, which says what to do, where the weights cannot be had.
    """
    dataset = profile.dataset
    return fid(samples, reference, dataset.extractor(), reference_name=dataset.unseen)


def settings_table(profile: Profile, run: Run, predictor: str, beta: str) -> dict[str, object]:
    """All that is needed to make a run again, by name."""
    settings: dict[str, object] = {"predictor": predictor, "schedule": beta}
    settings["profile"] = profile.name
    settings |= {field.name: getattr(profile, field.name) for field in fields(profile)[1:]}
    if beta != "cosine":
        settings["β range"] = profile.beta_range
    settings |= {"optimiser": "Adam", "seed": run.config["seed"], "steps done": len(run.losses)}
    return settings | {"weighting": run.config.get("weighting", "none"), "run": str(run.folder)}


def _shape(profile: Profile) -> tuple[int, int, int]:
    return 3, profile.image_size, profile.image_size
