import json
import os
import stat
import zipfile
from pathlib import Path

import nbformat
import pytest
import torch
from safetensors.torch import save_file

from labkit.course import ASSIGNMENTS, SWISS_ROLL_RUN
from labkit.errors import CourseError
from labkit.grading import submissions
from labkit.grading.submissions import collect, submit

ASSIGNMENT = "task1_swiss_roll"
NOTEBOOKS = [f"{name}.ipynb" for name in ASSIGNMENTS[ASSIGNMENT]]


def write_notebook(path: Path, source: str = "done = True") -> None:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), path)


@pytest.fixture
def work(tmp_path):
    """A student's folder with everything done."""
    folder = tmp_path / "work" / ASSIGNMENT
    checkpoints = folder / SWISS_ROLL_RUN / "checkpoints"
    checkpoints.mkdir(parents=True)
    for name in NOTEBOOKS:
        write_notebook(folder / name)
    (folder / SWISS_ROLL_RUN / "config.json").write_text('{"steps": 2000}')
    for step in (1000, 2000):
        save_file({"losses": torch.zeros(step)}, checkpoints / f"step-{step:06d}.safetensors")
    (folder / "holiday.png").write_bytes(b"picture")
    return folder


def zip_of(path: Path, members: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def collected(tmp_path):
    return {one.student: one for one in collect(ASSIGNMENT, tmp_path / "zips", tmp_path / "submitted")}


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_submit_takes_what_is_graded_and_collect_brings_it_back(work, tmp_path):
    (tmp_path / "zips").mkdir()
    packed = submit(work, "ann", tmp_path / "zips")
    assert packed.missing == []
    assert [one.status for one in collected(tmp_path).values()] == ["new"]
    assert tree(tmp_path / "submitted" / "ann" / ASSIGNMENT) == sorted(
        [
            *NOTEBOOKS,
            "timestamp.txt",
            f"{SWISS_ROLL_RUN}/config.json",
            f"{SWISS_ROLL_RUN}/checkpoints/step-002000.safetensors",
        ]
    )


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
    monkeypatch.setattr(submissions, "MAX_BYTES", 10)
    (sentence,) = submit(work, "ann", tmp_path).missing
    assert "more than the course takes" in sentence


@pytest.mark.parametrize("name", [ASSIGNMENT, "elsewhere"])
def test_submit_writes_nothing_without_a_notebook(name, tmp_path):
    (tmp_path / name).mkdir()
    with pytest.raises(CourseError, match=r"none of the notebooks|not the folder of an assignment"):
        submit(tmp_path / name, "ann", tmp_path)
    assert not list(tmp_path.glob("*.zip*"))


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../../outside.ipynb", "leads out"),
        ("/tmp/outside.ipynb", "leads out"),
        ("C:/outside.ipynb", "leads out"),
        ("..\\outside.ipynb", "leads out"),
        (link("results/link"), "link"),
    ],
)
def test_what_leads_out_of_the_folder_is_refused_and_the_others_are_collected(member, reason, tmp_path):
    zip_of(tmp_path / "zips" / "mallory.zip", {"01.ipynb": "{}"})
    with zipfile.ZipFile(tmp_path / "zips" / "mallory.zip", "a") as archive:
        archive.writestr(member, "/etc/passwd")
    zip_of(tmp_path / "zips" / "zoe.zip", {"01.ipynb": "{}"})
    found = collected(tmp_path)
    assert (found["mallory"].status, found["zoe"].status) == ("refused", "new")
    assert reason in found["mallory"].reason
    assert tree(tmp_path / "submitted") == [f"zoe/{ASSIGNMENT}/01.ipynb", f"zoe/{ASSIGNMENT}/timestamp.txt"]
    assert not list(tmp_path.rglob("outside*"))


