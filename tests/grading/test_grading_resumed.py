"""A class run that is stopped, hard or softly, loses nothing and does nothing twice."""

import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from dask.distributed import Client, Security
from small_courses import marked
from test_classrun import ASSIGNMENT, hand_in
from typer.testing import CliRunner

from labkit.cli import app
from labkit.errors import CourseError
from labkit.grading.classrun.cluster import make_keys
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.classrun.resume import grading_key
from labkit.grading.classrun.scratch import scratch
from labkit.grading.classrun.submission import Graded
from labkit.grading.course_folder import Course
from labkit.grading.report import read_class, write_csv

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
def test_a_run_that_is_killed_goes_on(
    course: Course, how: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
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
    assert not list(temporary.iterdir())  # copies of the gradebook, files of sandboxes


def test_a_sheet_does_not_say_who_was_graded_first(noising: Path, tmp_path: Path) -> None:
    course = Course.open(shutil.copytree(noising, tmp_path / "course"))
    with course.gradebook() as gradebook:
        for name in ("zoe", "amy", "mia"):
            gradebook.add_student(name)
    with write_csv(course, ASSIGNMENT, []).open(newline="", encoding="utf-8") as lines:
        assert [row["student_id"] for row in csv.DictReader(lines)] == ["amy", "mia", "zoe"]


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
def scheduler(course: Course) -> Iterator[str]:
    """A cluster as `labkit cluster-keys` says how to start it."""
    made = CliRunner().invoke(app, ["cluster-keys", "--course", str(course.root)])
    assert made.exit_code == 0
    commands = {
        words[1]: words[2:] for line in made.output.splitlines() if (words := line.split())[:1] == ["dask"]
    }
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"tls://127.0.0.1:{port}"
    python = [sys.executable, "-m"]
    dask = [*python, "distributed.cli.dask_scheduler", *commands["scheduler"], "--host", "127.0.0.1"]
    worker = [{"tls://HOST:8786": address, "4": "2"}.get(word, word) for word in commands["worker"]]
    started = [
        subprocess.Popen([*dask, "--port", str(port), "--no-dashboard"], stderr=subprocess.DEVNULL),
        subprocess.Popen(
            [*python, "distributed.cli.dask_worker", *worker, "--no-dashboard"], stderr=subprocess.DEVNULL
        ),
    ]
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait()


def test_a_cluster_grades_too(course: Course, scheduler: str) -> None:
    keys = str(course.root / ".cluster_keys" / "certificate.pem")
    security = Security(
        tls_ca_file=keys, tls_client_cert=keys, tls_client_key=keys.replace("certificate", "key")
    )
    with Client(scheduler, timeout="60s", security=security) as client:
        client.wait_for_workers(2, timeout=60)
    assert fresh(grade_class(course, ASSIGNMENT, scheduler=scheduler)) == set(STUDENTS)
    assert scores(course) == dict.fromkeys(STUDENTS, 7)


def test_nobody_without_the_keys_speaks_to_a_cluster(course: Course, scheduler: str, tmp_path: Path) -> None:
    others = Course.open(shutil.copytree(course.root, tmp_path / "other"))
    shutil.rmtree(others.root / ".cluster_keys")
    with pytest.raises(CourseError, match="There are no keys"):
        grade_class(others, ASSIGNMENT, scheduler=scheduler)
    make_keys(others)
    with pytest.raises(CourseError, match="No dask scheduler with this course's keys answers"):
        grade_class(others, ASSIGNMENT, scheduler=scheduler)


def test_the_keys_are_read_by_their_owner_alone_and_made_once(course: Course) -> None:
    folder = make_keys(course)
    assert folder.stat().st_mode & 0o077 == 0
    with pytest.raises(CourseError, match="is there already"):
        make_keys(course)


@pytest.mark.parametrize(
    ("address", "said"),
    [("tls://127.0.0.1:9", "No dask scheduler"), ("tcp://127.0.0.1:9", "no address of a scheduler with TLS")],
)
def test_no_scheduler_is_one_sentence(course: Course, address: str, said: str) -> None:
    make_keys(course)
    with pytest.raises(CourseError, match=said):
        grade_class(course, ASSIGNMENT, scheduler=address)


def test_nothing_listens_while_a_class_is_graded(course: Course) -> None:
    """A port of dask's on this machine was open to every account of it."""
    others, found = set(psutil.Process().children()), set()  # the cluster of the tests above
    before = _listening(others)

    def look(*_: object) -> None:
        found.update(_listening(others))

    assert fresh(grade_class(course, ASSIGNMENT, progress=look)) == set(STUDENTS)
    assert found <= before


def _listening(others: set[psutil.Process]) -> set[object]:
    """The ports that this process and its children, but for some, listen to."""
    found, mine = set(), set(psutil.Process().children()) - others
    for one in [
        psutil.Process(),
        *mine,
        *(below for child in mine for below in child.children(recursive=True)),
    ]:
        with suppress(psutil.Error):  # one that has ended, or is about to enter a sandbox
            found.update(port.laddr for port in one.net_connections() if port.status == "LISTEN")
    return found


def test_two_do_not_grade_the_same_at_once(course: Course) -> None:
    refused: list[str] = []

    def grade_too(graded: object, of: int) -> None:
        if not refused:
            with pytest.raises(CourseError) as caught:
                grade_class(course, ASSIGNMENT)
            refused.append(str(caught.value))

    assert fresh(grade_class(course, ASSIGNMENT, progress=grade_too)) == set(STUDENTS)
    assert f"is being graded already (process {os.getpid()} on" in refused[0]
    assert scores(course) == dict.fromkeys(STUDENTS, 7)


def test_what_a_killed_run_left_behind_is_removed(course: Course) -> None:
    """A copy of the gradebook, among others."""
    with scratch(course, ASSIGNMENT) as folder, scratch(course, "another") as another:
        left = Path(folder)
    left.mkdir()
    (left / "gradebook.db").touch()
    Path(another).mkdir()
    grade_class(course, ASSIGNMENT, student=STUDENTS[0])
    assert not left.exists()
    Path(another).rmdir()  # of somebody who grades it now


def test_a_submission_that_changes_meanwhile_is_graded_again(course: Course) -> None:
    first: list[str] = []

    def change(graded: Graded, of: int) -> None:
        first[:] = first or [graded.student]
        for name in set(STUDENTS) - set(first):
            (course.step("submitted") / name / ASSIGNMENT / "note.txt").write_text("later")

    results = grade_class(course, ASSIGNMENT, workers=1, progress=change)
    changed = [one for one in results if not one.succeeded]
    assert len(changed) == len(STUDENTS) - 1 and all(
        "changed while it was graded" in c.failure for c in changed
    )
    assert fresh(grade_class(course, ASSIGNMENT)) == {one.student for one in changed}
    assert scores(course) == dict.fromkeys(STUDENTS, 7)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_gradebook_that_cannot_be_written_is_told_before_anything_is_graded(course: Course) -> None:
    (course.root / "gradebook.db").chmod(0o444)
    with pytest.raises(CourseError, match=r"gradebook\.db cannot be written"):
        grade_class(course, ASSIGNMENT)
    assert not course.step("autograded").exists()
