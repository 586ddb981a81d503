"""A class of a hundred, twenty of them hostile: graded twice, and each kind of submission alone.

The eighty are copies of the example class's students; the twenty hand in the attacks of tests/attacks/ in the
place of q_sample. Prints whether all are in the gradebook, and whether the three gradings agree.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import command
import nbformat
from rich.console import Console

from labkit.course.syllabus import TASKS
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.demo import make_class
from labkit.grading.report import read_class

ROOT = Path(__file__).parents[1]
ASSIGNMENT, LESSON, TODO = "task1_swiss_roll", "02_forward_process", "q_sample"
sys.path.insert(0, str(ROOT / "tests" / "attacks"))


def attacks(number: int) -> dict[str, str]:
    """name → the source that stands where an answer should."""
    from test_breaking import IN_THE_CELL
    from test_forging import FORGERIES

    found = {**FORGERIES, **IN_THE_CELL}
    chosen = list(found)[:: max(1, len(found) // number)][:number]
    return {name: found[name] for name in chosen}


def fill(course: Course, submissions: int) -> list[str]:
    """Hand in for everybody; returns one student of each kind."""
    submitted = course.step("submitted")
    kinds = sorted(path.name for path in submitted.iterdir())
    hostile = attacks(submissions // 5)
    for number in range(submissions - len(hostile) - len(kinds)):
        shutil.copytree(submitted / kinds[number % len(kinds)], submitted / f"copy{number:03d}")
    for number, source in enumerate(hostile.values()):
        folder = submitted / f"hostile{number:02d}"
        shutil.copytree(submitted / "ada", folder)
        path = folder / ASSIGNMENT / f"{LESSON}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.id == TODO).source = source
        nbformat.write(notebook, path)
    return [*kinds, *(f"hostile{number:02d}" for number in range(len(hostile)))]


def graded(course: Course, student: str | None = None) -> dict[str, dict[str, float | None]]:
    """student → grade_id → points, of a grading that begins anew."""
    shutil.rmtree(course.root / "logs", ignore_errors=True)
    results = grade_class(course, ASSIGNMENT, student)
    assert all(one.succeeded for one in results), [one.failure for one in results if one.failure]
    reports = read_class(course, ASSIGNMENT, student)
    return {one.student: {cell.grade_id: cell.points for cell in one.cells} for one in reports}


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--submissions", type=int, default=100, help="a fifth of them hostile (default: 100)")
    args = parser.parse_args()
    if args.submissions < 20:
        parser.error("--submissions must be at least 20")
    err = Console(stderr=True)
    with tempfile.TemporaryDirectory() as scratch:
        into = Path(scratch) / "class"
        course = make_class(Course.open(ROOT), into, lambda text: err.print(text, markup=False), [ASSIGNMENT])
        kinds = fill(course, args.submissions)
        started = time.perf_counter()
        first = graded(course)
        seconds = time.perf_counter() - started
        second = graded(course)
        alone = {}
        for name in kinds:
            alone |= graded(course, name)
    hostile = [name for name in first if name.startswith("hostile")]
    others = [f"check_{todo}" for lesson in TASKS[ASSIGNMENT] for todo in lesson.todos if todo != TODO]
    report = {
        "submissions": args.submissions,
        "hostile": len(hostile),
        "in_gradebook": len(first),
        "twice_the_same": first == second,
        "alone_the_same": all(first[name] == points for name, points in alone.items()),
        "hostile_gained": sum(first[name][f"check_{TODO}"] or 0 for name in hostile),
        "hostile_kept_the_rest": all(
            first[name][grade_id] == first["ada"][grade_id] for name in hostile for grade_id in others
        ),
        "seconds": round(seconds, 1),
        "machine": command.machine(),
    }
    command.say(report, args.json)


if __name__ == "__main__":
    main()
