"""The syllabus: a row for each lesson. What else is said of lessons, TODOs and checks follows from here."""

from dataclasses import dataclass, field

PREDICTORS = ("noise", "x0", "mean")
"""What lessons 06 to 08 ask a network for; `labkit.predictors` has what follows from it."""

BETAS = ("linear", "quad", "cosine")
"""The noise schedules of Task 2."""


def run_folder(predictor: str, beta: str, seed: int = 63) -> str:
    """Where a notebook keeps the training run of a predictor under a schedule, beside itself."""
    return f"results/predictor_{predictor}/beta_{beta}/seed{seed}"


SWISS_ROLL_RUN = run_folder("noise", "linear")
"""Where notebook 04 keeps its training run."""


@dataclass(frozen=True)
class Lesson:
    """A notebook: its name without .ipynb, its title, and about how long it takes."""

    name: str
    title: str
    minutes: int
    todos: tuple[str, ...] = ()
    """The grade_ids of its TODO cells, each with a check of its name"""
    looks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """A check of what the lesson made → the names of the notebook that it reads; runs it reads from theirs"""
    runs: tuple[str, ...] = ()
    """The trainings that are handed in"""
    training: tuple[str, ...] = ()
    """The cells that make these runs"""


TASKS: dict[str, tuple[Lesson, ...]] = {
    "task1_swiss_roll": (
        Lesson("01_time_conditioned_mlp", "A network that knows the time", 45, ("SimpleNet",)),
        Lesson(
            "02_forward_process",
            "The forward process",
            45,
            ("q_sample",),
            looks={"forward_figure": ("x0", "timesteps", "x_ts")},
        ),
        Lesson("03_reverse_process", "The reverse process", 60, ("p_sample", "p_sample_loop")),
        Lesson(
            "04_train_and_evaluate",
            "Train and evaluate",
            45,
            ("compute_loss",),
            looks={"trained_model": ()},
            runs=(SWISS_ROLL_RUN,),
            training=("imports", "earlier_answers", "compute_loss", "data", "train"),
        ),
    ),
    "task2_images": (
        Lesson("05_noise_schedules", "Noise schedules", 60, ("add_noise", "cosine_betas")),
        Lesson(
            "06_predictors",
            "Three ways to predict",
            90,
            (
                "get_loss_noise",
                "get_loss_x0",
                "get_loss_mean",
                "step_predict_noise",
                "step_predict_x0",
                "step_predict_mean",
                "step",
            ),
        ),
        Lesson(
            "07_train_animal_faces",
            "Train animal faces",
            60,  # 25 of them are training
            looks={"predictors": (), "trajectories": ()},
            runs=(
                *(run_folder(predictor, "linear") for predictor in PREDICTORS),
                *(run_folder("x0", beta) for beta in BETAS if beta != "linear"),
            ),
            training=(
                "imports",
                "earlier_answers",
                "profile",
                "faces",
                "train_predictors",
                "train_schedules",
            ),
        ),
        Lesson(
            "08_sample_and_fid",
            "Sample and measure",
            45,
            looks={"face_quality": ("predictor", "beta", "step")},
        ),
    ),
}
"""assignment → its lessons, in the order of the course"""

LESSONS = {lesson.name: lesson for lessons in TASKS.values() for lesson in lessons}
"""Of all tasks, by name"""

TODOS = {todo: lesson.name for lesson in LESSONS.values() for todo in lesson.todos}
"""TODO → the lesson that asks for it"""

LOOKS = {check: names for lesson in LESSONS.values() for check, names in lesson.looks.items()}
"""check that is no TODO's → the names of the notebook that it reads; any other reads the TODO of its name"""


def names_of(assignment: str) -> list[str]:
    """The lessons of an assignment, by name."""
    return [lesson.name for lesson in TASKS[assignment]]


def assignment_of(lesson: str) -> str | None:
    """The assignment of a lesson; None for a name that the course does not know."""
    return next((task for task, lessons in TASKS.items() if LESSONS.get(lesson) in lessons), None)
