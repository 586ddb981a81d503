import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_courses import make_course, marked, solve
from test_collect import zip_of
from typer.testing import CliRunner

from labkit.cli import app

ASSIGNMENT = "arithmetic"


def labkit(*arguments, cwd=None):
    """Runs the real command; stdout, stderr and exit code as a shell sees them."""
    command = [sys.executable, "-m", "labkit", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["release", "submit", "collect", "grade", "report", "similar", "demo"])
def test_help_has_an_example(name):
    outcome = CliRunner().invoke(app, [name, "--help"])
    assert outcome.exit_code == 0
    assert f"Example: labkit {name}" in outcome.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["grade", ASSIGNMENT], "not a course folder"),
        (["grade", "geometry", "--course", "{course}"], "no assignment 'geometry'"),
        (["release", "geometry", "--course", "{course}"], "no assignment 'geometry'"),
        (["grade", ASSIGNMENT, "--course", "{course}"], "no submissions"),
        (["report", ASSIGNMENT, "--course", "{course}"], "no submissions"),
        (["similar", ASSIGNMENT, "--course", "{course}"], "no submissions"),
        (["collect", ASSIGNMENT, "nowhere", "--course", "{course}"], "no folder nowhere"),
        (["collect", "geometry", "nowhere", "--course", "{course}"], "no assignment 'geometry'"),
        (["submit"], "not the folder of an assignment"),
        (["demo", "--into", "{course}/solutions", "--course", "{course}"], "make notebooks"),
    ],
)
def test_bad_input_gets_one_sentence(arguments, sentence, released_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = [argument.format(course=released_folder) for argument in arguments]
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 1
    assert sentence in outcome.stderr.replace("\n", " ")
    assert outcome.stdout == ""
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    "arguments", [["grade"], ["grade", ASSIGNMENT, "--workers", "0"], ["collect", ASSIGNMENT]]
)
def test_wrong_use_exits_with_2(arguments):
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_from_release_to_report_json_is_one_object(tmp_path):
    folder = make_course(tmp_path / "course", "noising")
    course = ["--course", folder]
    assert labkit("release", "noising", *course).returncode == 0
    solved = solve(folder, "noising")
    answer = marked(solved["05_noise_schedules"], "cosine_betas")
    answer.source = f'import os\nos.write(1, b"shouting")\n{answer.source}'
    notebooks = {f"{name}.ipynb": json.dumps(notebook) for name, notebook in solved.items()}
    zip_of(tmp_path / "zips" / "ann.zip", notebooks)
    zip_of(tmp_path / "zips" / "bad.zip", {"../out.ipynb": "{}"})
    collected = labkit("collect", "noising", tmp_path / "zips", *course, "--json")
    assert collected.returncode == 1
    assert [one["status"] for one in json.loads(collected.stdout)["zips"]] == ["new", "refused"]

    graded = labkit("grade", "noising", *course, "--json", "--workers", "1")
    assert graded.returncode == 0 and "Warning" not in graded.stderr, graded.stderr
    (ann,) = json.loads(graded.stdout)["students"]
    assert (ann["student"], ann["score"], ann["pending"], ann["max_score"]) == ("ann", 7, 2, 9)
    assert json.loads(labkit("report", "noising", *course, "--json").stdout) == json.loads(graded.stdout)
    assert (folder / "gradebook_noising.csv").is_file()
    assert (folder / "feedback" / "ann" / "noising" / "index.html").is_file()
    page = (folder / "report_noising.html").read_text(encoding="utf-8")
    assert 'href="feedback/ann/noising/index.html"' in page
    similar = labkit("similar", "noising", *course, "--json")
    assert json.loads(similar.stdout) == {"assignment": "noising", "pairs": []}


def test_submit_packs_and_says_what_is_missing(work, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (work / "02_forward_process.ipynb").unlink()
    outcome = CliRunner().invoke(app, ["submit", str(work), "--student", "ann", "--json"])
    assert outcome.exit_code == 0
    said = json.loads(outcome.stdout)
    assert said["missing"] == ["02_forward_process.ipynb is missing."]
    assert Path(said["zip"]) == work.resolve() / "ann.zip"  # where JupyterLab's file browser shows it
    assert Path(said["zip"]).is_file()


def test_without_the_instructors_packages_the_rest_still_runs(work, tmp_path):
    hide = "import sys; sys.modules.update(dict.fromkeys(['nbgrader', 'distributed', 'dask', 'jupytext']));"
    run = f"{hide} sys.argv[0] = 'labkit'; from labkit.cli import app; app()"

    def labkit_of_a_student(*arguments):
        return subprocess.run(
            [sys.executable, "-c", run, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True
        )

    assert labkit_of_a_student("submit", work, "--student", "ann").returncode == 0
    refused = labkit_of_a_student("grade", ASSIGNMENT)
    assert refused.returncode == 1
    assert "pip install -e '.[grading]' in the course's folder" in refused.stderr.replace("\n", " ")
