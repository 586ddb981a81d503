import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from student_folder import ASSIGNMENT, NOTEBOOKS

from labkit.course import SWISS_ROLL_RUN
from labkit.errors import CourseError
from labkit.grading.intake import collect as collecting
from labkit.grading.intake.collect import collect
from labkit.hand_in import MAX_FILES, submit


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


def test_labkits_wheel_beside_the_notebooks_is_no_work(work, tmp_path):
    (work / "ddpm_lab-1.0-py3-none-any.whl").write_bytes(b"the course's")
    (tmp_path / "zips").mkdir()
    assert not [name for name in submit(work, "ann", tmp_path / "zips").files if name.endswith(".whl")]
    shutil.copytree(work, tmp_path / "zips" / "bob")  # a folder from elsewhere, wheel and all
    assert {one.status for one in collected(tmp_path).values()} == {"new"}
    assert not list((tmp_path / "submitted").rglob("*.whl"))


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
    zip_of(zips / "many.zip", {f"results/{i}": "" for i in range(MAX_FILES + 1)})
    monkeypatch.setattr(collecting, "MAX_BYTES", 2**20)
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


def test_a_folder_without_zips_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no folder"):
        collected(tmp_path)
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


def test_a_hundred_thousand_files_are_refused_and_the_others_are_collected(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "mallory.zip", {f"results/{i}": "" for i in range(100_000)})
    zip_of(tmp_path / "zips" / "zoe.zip", {"01.ipynb": "{}"})
    found = collected(tmp_path)
    assert found["mallory"].reason == "it holds 100000 files, 1000 are allowed"
    assert found["zoe"].status == "new"


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(zip_of(tmp_path / "zips" / "ann.zip", {"01.ipynb": "first"}), "a") as archive,
    ):
        archive.writestr("01.ipynb", "second")
    found = collected(tmp_path)
    assert (found["ann"].status, found["ann"].reason) == ("refused", "it holds '01.ipynb' twice")
    assert not tree(tmp_path / "submitted")


@pytest.mark.parametrize(
    "name",
    [
        "results/Ünïcode 图.txt",
        "results/\u202egpj.exe",
        "results/a\nb",
        "results/" + "x" * 300,
        "results/\udcff",
    ],
)
def test_odd_names_are_kept_or_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    raw = name.encode("utf-8", "surrogateescape")
    honest = "results/".ljust(len(raw), "p")
    path = zip_of(tmp_path / "zips" / "ann.zip", {"01.ipynb": "{}", honest: "kept"})
    path.write_bytes(path.read_bytes().replace(honest.encode(), raw))
    found = collected(tmp_path)["ann"]
    if found.status == "refused":
        assert found.reason and "\n" not in found.reason
    else:
        kept = [path for path in (tmp_path / "submitted").rglob("*") if path.is_file()]
        assert sorted(file.parent.name for file in kept) == ["results", ASSIGNMENT, ASSIGNMENT]


def test_a_name_that_is_a_file_and_a_folder_is_refused(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "ann.zip", {"01.ipynb": "{}", "results/a": "", "results/a/b": ""})
    assert collected(tmp_path)["ann"].status == "refused"
    assert not tree(tmp_path / "submitted")


def test_folders_are_collected_too(work: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "zips"
    shutil.copytree(work, inbox / "ann" / ASSIGNMENT)
    shutil.copytree(work, inbox / "bob")
    (inbox / ".cache").mkdir()
    found = collected(tmp_path)
    assert {name: one.status for name, one in found.items()} == {"ann": "new", "bob": "new"}
    homes = [tmp_path / "submitted" / name / ASSIGNMENT for name in ("ann", "bob")]
    assert tree(homes[0]) == tree(homes[1]) and "holiday.png" not in tree(homes[0])
    assert {"timestamp.txt", *NOTEBOOKS} <= set(tree(homes[0]))
    assert collected(tmp_path)["ann"].status == "unchanged"
    later = (homes[0] / "01_time_conditioned_mlp.ipynb").stat().st_mtime + 60
    os.utime(inbox / "ann" / ASSIGNMENT / "01_time_conditioned_mlp.ipynb", (later, later))
    assert collected(tmp_path)["ann"].status == "replaced"


@pytest.mark.parametrize("where", ["01.ipynb", "results", "results/run.json"])
def test_a_folder_with_a_link_is_refused(where: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    folder = tmp_path / "zips" / "mallory"
    folder.mkdir(parents=True)
    (folder / "02.ipynb").write_text("{}")
    (folder / where).parent.mkdir(exist_ok=True)
    (folder / where).symlink_to(secret)
    found = collected(tmp_path)["mallory"]
    assert (found.status, found.reason) == ("refused", f"{where!r} is a link or a device")
    assert not tree(tmp_path / "submitted")


def test_a_zip_and_a_folder_of_one_name_are_both_read(work: Path, tmp_path: Path) -> None:
    """As where an instructor has unzipped one beside itself."""
    inbox = tmp_path / "zips"
    shutil.copytree(work, inbox / "ann" / ASSIGNMENT)
    submit(work, "ann", inbox)
    for _ in range(2):
        found = collect(ASSIGNMENT, inbox, tmp_path / "submitted")
        assert [one.status for one in found if one.status == "refused"] == []


def test_two_students_never_share_a_place(tmp_path: Path) -> None:
    """ann.old is a name as good as any other."""
    zip_of(tmp_path / "zips" / "ann.zip", {"01.ipynb": '"first"', "timestamp.txt": "2026-01-01 00:00:00 UTC"})
    collected(tmp_path)
    zip_of(
        tmp_path / "zips" / "ann.zip", {"01.ipynb": '"second"', "timestamp.txt": "2026-01-02 00:00:00 UTC"}
    )
    zip_of(tmp_path / "zips" / "ann.old.zip", {"mine.ipynb": "{}"})
    found = collected(tmp_path)
    assert (found["ann"].status, found["ann.old"].status) == ("replaced", "new")
    assert tree(tmp_path / "submitted" / "ann.old") == [
        f"{ASSIGNMENT}/mine.ipynb",
        f"{ASSIGNMENT}/timestamp.txt",
    ]


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / f"{'a' * 240}.zip", {"01.ipynb": "{}"})
    (found,) = collected(tmp_path).values()
    assert found.status == "refused" and "bytes" in found.reason


def test_other_archives_are_refused_and_not_lost(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "BOB.ZIP", {"01.ipynb": "{}"})
    (tmp_path / "zips" / "cem.tar.gz").write_bytes(b"")
    found = collected(tmp_path)
    assert found["BOB"].status == "new" and found["cem.tar"].status == "refused"
