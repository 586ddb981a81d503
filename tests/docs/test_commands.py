"""Every command in README.md and docs/ is run by a test, and has only options that there are.

A new command in the text fails here until `COVERED` names what runs it, or one of the tests below runs it.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from answers.mistakes import wrong_answers
from markdown_it import MarkdownIt
from nbgrader.api import Gradebook
from typer.main import get_command

from labkit.cli import app

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "task1_swiss_roll"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

PROGRAMS = """
    apt-get conda dask docker git jupyter labkit make mamba mkdocs
    nbgrader pip podman python source torchrun
""".split()  # noqa: SIM905 - a line of programs reads better

HERE = "tests/docs/test_commands.py"
CLASS = "tests/grading/test_cli.py::test_from_release_to_report_json_is_one_object"
TRAINED = "tests/cli/test_images_command.py::test_a_finished_run_is_found_again_and_can_be_drawn_from"
DISTANCE = "tests/metrics/test_image_distance.py::test_the_commands_from_a_shell"
KINDS = "tests/grading/test_isolation_kinds.py"
CLUSTER = "tests/grading/test_grading_resumed.py::test_a_cluster_grades_too"
MACHINES = "tests/machines/test_other_machines.py"

COVERED = {
    "make lab": f"{HERE}::test_jupyterlab_opens_the_course",
    "make demo": "tests/test_class.py::test_everybody_gets_what_they_earned_and_hears_why",
    "make TORCH=cpu": "tests/machines/test_set_up.py::"
    "test_the_build_of_torch_without_cuda_comes_from_where_it_is_published",
    "make docs": ".ci/run",
    "make test": ".ci/run",
    "make test-browser": ".ci/run",
    "make notebooks": "tests/test_notebooks.py::test_rebuilding_changes_nothing",
    "make mistakes": "tests/checks/test_page_of_misconceptions.py::test_the_page_says_what_the_check_says",
    "make bench": f"{HERE}::test_scripts_know_the_options_that_the_pages_use",
    "source .venv/bin/activate": f"{HERE}::test_an_environment_is_made_and_entered",
    "python -m venv .venv": f"{HERE}::test_an_environment_is_made_and_entered",
    "jupyter lab": f"{HERE}::test_jupyterlab_opens_the_course",
    "labkit check": f"{HERE}::test_a_check_says_what_the_readme_shows",
    "labkit collect": CLASS,
    "labkit data": "tests/cli/test_data_command.py::test_words_for_people",
    "labkit cluster-keys": CLUSTER,
    "labkit doctor": "tests/course/test_doctor.py::test_the_command_says_the_same",
    "labkit doctor --grading": "tests/cli/test_doctor_command.py::test_every_attack_is_held",
    "labkit fid": DISTANCE,
    "labkit grade": CLASS,
    "labkit grade --unsafe": f"{KINDS}::test_every_report_of_an_unsafe_run_says_so",
    "labkit grade ASSIGNMENT --scheduler": CLUSTER,
    "labkit release": CLASS,
    "labkit report": CLASS,
    "labkit sample": TRAINED,
    "labkit similar": "tests/grading/test_similar.py::test_a_course_names_its_pairs",
    "labkit submit": f"{MACHINES}::test_the_work_is_packed_on_the_command_line",
    "labkit train": TRAINED,
    "labkit COMMAND --help": f"{HERE}::test_every_command_has_a_help_with_an_example",
    "nbgrader autograde": "tests/grading/test_classrun.py::test_nbgrader_typed_by_hand_grades_the_class_too",
    "nbgrader collect": f"{HERE}::test_nbgraders_own_commands_do_what_the_guide_says",
    "nbgrader db": f"{HERE}::test_nbgraders_own_commands_do_what_the_guide_says",
    "dask scheduler": CLUSTER,
    "dask worker": CLUSTER,
    "python benchmarks/": f"{HERE}::test_scripts_know_the_options_that_the_pages_use",
    "python -m labkit.grading.release.build": "tests/grading/test_build.py::"
    "test_building_twice_leaves_no_difference_even_with_force",
    # What no test can run here; the tests look at what these commands read.
    "apt-get install": ".ci/run",
    "docker": "tests/machines/test_server_image.py::test_compose_builds_the_image_that_the_grader_looks_for",
    "mamba": "tests/test_environment.py::test_environment_yml_lists_what_pyproject_lists",
    "pip install -c constraints.txt": f"{MACHINES}::test_everything_of_the_student_can_be_imported",
}
"""the beginning of a command → the test that runs it, or .ci/run; of several, the longest counts"""


def commands() -> dict[str, str]:
    """Each command in the pages, and the page: lines of fenced blocks, and code within the text."""
    found = {}
    for page in PAGES:
        lines = []
        for token in MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")):
            if token.type == "fence":
                lines += token.content.splitlines()
            lines += [inner.content for inner in token.children or [] if inner.type == "code_inline"]
        for line in lines:
            command = re.sub(r"\s+#.*", "", line).removeprefix("$ ").strip()
            if words(command)[:1] and words(command)[0] in PROGRAMS and len(words(command)) > 1:
                found[command] = page.name
    return found


def words(command: str) -> list[str]:
    """The command's words, without the variables that are set before it."""
    return re.sub(r"^(?:[A-Z_]+=\S+ )+", "", command).split()


COMMANDS = commands()


