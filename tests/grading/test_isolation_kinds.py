"""Where there is no bubblewrap: the container's command line, and grading without a sandbox."""

import os
import shutil
from pathlib import Path

import psutil
import pytest
from test_classrun import ASSIGNMENT, hand_in

from labkit.grading.classrun.run import grade_class
from labkit.grading.course import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.isolation import (
    UNSAFE,
    Damage,
    IsolationError,
    Sandbox,
    Session,
    container,
    find_isolation,
)
from labkit.grading.report import read_class, table, write_csv, write_pages


def install(folder: Path, *programs: str) -> None:
    for program in programs:
        (folder / program).write_text("#!/bin/sh\n")
        (folder / program).chmod(0o755)


@pytest.mark.parametrize(
    ("programs", "expected"),
    [
        (["bwrap", "podman", "docker"], "bubblewrap"),
        (["podman", "docker"], "podman"),
        (["docker"], "docker"),
    ],
)
def test_the_best_kind_is_taken(programs, expected, tmp_path, monkeypatch):
    install(tmp_path, *programs)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_isolation() == expected


@pytest.mark.parametrize("others", [["podman"], []])
def test_bubblewrap_that_the_system_forbids_is_none(others, tmp_path, monkeypatch):
    install(tmp_path, "bwrap", *others)
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1"
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    if others:
        assert find_isolation() == "podman"
    else:
        with pytest.raises(IsolationError, match=r"No permissions to create a new namespace.+as root"):
            find_isolation()


def test_none_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(IsolationError, match="apt-get install bubblewrap"):
        find_isolation()


@pytest.mark.parametrize("program", ["podman", "docker"])
def test_the_container_gets_what_bubblewrap_gives(program):
    """The text only: neither program runs on the machines that test this."""
    words = container.command(program, "one", Path("/s"), Path("/l"), Path("/m"))
    line = " ".join(words)
    assert words[:2] == [program, "run"] and words[-7:-4] == [container.IMAGE, "python", "-m"]
    for promise in (
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        f"--user {30_000 + os.getpid() % 30_000}",
        "--pids-limit 128",
        "--memory 6442450944",
        "--volume /s:/sandbox/submission:ro",
        "--volume /l:/sandbox/library:ro",
        "--tmpfs /opt/ddpm-lab:ro,size=4096",
        "--tmpfs /usr/local/lib/python3.11/site-packages/labkit:ro,size=4096",
        "--env LABKIT_TRAINING=off",
        "--env PYTHONPATH=/sandbox/library",
    ):
        assert promise in line
    assert [mount for mount in words if mount.endswith(":rw")] == ["/m:/sandbox/meeting:rw"]
    assert container.ending(program, "one") == [program, "kill", "one"]


@pytest.fixture
def unsafe(tmp_path):
    (tmp_path / "02.ipynb").write_text("{}")
    sandbox = Sandbox(tmp_path, UNSAFE)
    yield sandbox
    sandbox.close()


def test_without_a_sandbox_cells_run_and_damage_is_mended(unsafe):
    session = Session(unsafe)
    session.run_cell("x = 6", 10)
    with pytest.raises(Damage, match="ended while this ran"):
        session.run_cell("import os; os._exit(1)", 10)
    (output,) = session.run_cell("print(x * 7)", 10)
    assert output.text == "42\n"


def test_its_processes_end_with_it(unsafe):
    session = Session(unsafe)
    (output,) = session.run_cell("import os; print(os.getpid(), os.getcwd())", 10)
    pid, folder = output.text.split()
    assert psutil.pid_exists(int(pid)) and Path(folder).is_dir()
    process = psutil.Process(int(pid))
    unsafe.close()
    _, alive = psutil.wait_procs([process], timeout=30)
    assert not any(one.status() != psutil.STATUS_ZOMBIE for one in alive) and not Path(folder).exists()


def test_every_report_of_an_unsafe_run_says_so(noising, noising_solved, tmp_path):
    folder = shutil.copytree(noising, tmp_path / "course")
    hand_in(folder, "ann", noising_solved)
    course = Course.open(folder)

    def reports() -> list[str]:
        everybody = read_class(course, ASSIGNMENT)
        assert [one.score for one in everybody] == [7]
        (page,) = write_pages(course, ASSIGNMENT, everybody)
        shown = [str(part) for part in table(everybody, "class").renderables]
        return [page.read_text(), write_csv(course, ASSIGNMENT, everybody).read_text(), "\n".join(shown)]

    grade_class(course, ASSIGNMENT, unsafe=True)
    assert all(WARNING.partition(":")[0] in report for report in reports())
    (again,) = grade_class(course, ASSIGNMENT)
    assert again.fresh
    assert not any("--unsafe" in report for report in reports())
