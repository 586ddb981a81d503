"""The student's side on machines without POSIX, without a GPU, and without the instructor's packages."""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from answers.mistakes import wrong_answers
from student_site import make_student_site
from student_work import WRONG

from labkit.course.syllabus import TODOS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORK = HERE / "student_work.py"
ANSWERS = ROOT / "tests" / "answers"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    make_student_site(folder)
    return folder


@pytest.fixture
def elsewhere(site: Path, tmp_path: Path):
    """Run a program on the other machine, in a folder of its own."""

    def run(*program: object) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT}{os.pathsep}{site}",
            "PYTHONIOENCODING": "cp1252",  # what Windows writes into a pipe, in half of the world
            "PYTHONWARNDEFAULTENCODING": "1",
            "LABKIT_DATA": str(tmp_path / "data"),
            "CUDA_VISIBLE_DEVICES": "",
        }
        command = [sys.executable, "-S", HERE / "other_machine.py", *program]
        return subprocess.run(
            [str(word) for word in command], env=environment, cwd=tmp_path, capture_output=True, check=False,
            encoding="utf-8",
        )  # fmt: skip

    return run


def answer_of(done: subprocess.CompletedProcess[str]):
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_the_other_machine_lacks_what_it_shall_lack(elsewhere, tmp_path: Path) -> None:
    program = tmp_path / "look.py"
    program.write_text(
        "import json, os, signal\n"
        "from importlib.util import find_spec\n"
        "from labkit.errors import CourseError\n"
        "try:\n    import fcntl\nexcept ModuleNotFoundError as error:\n    lacks = error.name\n"
        "names = [hasattr(os, 'fork'), hasattr(os, 'getuid'), hasattr(signal, 'SIGALRM')]\n"
        "packages = ['nbgrader', 'dask', 'distributed', 'jupytext', 'nh3', 'sqlalchemy', 'jupyterlab']\n"
        "print(json.dumps([lacks, names, [find_spec(name) is not None for name in packages]]))\n",
        encoding="utf-8",
    )
    lacks, names, packages = answer_of(elsewhere(program))
    assert (lacks, names) == ("fcntl", [False] * 3)
    assert packages == [False] * 6 + [True]


def test_everything_of_the_student_can_be_imported(elsewhere) -> None:
    names = answer_of(elsewhere(WORK, "imports"))
    assert {"labkit.training.fit", "labkit.plots.widgets", "labkit.cli.student"} <= set(names)
    assert len(names) > 80


def test_checks_tell_right_from_wrong_and_end_what_never_ends(elsewhere) -> None:
    verdicts = answer_of(elsewhere(WORK, "checks"))
    assert verdicts["right"] == dict.fromkeys(TODOS, True)
    assert verdicts["wrong"] == WRONG | {"endless": "endless"}


def test_a_training_is_stopped_goes_on_and_is_drawn_from(elsewhere, tmp_path: Path) -> None:
    done = answer_of(elsewhere(WORK, "training", tmp_path / "work"))
    assert done["interrupted"] and done["steps"] == 200 and done["faces"] == [6, 3, 8, 8]
    assert math.isfinite(done["distance"])
    assert not done["holds_files_open"]  # Windows deletes and replaces no file that is mapped into memory


def test_an_answer_is_checked_on_the_command_line(elsewhere, tmp_path: Path) -> None:
    right = elsewhere("-m", "labkit", "check", "q_sample", "--file", ANSWERS / "q_sample/right/extract.py")
    assert right.returncode == 0 and right.stdout.startswith("✓ q_sample: right"), right
    file = wrong_answers("q_sample")["missing_roots"].write(tmp_path)
    wrong = elsewhere("-m", "labkit", "check", "q_sample", "--file", file, "--json")
    assert wrong.returncode == 1
    assert json.loads(wrong.stdout)["misconception"] == "missing_roots"


def test_the_work_is_packed_on_the_command_line(elsewhere, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks" / "task1_swiss_roll", tmp_path / "task1_swiss_roll")
    done = elsewhere("-m", "labkit", "submit", "task1_swiss_roll", "--student", "zoë")
    assert done.returncode == 0 and (tmp_path / "task1_swiss_roll/zoë.zip").is_file(), done
    assert "TODO SimpleNet in 01_time_conditioned_mlp.ipynb is still empty" in done.stdout


def test_the_doctor_looks_at_the_machine(elsewhere) -> None:
    done = elsewhere("-m", "labkit", "doctor", "--json")
    found = {one["what"]: one for one in json.loads(done.stdout)["findings"]}
    assert found["Python"]["ok"] and found["Packages"]["ok"] and found["Your work"]["ok"], done


def test_an_instructors_command_says_what_is_missing(elsewhere) -> None:
    done = elsewhere("-m", "labkit", "grade", "task1_swiss_roll", "--course", ROOT)
    assert done.returncode == 1 and "pip install -e '.[grading]' in the course" in done.stderr, done


def test_grading_says_that_it_needs_linux() -> None:
    """With all of the instructor's packages, as conda installs them."""
    command = [sys.executable, HERE / "other_machine.py", "-m", "labkit", "doctor", "--grading"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.startswith("Grading needs Linux"), done


def test_labkit_costs_little_beside_torch() -> None:
    """A seventh of torch's own time where it was measured, twice that is too much. Matplotlib is left out."""
    program = (
        "from time import process_time as now; a = now(); import torch; b = now();"
        "import labkit.checks, labkit.data, labkit.networks, labkit.schedules; c = now();"
        "print((c - b) / (b - a))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", program]
    runs = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(3)
    ]
    assert min(float(run.stdout) for run in runs) < 0.3


def test_every_file_can_lie_on_every_system() -> None:
    """Windows knows no : * ? in names, no con and no nul, and keeps A and a apart no more than macOS does."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = listed.stdout.splitlines()
    assert len({file.casefold() for file in files}) == len(files)
    names = {part for file in files for part in file.split("/")}
    assert not [name for name in names if re.search(r'[<>:"\\|?*]|[ .]$', name)]
    assert not [name for name in names if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name)]
    assert max(map(len, files)) < 150  # of the 260 that a whole path may have
