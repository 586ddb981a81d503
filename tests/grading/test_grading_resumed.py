"""A class run that is stopped, hard or softly, loses nothing and does nothing twice."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from small_courses import marked
from test_classrun import ASSIGNMENT, hand_in

from labkit.errors import CourseError
from labkit.grading.classrun.resume import grading_key
from labkit.grading.classrun.run import grade_class
from labkit.grading.course import Course
from labkit.grading.report import read_class

STUDENTS = ("ann", "bob", "cem", "dot")


@pytest.fixture
def course(noising: Path, noising_solved: dict, tmp_path: Path) -> Course:
    folder = shutil.copytree(noising, tmp_path / "course")
    for student in STUDENTS:
        hand_in(folder, student, noising_solved)
    return Course.open(folder)


def scores(course: Course) -> dict[str, float]:
    return {one.student: one.score for one in read_class(course, ASSIGNMENT)}


def fresh(results: list) -> set[str]:
    assert all(one.succeeded for one in results)
    return {one.student for one in results if one.fresh}


def test_only_what_has_changed_is_graded_again(course: Course, noising_solved: dict) -> None:
    assert fresh(grade_class(course, ASSIGNMENT)) == set(STUDENTS)
    assert fresh(grade_class(course, ASSIGNMENT)) == set()
    work = course.step("submitted") / "bob" / ASSIGNMENT / "02_forward_process.ipynb"
    right = marked(noising_solved["02_forward_process"], "q_sample").source
    assert "alphas_cumprod" in right
    work.write_text(work.read_text().replace("alphas_cumprod", "alphas"))
    assert fresh(grade_class(course, ASSIGNMENT)) == {"bob"}
    assert scores(course) == {"ann": 7, "bob": 3, "cem": 7, "dot": 7}
    shutil.rmtree(course.step("autograded") / "cem")
    assert fresh(grade_class(course, ASSIGNMENT)) == {"cem"}


def test_another_wheel_beside_the_release_is_no_other_grading(course: Course) -> None:
    key = grading_key(course, ASSIGNMENT, "ann", "bubblewrap")
    released = course.step("release") / ASSIGNMENT
    (released / "ddpm_lab-1.0-py3-none-any.whl").write_bytes(b"built today")
    assert grading_key(course, ASSIGNMENT, "ann", "bubblewrap") == key
    (released / "data.csv").write_bytes(b"1,2")
    assert grading_key(course, ASSIGNMENT, "ann", "bubblewrap") != key


def test_another_hidden_test_is_another_grading(course: Course) -> None:
    key = grading_key(course, ASSIGNMENT, "ann", "bubblewrap")
    assert key == grading_key(course, ASSIGNMENT, "ann", "bubblewrap")
    with course.gradebook() as gradebook:
        cell = gradebook.find_assignment(ASSIGNMENT).notebooks[0].source_cells[0]
        cell.source = f"{cell.source}\n"
        gradebook.db.commit()
    assert grading_key(course, ASSIGNMENT, "ann", "bubblewrap") != key


def test_a_name_in_another_encoding_stops_nobody(course: Course) -> None:
    odd = os.fsencode(course.step("submitted") / "ann" / ASSIGNMENT / "results") + b"/caf\xe9"
    os.makedirs(odd)
    open(odd + b"/x", "w").close()
    assert len(grading_key(course, ASSIGNMENT, "ann", "bubblewrap")) == 64


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_goes_on(course: Course, how: signal.Signals) -> None:
    for name in STUDENTS:  # as if all had been graded before the course was released anew
        (course.step("autograded") / name / ASSIGNMENT).mkdir(parents=True)
    command = [sys.executable, "-m", "labkit", "grade", ASSIGNMENT, "--course", course.root, "--workers", "1"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    marks = course.root / "logs" / ASSIGNMENT
    while not list(marks.glob("*.graded")):
        assert run.poll() is None
        time.sleep(0.1)
    children = psutil.Process(run.pid).children(recursive=True)
    os.kill(run.pid, how)
    run.wait()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert not alive  # workers and sandboxes end with the run
    done = {path.stem for path in marks.glob("*.graded")}
    assert done and done != set(STUDENTS)
    graded = {one.student for one in read_class(course, ASSIGNMENT) if one.graded}
    assert done <= graded and len(graded - done) <= 1  # what was not reached is told from what is wrong
    assert fresh(grade_class(course, ASSIGNMENT)) == set(STUDENTS) - done
    assert scores(course) == dict.fromkeys(STUDENTS, 7)


def test_a_worker_that_is_killed_is_replaced(course: Course) -> None:
    killed = []

    def kill_one(graded: object, of: int) -> None:
        if not killed:
            workers = [
                child
                for child in psutil.Process().children(recursive=True)
                if "spawn_main" in " ".join(child.cmdline())
            ]
            killed.append(workers[0].pid)
            workers[0].kill()

    assert fresh(grade_class(course, ASSIGNMENT, workers=1, progress=kill_one)) == set(STUDENTS)
    assert killed and scores(course) == dict.fromkeys(STUDENTS, 7)


@pytest.fixture
def scheduler() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard"]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
    ]
    started = [subprocess.Popen([*dask, "--port", str(port)], stderr=subprocess.DEVNULL)]
    started += [subprocess.Popen(worker, stderr=subprocess.DEVNULL) for _ in range(2)]
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait()


def test_a_cluster_grades_too(course: Course, scheduler: str) -> None:
    from dask.distributed import Client

    with Client(scheduler, timeout="60s") as client:
        client.wait_for_workers(2, timeout=60)
    assert fresh(grade_class(course, ASSIGNMENT, scheduler=scheduler)) == set(STUDENTS)
    assert scores(course) == dict.fromkeys(STUDENTS, 7)


def test_no_scheduler_is_one_sentence(course: Course) -> None:
    with pytest.raises(CourseError, match="There is no dask scheduler at tcp"):
        grade_class(course, ASSIGNMENT, scheduler="tcp://127.0.0.1:9")