def covering(command: str) -> str | None:
    keys = [key for key in COVERED if " ".join(words(command)).startswith(key)]
    return max(keys, key=len) if keys else None


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_run_by_a_test(command: str) -> None:
    key = covering(command)
    assert key, f"{COMMANDS[command]} has a command that no test runs: {command!r}. Add it to COVERED."
    file, _, test = COVERED[key].partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = {line.strip() for line in text.splitlines()}
    installed = f"missing+=({words(command)[-1]})"
    assert f"def {test}(" in text if test else command in lines or installed in text


def test_nothing_is_covered_that_no_page_has() -> None:
    assert set(COVERED) == {covering(command) for command in COMMANDS}


def test_a_command_that_nobody_knows_is_found() -> None:
    assert covering("labkit juggle --balls 3") is None


def test_make_has_every_target() -> None:
    targets = [words(command)[1:] for command in COMMANDS if words(command)[0] == "make"]
    for target in targets:
        done = subprocess.run(["make", "--dry-run", *target], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [line for line in COMMANDS if re.match(r"labkit [a-z]", line)])
def test_labkit_has_every_command_and_option(command: str) -> None:
    known = get_command(app).commands
    name, *rest = words(command)[1:]
    assert name in known
    options = {option for parameter in known[name].params for option in parameter.opts}
    assert {word for word in rest if word.startswith("-")} <= options


def test_every_command_has_a_help_with_an_example() -> None:
    for name, command in get_command(app).commands.items():
        assert f"Example: labkit {name}" in command.help


@pytest.mark.parametrize(
    "script", sorted({words(c)[1] for c in COMMANDS if c.startswith("python benchmarks/")})
)
def test_scripts_know_the_options_that_the_pages_use(script: str) -> None:
    done = subprocess.run([sys.executable, script, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    used = [word for command in COMMANDS for word in words(command)[2:] if words(command)[1] == script]
    assert [word for word in used if word.startswith("--") and word not in done.stdout] == []
    bench = subprocess.run(["make", "--dry-run", "bench"], cwd=ROOT, capture_output=True, text=True).stdout
    assert script in bench or script == "benchmarks/checks.py"


@pytest.mark.parametrize(
    ("number", "answer"), enumerate(("no_noise_at_t1", "missing_root_scale__and_a_root_too_many"))
)
def test_a_check_says_what_the_readme_shows(tmp_path: Path, number: int, answer: str) -> None:
    page = PAGES[0].read_text(encoding="utf-8")
    command, shown = re.findall(r"^\$ (labkit check .+)\n((?:.+\n)+)```", page, re.M)[number]
    (tmp_path / "my_answer.py").write_text(wrong_answers("p_sample")[answer].source, encoding="utf-8")
    words = [sys.executable, "-m", *shlex.split(command)]
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, env=environment()).stdout
    assert plain(said) == plain(shown)


def plain(text: str) -> str:
    """Without the breaks of lines, and without the numbers: inputs are fresh each time."""
    return " ".join(re.sub(r"-?\d+\.\d+|(?<=t = )\d+(?=, the factor)", "…", text).split())


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def test_jupyterlab_opens_the_course(tmp_path: Path) -> None:
    make = subprocess.run(["make", "--dry-run", "lab"], cwd=ROOT, capture_output=True, text=True).stdout
    (lab,) = (line for line in make.splitlines() if line.startswith("jupyter lab "))
    command = [
        "timeout",
        "300",
        sys.executable,
        "-m",
        *lab.split(),
        "--no-browser",
        "--port=0",
        "--allow-root",
    ]
    kept = environment() | {"JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=kept)
    try:
        said = ""
        for line in server.stderr:
            said += line
            if re.search(r"http://\S+\?token=", line):
                break
        assert "/lab/tree/00_start_here.ipynb?token=" in line  # for whom no browser opens by itself
        assert f"Serving notebooks from local directory: {ROOT / 'notebooks'}" in said, said
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)


def test_an_environment_is_made_and_entered(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "venv", ".venv"], cwd=tmp_path, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    script = "source .venv/bin/activate; command -v python pip"
    entered = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert entered.stdout.split() == [str(tmp_path / ".venv/bin" / name) for name in ("python", "pip")]


def test_nbgraders_own_commands_do_what_the_guide_says(tmp_path: Path) -> None:
    course, student = tmp_path / "course", tmp_path / "student"
    exchange = f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\nc.CourseDirectory.course_id = 'course'\n"
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8") + exchange
    shutil.copytree(ROOT / "notebooks" / ASSIGNMENT, course / "notebooks" / ASSIGNMENT)
    shutil.copytree(ROOT / "notebooks" / ASSIGNMENT, student / ASSIGNMENT)
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    for folder in (course, student):
        (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    roster = "id,first_name,last_name,email\nann,Ann,Lee,ann@example.org\nbob,Bob,Ray,bob@example.org\n"
    (course / "roster.csv").write_text(roster, encoding="utf-8")

    def run(folder: Path, command: str) -> None:
        words = [sys.executable, "-m", *shlex.split(command)]
        done = subprocess.run(words, cwd=folder, env=environment(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    for command in COMMANDS:
        if command.startswith("nbgrader db"):
            run(course, command)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert [one.id for one in gradebook.students] == ["ann", "bob"]
        assert f"{gradebook.find_assignment(ASSIGNMENT).duedate:%Y-%m-%d %H:%M}" == "2026-12-01 23:59"

    run(course, f"nbgrader release_assignment {ASSIGNMENT}")
    run(student, f"nbgrader submit {ASSIGNMENT}")
    run(course, f"nbgrader collect {ASSIGNMENT}")
    assert len(list(course.glob(f"submitted/*/{ASSIGNMENT}/*.ipynb"))) == 4
