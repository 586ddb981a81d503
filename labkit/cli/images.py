"""Commands for images: train a network and draw from it without a notebook, by a student's functions."""

import os
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from labkit.cli.app import OUT, JsonOption, command, print_json
from labkit.errors import CourseError
from labkit.predictors import PREDICTORS

if TYPE_CHECKING:
    from labkit.course.profiles import Profile
    from labkit.schedules import Schedule

PredictorOption = Annotated[str, typer.Option("--predictor", help=", ".join(PREDICTORS))]
BetaOption = Annotated[str, typer.Option("--schedule", help="linear, quad or cosine")]
ProfileOption = Annotated[str | None, typer.Option("--profile", help="smoke, cpu or gpu; else what fits")]
FolderOption = Annotated[Path, typer.Option("--folder", help="where your notebooks 05 and 06 lie")]


@command
def train(
    predictor: PredictorOption = "x0",
    schedule: BetaOption = "linear",
    profile: ProfileOption = None,
    folder: FolderOption = Path("."),
    weighting: Annotated[str, typer.Option("--weighting", help="min_snr or none")] = "min_snr",
    json_: JsonOption = False,
) -> None:
    """Train a network with your loss, as lesson 07 does, or go on with a run that was stopped.

    Example: labkit train --predictor x0 --schedule linear --folder notebooks/task2_images

    On several GPUs: torchrun --nproc-per-node=2 -m labkit train …
    """
    from labkit.course.answers import find_answer
    from labkit.course.faces import train_faces

    if weighting not in ("min_snr", "none"):
        raise typer.BadParameter(f"there is no weighting {weighting!r}; choose min_snr or none.")
    with _in_folder(folder):
        chosen, table = _settings(predictor, schedule, profile)
        get_loss = find_answer(f"get_loss_{predictor}", Path("."))
        step = find_answer("step", Path("."))
        faces = chosen.faces("train")
        run = train_faces(
            chosen,
            faces,
            table,
            get_loss,
            step,
            predictor=predictor,
            beta=schedule,
            weighting=cast(Literal["min_snr", "none"], weighting),
        )
    if os.environ.get("RANK", "0") != "0":
        return
    loss = run.losses[-100:].mean().item()
    if json_:
        print_json({"run": str(folder / run.folder), "steps": len(run.losses), "loss": loss})
    else:
        OUT.print(
            f"{len(run.losses):,} steps, loss {loss:.4f}, kept in {folder / run.folder}",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip


@command
def sample(
    predictor: PredictorOption = "x0",
    schedule: BetaOption = "linear",
    profile: ProfileOption = None,
    folder: FolderOption = Path("."),
    n: Annotated[int, typer.Option("-n", min=1, help="how many faces")] = 64,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 8,
    out: Annotated[Path, typer.Option("--out", help="a folder for samples.npz and samples.png")] = Path(
        "samples"
    ),
    json_: JsonOption = False,
) -> None:
    """Draw faces from a finished run, with your `step`.

    Example: labkit sample -n 500 --folder notebooks/task2_images --out my_faces
    """
    from labkit.course.answers import find_answer
    from labkit.course.faces import sample_faces
    from labkit.course.syllabus import run_folder
    from labkit.training import Run, training_device

    out = out.absolute()
    with _in_folder(folder):
        chosen, table = _settings(predictor, schedule, profile)
        step = find_answer("step", Path("."))
        run = Run.load(chosen.network().to(training_device()), run_folder(predictor, schedule))
        images = sample_faces(chosen, run.network, table, step, predictor, n=n, seed=seed, out=out)
    if json_:
        print_json({"samples": str(out / "samples.npz"), "n": len(images), "shape": list(images.shape[1:])})
    else:
        OUT.print(f"{len(images)} faces in {out}", markup=False, highlight=False, soft_wrap=True)


def _in_folder(folder: Path) -> chdir:
    if not folder.is_dir():
        raise typer.BadParameter(f"there is no folder {folder}. Name the one with your notebooks.")
    return chdir(folder)


def _settings(predictor: str, beta: str, profile: str | None) -> tuple["Profile", "Schedule"]:
    """The profile and the schedule that the options name."""
    from labkit.course.faces import face_schedules
    from labkit.course.profiles import choose_profile
    from labkit.course.syllabus import BETAS, lesson_of

    for name, value, known in (("predictor", predictor, PREDICTORS), ("schedule", beta, BETAS)):
        if value not in known:
            raise typer.BadParameter(f"there is no {name} {value!r}; choose one of {', '.join(known)}.")
    if profile is not None:
        os.environ["LABKIT_PROFILE"] = profile
    chosen = choose_profile()
    if beta == "cosine":
        from labkit.course.answers import find_answer

        schedules = face_schedules(chosen, find_answer("cosine_betas", Path(".")))
        if "cosine" not in schedules:
            raise CourseError(
                f"Finish cosine_betas in {lesson_of('cosine_betas')} first; labkit check tells what is wrong."
            )
        return chosen, schedules["cosine"]
    return chosen, face_schedules(chosen)[beta]
