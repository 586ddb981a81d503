"""What another account of the machine may put where a grader works: an inbox, the temporary folder."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.grading.classrun import scratch
from labkit.grading.classrun.workers import processes
from labkit.grading.course_folder import Course
from labkit.grading.intake import members
from labkit.grading.intake.collect import collect
from labkit.grading.isolation import IsolationError, try_isolation
from labkit.lock import locked

ASSIGNMENT, LESSON = "task1_swiss_roll", "01_time_conditioned_mlp.ipynb"
SECRET = "ZEBRA-7141"


def test_a_worker_imports_nothing_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's `-c` looks there first, and somebody grades from the inbox."""
    package = tmp_path / "multiprocessing"
    package.mkdir()
    (package / "__init__.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    with processes(1) as submit:
        assert submit(os.getpid).result() != os.getpid()
    assert not (tmp_path / "ran").exists()


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text("")
    return Course.open(root)


def _by_a_link(path: Path, secret: Path) -> None:
    path.unlink()
    path.symlink_to(secret)


def _by_a_pipe(path: Path, secret: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _by_a_folder_above(path: Path, secret: Path) -> None:
    path.parent.rename(path.parent.with_name("away"))
    path.parent.symlink_to(secret.parent)


@pytest.mark.parametrize("swap", [_by_a_link, _by_a_pipe, _by_a_folder_above])
def test_a_file_that_is_replaced_while_it_is_collected_is_not_followed(
    swap: Callable[[Path, Path], None], course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "private").mkdir()
    secret = tmp_path / "private" / "x"
    secret.write_text(SECRET)
    for name in ("ann", "mallory"):
        (tmp_path / "inbox" / name / "results" / "run").mkdir(parents=True)
        (tmp_path / "inbox" / name / LESSON).write_text("{}")
        (tmp_path / "inbox" / name / "results" / "run" / "x").write_text("mine")
    target = tmp_path / "inbox" / "mallory" / "results" / "run" / "x"
    listed = members._in_folder

    def then_swapped(folder: Path) -> list[members.Member]:
        found = listed(folder)
        if folder.name == "mallory":
            swap(target, secret)
        return found

    monkeypatch.setattr(members, "_in_folder", then_swapped)
    found = {one.student: one for one in collect(course, ASSIGNMENT, tmp_path / "inbox")}
    assert (found["ann"].status, found["mallory"].status) == ("new", "refused")
    assert "results/run/x" in found["mallory"].reason
    kept = [path for path in course.root.rglob("*") if path.is_file()]
    assert not any(SECRET in path.read_text() for path in kept)


def test_a_zip_that_is_a_link_is_refused(course: Course, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / LESSON).write_text(SECRET)
    shutil.make_archive(str(tmp_path / "ann"), "zip", tmp_path / "private")
    (tmp_path / "inbox" / "mallory.zip").symlink_to(tmp_path / "ann.zip")
    (one,) = collect(course, ASSIGNMENT, tmp_path / "inbox")
    assert (one.status, one.reason) == ("refused", "it is a link: put what it leads to in its place")


def test_a_lock_can_be_held_by_its_owner_alone(tmp_path: Path) -> None:
    """Whoever may read a file may lock it."""
    before = os.umask(0)
    try:
        with locked(tmp_path / "lock"):
            assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_others_files_in_the_temporary_folder_come_and_go(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = tmp_path / f"{scratch._prefix(course, ASSIGNMENT)}gone"
    gone.symlink_to("nowhere")
    monkeypatch.setattr(Path, "lstat", lambda path: gone.unlink() or os.lstat(path))
    scratch.clean(course, ASSIGNMENT)
    assert not os.path.lexists(gone)


def test_a_temporary_folder_without_room_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")])

    monkeypatch.setattr("labkit.grading.isolation.contents.shutil.copytree", full)
    with pytest.raises(IsolationError, match=r"No space left on device.*TMPDIR"):
        try_isolation("bubblewrap")
