"""What `labkit submit` packs, and what it says."""

import json
import os
from pathlib import Path

import pytest
from student_folder import ASSIGNMENT, NOTEBOOKS, write_notebook

from labkit import hand_in
from labkit.course import SWISS_ROLL_RUN
from labkit.errors import CourseError
from labkit.hand_in import submit


def test_submit_finds_the_folder_from_anywhere_in_the_course(work, tmp_path, monkeypatch):
    below = work / "results"
    below.mkdir(exist_ok=True)
    monkeypatch.chdir(below)
    name = work.relative_to(work.parent.parent)
    assert submit(name, "ann", tmp_path).files == submit(work, "ann", tmp_path).files


def test_submit_says_what_is_missing(work, tmp_path):
    (work / NOTEBOOKS[0]).unlink()
    write_notebook(work / NOTEBOOKS[1], 'raise NotImplementedError("TODO q_sample: write your code here")')
    (work / NOTEBOOKS[2]).write_text("not a notebook")
    os.rename(work / "results", work / "elsewhere")
    missing = submit(work, "ann", tmp_path).missing
    assert len(missing) == 4
    for sentence, word in zip(
        missing, (NOTEBOOKS[0], "TODO q_sample", NOTEBOOKS[2], SWISS_ROLL_RUN), strict=True
    ):
        assert word in sentence


def test_submit_says_that_a_run_is_not_finished_and_leaves_what_a_kill_left(work, tmp_path):
    (work / SWISS_ROLL_RUN / "config.json").write_text('{"steps": 3000}')
    for half in (f"{SWISS_ROLL_RUN}/.metrics.csv.tmp", "results/report.html.123.part"):
        (work / half).write_bytes(b"half")
    packed = submit(work, "ann", tmp_path)
    assert len(packed.missing) == 1 and "is not finished" in packed.missing[0]
    assert not [name for name in packed.files if name.endswith((".tmp", ".part"))]
    (work / SWISS_ROLL_RUN / "config.json").write_text("{}")
    assert "is not finished" in submit(work, "ann", tmp_path).missing[0]


def test_submit_says_that_collect_would_refuse_it(work, tmp_path, monkeypatch):
    monkeypatch.setattr(hand_in, "MAX_BYTES", 10)
    (sentence,) = submit(work, "ann", tmp_path).missing
    assert "more than the course takes" in sentence


@pytest.mark.parametrize("name", [ASSIGNMENT, "elsewhere"])
def test_submit_writes_nothing_without_a_notebook(name, tmp_path):
    (tmp_path / name).mkdir()
    with pytest.raises(CourseError, match=r"none of the notebooks|not the folder of an assignment"):
        submit(tmp_path / name, "ann", tmp_path)
    assert not list(tmp_path.glob("*.zip*"))


def test_a_name_that_collect_would_refuse_is_refused_at_once(tmp_path: Path) -> None:
    work = tmp_path / "task1_swiss_roll"
    work.mkdir()
    (work / "01_time_conditioned_mlp.ipynb").write_text(json.dumps({"cells": []}))
    for name in ("a/b", "../ann", "ann!", ""):
        with pytest.raises(CourseError, match="--student"):
            submit(work, name, tmp_path)
    assert not list(tmp_path.glob("**/*.zip"))
