"""The same submissions graded by stock `nbgrader autograde` and here: nobody may be worse off here.

`python against_stock.py FOLDER ASSIGNMENT` is stock's side, in a process of its own: it changes the working
directory and the environment. A student at a time, as some submissions stop it for all that come after.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.utils import capture_log

from labkit.grading.classrun.entry import read_entry
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import CONFIG, Course

STOCK = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.py"]
c.Execute.timeout = 600
"""
"""nbgrader's settings for a course of ours, and no step of ours"""


def with_stock(course: Path, assignment: str) -> dict[str, float]:
    """student → the points of the tests, 0 where it gives up; grades in a copy beside the course."""
    copy = shutil.copytree(course, course.with_name(f"{course.name}-stock"))
    (copy / CONFIG).write_text(STOCK, encoding="utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, __file__, str(copy), assignment],
        env=os.environ | {"PATH": path, "LABKIT_TRAINING": "off"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def with_ours(course: Path, assignment: str) -> tuple[dict[str, float], list[str]]:
    """student → the points of the tests; and who was not graded."""
    results = grade_class(Course.open(course), assignment)
    return _points(Course.open(course), assignment), [one.student for one in results if not one.succeeded]


def _points(course: Course, assignment: str) -> dict[str, float]:
    with course.gradebook() as gradebook:
        return {name: _sum(gradebook, assignment, name) for name in course.students(assignment)}


def _sum(gradebook: Gradebook, assignment: str, student: str) -> float:
    scores = read_entry(gradebook, assignment, student).scores
    return sum(score.auto_score or 0.0 for score in scores.values())


def main(folder: str, assignment: str) -> None:
    course = Course.open(folder)
    failed = set()
    for student in course.students(assignment):
        app = Autograde(coursedir=course.directory(assignment, student), config=course.config)
        if not capture_log(app)["success"]:
            failed.add(student)
    points = _points(course, assignment)
    print(json.dumps(points | dict.fromkeys(failed, 0.0)))


if __name__ == "__main__":
    main(*sys.argv[1:])
