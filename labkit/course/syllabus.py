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
    """A notebook: its name without .ipynb, its title, about how long it takes, and what there is to see."""

    name: str
    title: str
    minutes: int
    shows: str
    todos: tuple[str, ...] = ()
    """The grade_ids of its TODO cells, each with a check of its name"""
    looks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """A check of what the lesson made → the names of the notebook that it reads; runs it reads from theirs"""
    runs: tuple[str, ...] = ()
    """The trainings that are handed in"""
    training: tuple[str, ...] = ()
    """The cells that make these runs"""
    training_minutes: int = 0
    """So many of its minutes train."""

    @property
    def number(self) -> int:
        """Its place in the course, with which its name begins."""
        return int(self.name.partition("_")[0])


TASKS: dict[str, tuple[Lesson, ...]] = {
    "task1_swiss_roll": (
        Lesson(
            "01_time_conditioned_mlp",
            "A network that knows the time",
            45,
            "how the same point gets another answer at another t",
            ("SimpleNet",),
        ),
        Lesson(
            "02_forward_process",
            "The forward process",
            45,
            "a slider that dissolves the roll with your own code",
            ("q_sample",),
            looks={"forward_figure": ("x0", "timesteps", "x_ts")},
        ),
        Lesson(
            "03_reverse_process",
            "The reverse process",
            60,
            "that a perfect network lands on the data",
            ("p_sample", "p_sample_loop"),
        ),
        Lesson(
            "04_train_and_evaluate",
            "Train and evaluate",
            45,
            "your model draws the roll; what two tricks of training buy",
            ("compute_loss",),
            looks={"trained_model": ()},
            runs=(SWISS_ROLL_RUN,),
            training=("imports", "earlier_answers", "compute_loss", "data", "train"),
        ),
    ),
    "task2_images": (
        Lesson(
            "05_noise_schedules",
            "Noise schedules",
            60,
            "one face drown under three schedules",
            ("add_noise", "cosine_betas"),
        ),
        Lesson(
            "06_predictors",
            "Three ways to predict",
            90,
            "a perfect network draw the same faces all three ways",
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
            80,
            "what each predictor and schedule learns, and what weights are worth",
            ("ema_update", "train_step"),
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
            training_minutes=25,
        ),
        Lesson(
            "08_sample_and_fid",
            "Sample and measure",
            70,
            "a distance with its interval, and what such a number is worth",
            ("feature_moments", "frechet_distance"),
            looks={"face_quality": ("predictor", "beta", "step")},
        ),
    ),
}
"""assignment → its lessons, in the order of the course"""

SUBJECTS = {"task1_swiss_roll": "a swiss roll", "task2_images": "animal faces"}
"""assignment → what its models draw"""

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


def lesson_of(name: str) -> str:
    """Where something is taught, as texts call it: "lesson 03" for a TODO or another check of that lesson."""
    for lesson in LESSONS.values():
        if name in (*lesson.todos, *lesson.looks):
            return f"lesson {lesson.number:02d}"
    raise LookupError(f"No lesson of the syllabus has {name!r}: python docs/derived.py says what is wrong.")
