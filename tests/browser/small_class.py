"""A class of two in the first two lessons of the course: released, handed in, collected and graded."""

import shutil
import subprocess
import sys
from pathlib import Path

from answers_typed import answer, write_into

from labkit.course.hand_in import submit

ROOT = Path(__file__).parents[2]
TASK = "task1_swiss_roll"
LESSONS = ("01_time_conditioned_mlp", "02_forward_process")
ANSWERS = {
    "ada": {
        "SimpleNet": answer("SimpleNet", "right/last_layer_apart"),
        "q_sample": answer("q_sample", "right/extract"),
        "explain_time": "It learns the mean over all noise levels, so near the roll it guesses too much "
        "noise at the end of the way: what is nearly clean is blurred.",
    },
    "dan": {
        "SimpleNet": answer("SimpleNet", "right/separate_attributes"),
        "q_sample": answer("q_sample", "wrong/missing_roots"),
        "explain_time": "Because it does not know the time.",
        "explain_forward_figure": "At about t = 150 the windings are gone.",
    },
}
"""student → what is in which TODO"""


def labkit(folder: Path, *arguments: str) -> str:
    """Run the real command in a course's folder; returns what it prints."""
    command = [sys.executable, "-m", "labkit", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_course(folder: Path) -> Path:
    """A course's folder with the first two lessons, not yet released."""
    solutions = folder / "solutions" / TASK
    solutions.mkdir(parents=True)
    for name in LESSONS:
        shutil.copy(ROOT / "solutions" / TASK / f"{name}.ipynb", solutions)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def grade_class(course: Path) -> None:
    """From release to points, as docs/instructors.md tells it."""
    labkit(course, "release", TASK)
    (course / "zips").mkdir()
    for student, answers in ANSWERS.items():
        work = course / "work" / student / TASK
        shutil.copytree(course / "notebooks" / TASK, work)
        for name in LESSONS:
            write_into(work / f"{name}.ipynb", answers)
        submit(work, student, course / "zips")
    shutil.rmtree(course / "work")
    labkit(course, "collect", TASK, "zips")
    labkit(course, "grade", TASK)