def test_broken_empty_and_large_zips_are_refused(tmp_path, monkeypatch):
    zips = tmp_path / "zips"
    zip_of(zips / "empty.zip", {"readme.txt": "hello"})
    (zips / "broken.zip").write_bytes(b"PK not really")
    zip_of(zips / "many.zip", {f"results/{i}": "" for i in range(submissions.MAX_FILES + 1)})
    monkeypatch.setattr(submissions, "MAX_BYTES", 2**20)
    with zipfile.ZipFile(zips / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("01.ipynb", "{}")
        archive.writestr("results/zeros", bytes(2**20))
    zip_of(zips / "a*b.zip", {"01.ipynb": "{}"})
    zip_of(zips / "-rf.zip", {"01.ipynb": "{}"})
    zip_of(zips / "Jörg v. Ähm.zip", {"01.ipynb": "{}"})
    found = collected(tmp_path)
    reasons = {name: one.reason for name, one in found.items() if one.status == "refused"}
    assert set(reasons) == {"empty", "broken", "many", "bomb", "a*b", "-rf"}
    assert "no notebook" in reasons["empty"]
    assert "zip" in reasons["broken"]
    assert "files" in reasons["many"]
    assert "more than" in reasons["bomb"]
    assert "name" in reasons["a*b"]
    assert os.listdir(tmp_path / "submitted") == ["Jörg v. Ähm"]


def test_only_notebooks_and_results_are_unpacked_however_deep_they_lie(tmp_path):
    deep = f"My Files/{ASSIGNMENT}"
    zip_of(
        tmp_path / "zips" / "ann.zip",
        {
            f"{deep}/01.ipynb": "{}",
            f"{deep}/torch.py": "evil = True",
            f"{deep}/results/seed63/config.json": "{}",
            f"__MACOSX/{deep}/._01.ipynb": "junk",
            f"{deep}/.ipynb_checkpoints/01-checkpoint.ipynb": "{}",
        },
    )
    assert collected(tmp_path)["ann"].status == "new"
    assert tree(tmp_path / "submitted" / "ann" / ASSIGNMENT) == [
        "01.ipynb", "results/seed63/config.json", "timestamp.txt",
    ]  # fmt: skip


def test_a_newer_zip_replaces_and_an_older_one_does_not(tmp_path):
    def send(text, when):
        zip_of(tmp_path / "zips" / "ann.zip", {"01.ipynb": text, "timestamp.txt": when})
        status = collected(tmp_path)["ann"].status
        return status, (tmp_path / "submitted" / "ann" / ASSIGNMENT / "01.ipynb").read_text()

    assert send("first", "2030-01-01 10:00:00 UTC") == ("new", "first")
    assert send("again", "2030-01-01 10:00:00 UTC") == ("unchanged", "first")
    assert send("older", "2029-01-01 10:00:00 UTC") == ("unchanged", "first")
    assert send("newer", "2030-01-01 10:00:01 UTC") == ("replaced", "newer")
    assert os.listdir(tmp_path / "submitted") == ["ann"]


def test_a_timestamp_that_is_none_is_replaced_by_the_zips_own(tmp_path):
    path = zip_of(tmp_path / "zips" / "ann.zip", {"01.ipynb": "{}", "timestamp.txt": "yesterday"})
    os.utime(path, (0, 0))
    collected(tmp_path)
    written = tmp_path / "submitted" / "ann" / ASSIGNMENT / "timestamp.txt"
    assert written.read_text() == "1970-01-01 00:00:00 UTC\n"


@pytest.mark.parametrize("exists", [True, False])
def test_a_folder_without_zips_is_an_error(exists, tmp_path):
    if exists:
        (tmp_path / "zips").mkdir()
    with pytest.raises(CourseError, match="no zips"):
        collected(tmp_path)


def test_a_damaged_zip_is_refused_and_the_others_are_collected(tmp_path: Path) -> None:
    for name in ("ann", "bob", "cid"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("task1_swiss_roll/01_time_conditioned_mlp.ipynb", json.dumps({"cells": []}) * 50)
            if name == "cid":
                archive.writestr("task1_swiss_roll", "a file where a folder should be")
    damaged = bytearray((tmp_path / "ann.zip").read_bytes())
    damaged[75:95] = b"\xff" * 20
    (tmp_path / "ann.zip").write_bytes(damaged)
    statuses = {one.student: one.status for one in collect("task1_swiss_roll", tmp_path, tmp_path / "in")}
    assert statuses["ann"] == "refused" and statuses["bob"] == "new" and "cid" in statuses


def test_a_name_that_collect_would_refuse_is_refused_at_once(tmp_path: Path) -> None:
    work = tmp_path / "task1_swiss_roll"
    work.mkdir()
    (work / "01_time_conditioned_mlp.ipynb").write_text(json.dumps({"cells": []}))
    for name in ("a/b", "../ann", "ann!", ""):
        with pytest.raises(CourseError, match="--student"):
            submit(work, name, tmp_path)
    assert not list(tmp_path.glob("**/*.zip"))
