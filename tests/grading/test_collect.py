import json
import os
import shutil
import stat
import unicodedata
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from student_folder import ASSIGNMENT, NOTEBOOKS

from labkit.course.hand_in import MAX_FILES, student_name, submit
from labkit.course.syllabus import SWISS_ROLL_RUN, TASKS, TODOS, names_of
from labkit.errors import CourseError
from labkit.grading.course_folder import Course
from labkit.grading.intake import unpack as unpacking
from labkit.grading.intake.collect import collect
from labkit.grading.intake.dates import read_time

LESSON, SECOND, THIRD, _ = NOTEBOOKS
OTHER = "05_noise_schedules.ipynb"


def zip_of(path: Path, members: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def course_in(folder: Path) -> Course:
    (folder / "nbgrader_config.py").write_text("")
    return Course.open(folder)


def collected(tmp_path):
    return {one.student: one for one in collect(course_in(tmp_path), ASSIGNMENT, tmp_path / "zips")}


def lines(tmp_path):
    """label → what is said of it"""
    found = collect(course_in(tmp_path), ASSIGNMENT, tmp_path / "zips")
    return {one.zip: f"{one.status} {one.reason}" for one in found}


def worked_on(lesson: str, answer: str | None = "return x_t") -> str:
    """A notebook's text, with the TODO cells of a lesson; None for an answer leaves them as released."""
    cells = []
    for todo in (todo for todo, notebook in TODOS.items() if f"{notebook}.ipynb" == lesson):
        mark = {"grade_id": todo, "solution": True, "locked": False, "grade": False}
        stub = f'raise NotImplementedError("TODO {todo}: write your code here")'
        source = f"def {todo}():\n    {stub if answer is None else answer}".splitlines(keepends=True)
        cells.append({"cell_type": "code", "metadata": {"nbgrader": mark}, "source": source})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


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
        ("C:\\outside.ipynb", "leads out"),
        ("\\\\server\\share\\outside.ipynb", "leads out"),
        ("a/..\\../outside.ipynb", "leads out"),
        ("..\\outside.ipynb", "leads out"),
        (link("results/link"), "link"),
        (link("outside.ipynb"), "link"),
    ],
)
def test_what_leads_out_of_the_folder_is_refused_and_the_others_are_collected(member, reason, tmp_path):
    zip_of(tmp_path / "zips" / "mallory.zip", {LESSON: "{}"})
    with zipfile.ZipFile(tmp_path / "zips" / "mallory.zip", "a") as archive:
        archive.writestr(member, "/etc/passwd")
    zip_of(tmp_path / "zips" / "zoe.zip", {LESSON: "{}"})
    found = collected(tmp_path)
    assert (found["mallory"].status, found["zoe"].status) == ("refused", "new")
    assert reason in found["mallory"].reason
    assert tree(tmp_path / "submitted") == [f"zoe/{ASSIGNMENT}/{LESSON}", f"zoe/{ASSIGNMENT}/timestamp.txt"]
    assert not list(tmp_path.rglob("outside*"))


def test_broken_empty_and_large_zips_are_refused(tmp_path, monkeypatch):
    zips = tmp_path / "zips"
    zip_of(zips / "empty.zip", {"readme.txt": "hello"})
    (zips / "broken.zip").write_bytes(b"PK not really")
    zip_of(zips / "many.zip", {LESSON: "{}"} | {f"results/{i}": "" for i in range(MAX_FILES + 1)})
    monkeypatch.setattr(unpacking, "MAX_BYTES", 2**20)
    with zipfile.ZipFile(zips / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LESSON, "{}")
        archive.writestr("results/zeros", bytes(2**20))
    zip_of(zips / "a*b.zip", {LESSON: "{}"})
    zip_of(zips / "-rf.zip", {LESSON: "{}"})
    zip_of(zips / "Jörg v. Ähm.zip", {LESSON: "{}"})
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
            f"{deep}/{LESSON}": "{}",
            f"{deep}/torch.py": "evil = True",
            f"{deep}/results/seed63/config.json": "{}",
            f"__MACOSX/{deep}/._{LESSON}": "junk",
            f"{deep}/.ipynb_checkpoints/01-checkpoint.ipynb": "{}",
        },
    )
    assert collected(tmp_path)["ann"].status == "new"
    assert tree(tmp_path / "submitted" / "ann" / ASSIGNMENT) == [
        LESSON, "results/seed63/config.json", "timestamp.txt",
    ]  # fmt: skip


def test_a_newer_zip_replaces_and_an_older_one_does_not(tmp_path):
    def send(text, when):
        zip_of(tmp_path / "zips" / "ann.zip", {LESSON: text, "timestamp.txt": when})
        status = collected(tmp_path)["ann"].status
        return status, (tmp_path / "submitted" / "ann" / ASSIGNMENT / LESSON).read_text()

    assert send("first", "2020-01-01 10:00:00 UTC") == ("new", "first")
    assert send("again", "2020-01-01 10:00:00 UTC") == ("unchanged", "first")
    assert send("older", "2019-01-01 10:00:00 UTC") == ("unchanged", "first")
    assert send("newer", "2020-01-01 10:00:01 UTC") == ("replaced", "newer")
    assert os.listdir(tmp_path / "submitted") == ["ann"]
    kept = tmp_path / "submitted_before" / "ann" / ASSIGNMENT / "2020-01-01_10-00-00"
    assert (kept / LESSON).read_text() == "first"


def test_a_folder_without_zips_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no folder"):
        collected(tmp_path)
    (tmp_path / "zips").mkdir()
    with pytest.raises(CourseError, match="no zips"):
        collected(tmp_path)


def test_a_damaged_zip_is_refused_and_the_others_are_collected(tmp_path: Path) -> None:
    inbox = tmp_path / "zips"
    inbox.mkdir()
    for name in ("ann", "bob", "cid"):
        with zipfile.ZipFile(inbox / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("task1_swiss_roll/01_time_conditioned_mlp.ipynb", json.dumps({"cells": []}) * 50)
            if name == "cid":
                archive.writestr("task1_swiss_roll", "a file where a folder should be")
    damaged = bytearray((inbox / "ann.zip").read_bytes())
    damaged[75:95] = b"\xff" * 20
    (inbox / "ann.zip").write_bytes(damaged)
    statuses = {name: one.status for name, one in collected(tmp_path).items()}
    assert statuses == {"ann": "refused", "bob": "new", "cid": "new"}
    assert tree(tmp_path / "submitted" / "cid" / ASSIGNMENT) == [LESSON, "timestamp.txt"]


def test_a_hundred_thousand_files_are_refused_and_the_others_are_collected(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "mallory.zip", {f"results/{i}": "" for i in range(100_000)})
    zip_of(tmp_path / "zips" / "zoe.zip", {LESSON: "{}"})
    found = collected(tmp_path)
    assert found["mallory"].reason == "it holds 100000 files, 1000 are allowed"
    assert found["zoe"].status == "new"


def test_files_in_zips_in_a_zip_are_counted_as_they_are_listed(tmp_path: Path, monkeypatch) -> None:
    """Fifty such zips would be a million of them, before anybody counts."""
    from labkit.grading.intake import members as listing

    monkeypatch.setattr(listing, "MOST_MEMBERS", 20)
    made, opened = [], listing._in_zip
    monkeypatch.setattr(listing, "_in_zip", lambda archive: made.append(archive) or opened(archive))
    inner = zip_of(tmp_path / "inner.zip", {f"._{i}": "" for i in range(15)}).read_bytes()
    zip_of(tmp_path / "zips" / "mallory.zip", {f"{i}.zip": inner for i in range(10)})
    assert collected(tmp_path)["mallory"].reason == "it holds 30 files, 1000 are allowed"
    assert len(made) == 3  # the outer one, and two in it


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch) -> None:
    """Permissions say nothing to root, so the system's answer is made here."""
    (tmp_path / "zips" / "ann" / "results").mkdir(parents=True)
    (tmp_path / "zips" / "ann" / LESSON).write_text("{}")
    scandir = os.scandir

    def forbidden(path):
        if str(path).endswith("results"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    found = collected(tmp_path)["ann"]
    why = "the folder 'results' in it cannot be read: Permission denied"
    assert (found.status, found.reason) == ("refused", why)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(zip_of(tmp_path / "zips" / "ann.zip", {LESSON: "first"}), "a") as archive,
    ):
        archive.writestr(LESSON, "second")
    found = collected(tmp_path)
    assert (found["ann"].status, found["ann"].reason) == ("refused", f"it holds {LESSON!r} twice")
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
    path = zip_of(tmp_path / "zips" / "ann.zip", {LESSON: "{}", honest: "kept"})
    path.write_bytes(path.read_bytes().replace(honest.encode(), raw))
    found = collected(tmp_path)["ann"]
    if found.status == "refused":
        assert found.reason and "\n" not in found.reason
    else:
        kept = [path for path in (tmp_path / "submitted").rglob("*") if path.is_file()]
        assert sorted(file.parent.name for file in kept) == ["results", ASSIGNMENT, ASSIGNMENT]


def test_a_name_that_is_a_file_and_a_folder_is_refused(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "ann.zip", {LESSON: "{}", "results/a": "", "results/a/b": ""})
    assert collected(tmp_path)["ann"].status == "refused"
    assert not tree(tmp_path / "submitted")


def test_folders_are_collected_too(work: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "zips"
    for file in tree(work):
        os.utime(work / file, (1.7e9, 1.7e9))
    shutil.copytree(work, inbox / "ann" / ASSIGNMENT)
    shutil.copytree(work, inbox / "bob")
    (inbox / ".cache").mkdir()
    found = collected(tmp_path)
    assert {name: one.status for name, one in found.items()} == {"ann": "new", "bob": "new"}
    homes = [tmp_path / "submitted" / name / ASSIGNMENT for name in ("ann", "bob")]
    assert tree(homes[0]) == tree(homes[1]) and "holiday.png" not in tree(homes[0])
    assert {"timestamp.txt", *NOTEBOOKS} <= set(tree(homes[0]))
    assert collected(tmp_path)["ann"].status == "unchanged"
    os.utime(inbox / "ann" / ASSIGNMENT / LESSON, (1.7e9 + 60, 1.7e9 + 60))
    assert collected(tmp_path)["ann"].status == "replaced"


@pytest.mark.parametrize("where", [LESSON, "results", "results/run.json"])
def test_a_folder_with_a_link_is_refused(where: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    folder = tmp_path / "zips" / "mallory"
    folder.mkdir(parents=True)
    (folder / SECOND).write_text("{}")
    (folder / where).parent.mkdir(exist_ok=True)
    (folder / where).symlink_to(secret)
    found = collected(tmp_path)["mallory"]
    assert (found.status, found.reason) == ("refused", f"{where!r} is a link or a device")
    assert not tree(tmp_path / "submitted")


def test_a_zip_and_a_folder_of_one_name_are_both_read(work: Path, tmp_path: Path) -> None:
    """As where an instructor has unzipped one beside itself."""
    inbox = tmp_path / "zips"
    for file in tree(work):
        os.utime(work / file, (1.7e9, 1.7e9))
    shutil.copytree(work, inbox / "ann" / ASSIGNMENT)
    submit(work, "ann", inbox)
    for _ in range(2):
        assert [said for said in lines(tmp_path).values() if said.startswith("refused")] == []


def test_two_students_never_share_a_place(tmp_path: Path) -> None:
    """ann.old is a name as good as any other."""
    zip_of(tmp_path / "zips" / "ann.zip", {LESSON: '"first"', "timestamp.txt": "2026-01-01 00:00:00 UTC"})
    collected(tmp_path)
    zip_of(tmp_path / "zips" / "ann.zip", {LESSON: '"second"', "timestamp.txt": "2026-01-02 00:00:00 UTC"})
    zip_of(tmp_path / "zips" / "ann.old.zip", {SECOND: "{}"})
    found = collected(tmp_path)
    assert (found["ann"].status, found["ann.old"].status) == ("replaced", "new")
    assert tree(tmp_path / "submitted" / "ann.old") == [
        f"{ASSIGNMENT}/{SECOND}",
        f"{ASSIGNMENT}/timestamp.txt",
    ]


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / f"{'a' * 240}.zip", {LESSON: "{}"})
    (found,) = collected(tmp_path).values()
    assert found.status == "refused" and "bytes" in found.reason


UNKNOWN = {
    "cem.tar.gz": b"",
    "carl.tar.bz2": b"BZh9",
    "roster.csv": b"ann,Ann",
    "report.docx": b"PK",
    SECOND: b"{}",
    f"Copy of {SECOND}": b"{}",
    "-rf.zip": b"",
    ".ann.zip": b"",
    "task1_swiss_roll.zip": b"",
    "task2_images.zip": b"",
}


@pytest.mark.parametrize(
    "name", [*UNKNOWN, "emil", "j.doe", "dora.zipx", "jan.zip.part", b"gr\xfcn.zip", "pipe.zip"]
)
def test_all_that_is_not_taken_is_named(name: str | bytes, tmp_path: Path) -> None:
    inbox = tmp_path / "zips"
    zip_of(inbox / "BOB.ZIP", {LESSON: "{}"})
    path = inbox / os.fsdecode(name)
    if name == "pipe.zip":
        os.mkfifo(path)
    elif UNKNOWN.get(name):
        path.write_bytes(UNKNOWN[name])
    else:
        zip_of(path, {LESSON: "{}"})
    for litter in (".DS_Store", "._BOB.ZIP", "Thumbs.db", "desktop.ini"):
        (inbox / litter).write_bytes(b"")
    found = lines(tmp_path)
    assert len(found) == 2 and found.pop("BOB.ZIP").startswith("new")
    ((label, said),) = found.items()
    assert label.isprintable() and said.startswith("refused ") and len(said) > 20
    label.encode()
    assert os.listdir(tmp_path / "submitted") == ["BOB"]


@pytest.mark.parametrize("packed", ["zip", "folder", "zip in a zip"])
def test_another_assignment_is_never_taken(packed: str, tmp_path: Path) -> None:
    inbox = tmp_path / "zips"
    zip_of(inbox / "ann.zip", {f"{ASSIGNMENT}/{LESSON}": "{}", "timestamp.txt": "2026-11-20 10:00:00 UTC"})
    collected(tmp_path)
    before = tree(tmp_path / "submitted")
    (inbox / "ann.zip").unlink()
    if packed == "folder":
        (inbox / "ann").mkdir()
        (inbox / "ann" / "mine.ipynb").write_text(worked_on(OTHER))
    elif packed == "zip":
        zip_of(inbox / "ann.zip", {f"task2_images/{OTHER}": worked_on(OTHER)})
    else:
        inner = zip_of(tmp_path / "inner" / "x.zip", {OTHER: worked_on(OTHER)}).read_bytes()
        zip_of(inbox / "ann.zip", {"task2_images.zip": inner})
    found = collected(tmp_path)["ann"]
    reason = "it holds no notebook of task1_swiss_roll; is it task2_images?"
    assert (found.status, found.reason) == ("refused", reason)
    assert tree(tmp_path / "submitted") == before


def test_of_both_assignments_in_a_zip_this_one_is_taken_and_the_other_is_named(tmp_path: Path) -> None:
    both = {f"{task}/{lesson}.ipynb": "{}" for task in TASKS for lesson in names_of(task)}
    zip_of(tmp_path / "zips" / "ann.zip", both)
    found = collected(tmp_path)["ann"]
    assert found.status == "new" and "task2_images too" in found.reason
    assert tree(tmp_path / "submitted" / "ann" / ASSIGNMENT) == [*NOTEBOOKS, "timestamp.txt"]


def test_nothing_that_is_replaced_is_lost(tmp_path: Path) -> None:
    """Three newer ones, two of them with no time of their own; and what the last one lacks is said."""
    inbox, homes = tmp_path / "zips", tmp_path / "submitted_before" / "ann" / ASSIGNMENT
    for second, text in enumerate(("first", "second", "third")):
        when = f"2020-01-01 10:00:0{second} UTC"
        notebooks = dict.fromkeys(NOTEBOOKS[: 3 - second], text)
        zip_of(inbox / "ann.zip", notebooks | {"timestamp.txt": when})
        said = collected(tmp_path)["ann"]
        (tmp_path / "submitted" / "ann" / ASSIGNMENT / "timestamp.txt").unlink()
    assert said.status == "replaced" and "submitted_before/ann" in said.reason
    assert f"it lacks {SECOND.removesuffix('.ipynb')}, which" in said.reason
    kept = [(folder / LESSON).read_text() for folder in sorted(homes.iterdir())]
    assert sorted(kept) == ["first", "second"]


RENAMED = [
    f"Copy of {SECOND}",
    "02_forward_process-Copy1.ipynb",
    "02_forward_process (1).ipynb",
    "mine.ipynb",
]


@pytest.mark.parametrize("name", [*RENAMED, "Копия.ipynb", "ä.ipynb", "02_FORWARD_PROCESS.IPYNB"])
def test_a_renamed_notebook_is_known_by_its_cells(name: str, tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "ann.zip", {f"x/{LESSON}": worked_on(LESSON), f"x/{name}": worked_on(SECOND)})
    found = collected(tmp_path)["ann"]
    assert found.status == "new" and f"{SECOND} is missing" in found.reason
    assert len(tree(tmp_path / "submitted" / "ann")) == 3


@pytest.mark.parametrize("end", [".txt", ".json", ".TXT"])
def test_a_browser_may_append_to_a_notebooks_name(end: str, tmp_path: Path) -> None:
    zip_of(
        tmp_path / "zips" / "ann.zip", {f"{LESSON}{end}": "{}", "timestamp.txt": "2026-11-20 10:00:00 UTC"}
    )
    (tmp_path / "zips" / f"Bob_12345_assignsubmission_file_{SECOND}{end}").write_text(worked_on(SECOND))
    found = collected(tmp_path)
    assert (found["ann"].status, found["ann"].reason, found["Bob"].status) == ("new", "", "new")
    assert tree(tmp_path / "submitted") == [
        f"{student}/{ASSIGNMENT}/{name}"
        for student, notebook in (("Bob", SECOND), ("ann", LESSON))
        for name in (notebook, "timestamp.txt")
    ]


def test_what_may_hold_work_and_is_not_looked_at_is_named(tmp_path: Path) -> None:
    archives = ["results.tar.gz", "more.rar", "old.7Z"]
    others = [f"{THIRD.removesuffix('.ipynb')}.json", f"{LESSON.removesuffix('.ipynb')}.pdf", "notes.txt"]
    zip_of(tmp_path / "zips" / "ann.zip", {LESSON: "{}"} | dict.fromkeys([*archives, *others], "x"))
    zip_of(tmp_path / "zips" / "bob.zip", {"all.rar": "x"})
    found = collected(tmp_path)
    assert "not opened: 'results.tar.gz', 'more.rar' and 'old.7Z'; " in found["ann"].reason
    assert found["ann"].reason.endswith(
        f"named like a lesson that is missing, and no notebook: {others[0]!r}"
    )
    assert found["bob"].reason == "it holds no notebook, and 'all.rar' in it cannot be opened"


@pytest.mark.parametrize(
    ("notebooks", "said"),
    [
        ({SECOND: None, f"Copy of {SECOND}": "return 1"}, f"{SECOND} is as it was released; 'Copy of"),
        (
            {SECOND: "return 2", f"Copy of {SECOND}": "return 1"},
            f"Other versions of {SECOND} do not count: 'Copy of {SECOND}'",
        ),
        (
            {"a.ipynb": "return 2", "b.ipynb": "return 1"},
            f"Other versions of {SECOND} do not count: 'a.ipynb'",
        ),
        ({"a.ipynb": None, "b.ipynb": "return 1"}, "'b.ipynb' is this lesson too and counts"),
        ({SECOND: "return 1", "b.ipynb": None}, ""),
        ({SECOND: "return 1", "b.ipynb": "return 1"}, ""),
        (
            {SECOND: "return 1", f"old/{SECOND}": "return 2"},
            "do not count: '02_forward_process (old).ipynb'",
        ),
        ({SECOND: None, f"new/{SECOND}": "return 2"}, "'02_forward_process (new).ipynb' is this lesson too"),
        (
            {LESSON: "return 1", f"new/{SECOND}": "return 2"},
            f"taken along from other folders: 'new/{SECOND}'",
        ),
    ],
)
def test_of_several_candidates_one_counts_and_the_others_are_kept(
    notebooks: dict[str, str | None], said: str, tmp_path: Path
) -> None:
    members = {
        name: worked_on(LESSON if name == LESSON else SECOND, text) for name, text in notebooks.items()
    }
    zip_of(tmp_path / "zips" / "ann.zip", members | {"timestamp.txt": "2026-11-20 10:00:00 UTC"})
    found = collected(tmp_path)["ann"]
    assert found.status == "new" and said in found.reason and bool(said) == bool(found.reason)
    kept = [path.read_text() for path in (tmp_path / "submitted").rglob("*.ipynb")]
    assert sorted(kept) == sorted(members.values())


@pytest.mark.parametrize(
    "name",
    [
        "notes 10:30.txt",
        "../readme.txt",
        "C:\\junk.txt",
        link("venv/python"),
        "data/" + "x" * 300,
        ".venv/results/x",
        "__MACOSX/../x.ipynb",
        ".ipynb_checkpoints/../../x.ipynb",
    ],
)
def test_a_file_that_nobody_needs_refuses_nothing(name: str | zipfile.ZipInfo, tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "ann.zip", {LESSON: "{}", name: "x"})
    assert collected(tmp_path)["ann"].status == "new"
    assert tree(tmp_path / "submitted" / "ann" / ASSIGNMENT) == [LESSON, "timestamp.txt"]


@pytest.mark.parametrize("how", ["backslashes", "utf-8 without its flag", "wrapped in a folder"])
def test_zips_of_windows_and_macos(how: str, tmp_path: Path) -> None:
    members = {f"{ASSIGNMENT}/{LESSON}": "{}", f"{ASSIGNMENT}/results/a/b.json": "{}"}
    folder = "wörk" if how != "backslashes" else "work"
    path = zip_of(tmp_path / "zips" / "ann.zip", {f"{folder}/{name}": text for name, text in members.items()})
    data = path.read_bytes()
    if how == "backslashes":
        data = data.replace(b"work/task1_swiss_roll/results/a/", b"work\\task1_swiss_roll\\results\\a\\")
        data = data.replace(b"work/task1_swiss_roll/", b"work\\task1_swiss_roll\\")
    elif how.startswith("utf-8"):
        data = data.replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00")
    path.write_bytes(data)
    assert collected(tmp_path)["ann"].status == "new"
    kept = tree(tmp_path / "submitted" / "ann" / ASSIGNMENT)
    assert kept == [LESSON, "results/a/b.json", "timestamp.txt"]


def nested(levels: int, members: dict[str, str | bytes], folder: Path) -> bytes:
    for level in range(levels):
        members = {f"{level}.zip": zip_of(folder / f"{level}.zip", members).read_bytes()}
    return zip_of(folder / "outer.zip", members).read_bytes()


@pytest.mark.parametrize(("levels", "status"), [(0, "new"), (1, "new"), (2, "new"), (3, "refused")])
def test_zips_in_zips(levels: int, status: str, tmp_path: Path) -> None:
    (tmp_path / "zips").mkdir()
    members = {f"{ASSIGNMENT}/{LESSON}": "{}", f"{ASSIGNMENT}/results/x": "x"}
    (tmp_path / "zips" / "ann.zip").write_bytes(nested(levels, members, tmp_path / "made"))
    found = collected(tmp_path)["ann"]
    assert found.status == status
    if status == "new":
        assert tree(tmp_path / "submitted" / "ann" / ASSIGNMENT) == [LESSON, "results/x", "timestamp.txt"]
    else:
        assert "cannot be opened" in found.reason


@pytest.mark.parametrize("levels", [1, 2])
@pytest.mark.parametrize("what", ["leads out", "link", "files", "GiB", "cannot be opened"])
def test_limits_hold_in_zips_in_zips(what: str, levels: int, tmp_path: Path, monkeypatch) -> None:
    from labkit.grading.intake import members as listing

    members: dict = {LESSON: "{}"}
    if what == "leads out":
        members["../../outside.ipynb"] = "{}"
    elif what == "link":
        members[link("results/link")] = "/etc/passwd"
    elif what == "files":
        members |= {f"results/{i}": "" for i in range(MAX_FILES + 1)}
    elif what == "GiB":
        monkeypatch.setattr(listing, "MAX_BYTES", 1000)
        members["results/x"] = os.urandom(2000)
    data = nested(levels, members, tmp_path / "made")
    if what == "cannot be opened":
        data = nested(0, {"0.zip": b"PK no zip"}, tmp_path / "made")
    (tmp_path / "zips").mkdir()
    (tmp_path / "zips" / "ann.zip").write_bytes(data)
    found = collected(tmp_path)["ann"]
    assert found.status == "refused" and what in found.reason
    assert not tree(tmp_path / "submitted") and not list(tmp_path.rglob("outside*"))


@pytest.mark.parametrize("how", ["zips", "moodle", "canvas"])
def test_a_whole_class_in_one_zip_is_nobodys_submission(how: str, tmp_path: Path) -> None:
    """What is in a zip was named by whoever packed it: it cannot say that it is somebody else's."""
    one = zip_of(tmp_path / "one.zip", {LESSON: "{}"}).read_bytes()
    members = {
        "zips": {"ann.zip": one, "bob.zip": one},
        "moodle": {
            f"{name}_{i}_assignsubmission_file_/{LESSON}": "{}" for i, name in enumerate(("Ann", "Bob"))
        },
        "canvas": {f"{name}_123_456_{LESSON}": "{}" for name in ("ann", "bob")},
    }[how]
    zip_of(tmp_path / "zips" / "mallory.zip", members)
    found = collected(tmp_path)["mallory"]
    assert found.status == "refused" and "unpack it" in found.reason
    assert not tree(tmp_path / "submitted")


@pytest.mark.parametrize(
    ("files", "students"),
    [
        ([f"Ann Lee_12345_assignsubmission_file_/{LESSON}"], {"Ann Lee"}),
        (["Ann Lee_12345_assignsubmission_file_/whatever.zip"], {"Ann Lee"}),
        ([f"Ann Lee_12345_assignsubmission_file_{name}" for name in NOTEBOOKS], {"Ann Lee"}),
        (["leeann_LATE_12345_67890_ann-1.zip"], {"leeann"}),
        ([f"leeann_12345_6789{i}_{name}" for i, name in enumerate(NOTEBOOKS)], {"leeann"}),
        ([f"leeann_12345_67890_{LESSON}", f"wooben_12346_67891_{LESSON}"], {"leeann", "wooben"}),
        ([f"leeann_12345_67890_{LESSON[:-6]}-2.ipynb"], {"leeann"}),
        ([f"Task 1_ann_attempt_2026-11-20-12-00-00_{LESSON}"], {"ann"}),
        (["ann+task1_swiss_roll+2026-11-20 12:00:00 UTC+x/" + LESSON], {"ann"}),
        (["ann_2026_11_20.zip"], {"ann_2026_11_20"}),
    ],
)
def test_names_that_an_lms_gives(files: list[str], students: set[str], tmp_path: Path) -> None:
    for name in files:
        path = tmp_path / "zips" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}") if path.suffix == ".ipynb" else zip_of(path, {LESSON: "{}"})
    found = collect(course_in(tmp_path), ASSIGNMENT, tmp_path / "zips")
    assert {one.student for one in found if one.status == "new"} == students
    assert len(found) == len(students) and not any("in its place" in one.reason for one in found)
    kept = {path.name for path in (tmp_path / "submitted").rglob("*.ipynb")}
    assert kept == (set(NOTEBOOKS) if len(files) > 2 else {LESSON})


def test_two_people_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for number in (12345, 12346):
        zip_of(tmp_path / "zips" / f"Ann Lee_{number}_assignsubmission_file_x.zip", {LESSON: str(number)})
    found = lines(tmp_path)
    assert len(found) == 2 and all("2 people are called so" in said for said in found.values())
    assert not tree(tmp_path / "submitted")


@pytest.mark.parametrize(
    "names",
    [
        ("ann.zip", "ann (1).zip"),
        ("leeann_12345_67890_a.zip", "leeann_12345_67891_b.zip"),
        ("Ann Lee_1_assignsubmission_file_/a.zip", "Ann Lee_1_assignsubmission_file_/b.zip"),
        ("josé.zip", "josé.zip"),
        ("김철수.zip", "김철수.zip"),
    ],
)
@pytest.mark.parametrize("youngest", [0, 1])
def test_of_two_files_of_a_student_the_youngest_counts(
    names: tuple[str, str], youngest: int, tmp_path: Path
) -> None:
    for i, name in enumerate(names):
        when = f"2020-01-01 10:00:0{i == youngest:d} UTC"
        (tmp_path / "zips" / name).parent.mkdir(parents=True, exist_ok=True)
        zip_of(tmp_path / "zips" / name, {LESSON: f"text {i}", "timestamp.txt": when})
    assert len(lines(tmp_path)) == 2
    (home,) = (tmp_path / "submitted").iterdir()
    assert (home / ASSIGNMENT / LESSON).read_text() == f"text {youngest}"


def test_of_two_attempts_the_younger_counts(tmp_path: Path) -> None:
    """Blackboard's own note of each attempt is named, and refuses nothing."""
    inbox = tmp_path / "zips"
    inbox.mkdir()
    for day, answer in (("20", "return 1"), ("27", "return 2")):
        attempt = f"Task 1_ann_attempt_2026-11-{day}-12-00-00"
        (inbox / f"{attempt}_{SECOND}").write_text(worked_on(SECOND, answer))
        (inbox / f"{attempt}.txt").write_text("Name: Ann")
    (inbox / f"Task 1_ann_attempt_2026-11-20-12-00-00_{LESSON}").write_text(worked_on(LESSON))
    for again in (False, True):
        found = list(lines(tmp_path).values())
        assert [said.split()[0] for said in found] == [
            "left", "unchanged" if again else "new", "left", "unchanged" if again else "replaced",
        ]  # fmt: skip
        (named,) = [said for said in found if LESSON.removesuffix(".ipynb") in said]
        assert "lacks" in named
        home = tmp_path / "submitted" / "ann" / ASSIGNMENT
        assert "return 2" in (home / SECOND).read_text() and not (home / LESSON).exists()


def test_nothing_in_an_lms_folder_is_overlooked(tmp_path: Path) -> None:
    folder = tmp_path / "zips" / "Ann Lee_12_assignsubmission_file_"
    (folder / ASSIGNMENT).mkdir(parents=True)
    zip_of(folder / "runs.ZIP", {LESSON: worked_on(LESSON)})
    (folder / ASSIGNMENT / SECOND.upper()).write_text(worked_on(SECOND))
    for name in ("rest.tar.gz", "photo.png", ".DS_Store"):
        (folder / name).write_bytes(b"x")
    found = lines(tmp_path)
    own = found.pop(folder.name)
    assert own.startswith("new") and own.endswith("not opened: 'rest.tar.gz'")
    assert found.pop(f"{folder.name}/photo.png").startswith("left out")
    ((label, said),) = found.items()
    assert label == f"{folder.name}/runs.ZIP" and said.startswith(f"refused it holds {LESSON[:-6]}, and")


@pytest.mark.parametrize("parts", [("1.zip", "2.zip"), ("2.zip", "1.zip")])
def test_different_lessons_in_zips_of_one_folder_are_refused(parts: tuple[str, str], tmp_path: Path) -> None:
    """Whichever is younger: they were handed in together."""
    folder = tmp_path / "zips" / "Ann Lee_12_assignsubmission_file_"
    folder.mkdir(parents=True)
    for second, (name, lesson) in enumerate(zip(parts, (LESSON, SECOND), strict=True)):
        zip_of(folder / name, {lesson: "{}", "timestamp.txt": f"2026-11-20 10:00:0{second} UTC"})
    for status in ("new", "unchanged"):
        found = list(lines(tmp_path).values())
        assert found[0].startswith(status) and found[1].startswith("refused it holds 0")
        assert all(lesson.removesuffix(".ipynb") in found[1] for lesson in (LESSON, SECOND))


@pytest.mark.parametrize(("hour", "status"), [(10, "refused"), (9, "unchanged")])
def test_lessons_that_do_not_arrive_are_named(hour: int, status: str, tmp_path: Path) -> None:
    """As of a folder beside a zip."""
    folder = tmp_path / "zips" / "ann"
    folder.mkdir(parents=True)
    (folder / LESSON).write_text("{}")
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC")
    both = {LESSON: "{}", SECOND: "{}", "timestamp.txt": f"2026-11-20 {hour:02}:00:00 UTC"}
    zip_of(tmp_path / "zips" / "ann.zip", both)
    for _ in range(2):
        said = lines(tmp_path)["ann.zip"]
        assert said.startswith(status) and SECOND.removesuffix(".ipynb") in said
        assert LESSON.removesuffix(".ipynb") not in said


NAMES = ["अनिता", "น้ำ", "josé", "김철수", "O'Neil", "D’Arcy", "علی‌رضا", "Nguyễn Thị", "李雷", "Ṣọlá"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script(name: str, form: str, work: Path, tmp_path: Path) -> None:
    (tmp_path / "zips").mkdir()
    packed = submit(work, unicodedata.normalize(form, name), tmp_path / "zips")
    packed.path.rename(tmp_path / "zips" / f"{unicodedata.normalize(form, name)}.zip")
    assert [one.status for one in collected(tmp_path).values()] == ["new"]
    assert os.listdir(tmp_path / "submitted") == [unicodedata.normalize("NFC", name)]


@pytest.mark.parametrize("name", ["́ann", "a‍b", "ann‮", "a	b", "a/b", "a..", "'ann", "️", "an‍", "a;b"])
def test_names_that_deceive_are_none(name: str) -> None:
    assert student_name(name) is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-20 12:00:00 UTC", "12:00:00"),
        ("2026-11-20 12:00:00.123456 UTC", "12:00:00"),
        ("2026-11-20T12:00:00+00:00", "12:00:00"),
        ("2026-11-20T12:00:00Z", "12:00:00"),
        ("2026-11-20 12:00:00 +0100", "11:00:00"),
        ("2026-11-20 12:00:00 Europe/Zurich", "11:00:00"),
        ("2026-11-20 12:00:00 CET", "11:00:00"),
        ("﻿2026-11-20 12:00:00\r\n", "12:00:00"),
    ],
)
def test_timestamps_as_others_write_them(text: str, utc: str, tmp_path: Path) -> None:
    zip_of(tmp_path / "zips" / "ann.zip", {LESSON: "{}", "timestamp.txt": text})
    assert collected(tmp_path)["ann"].reason == ""
    written = tmp_path / "submitted" / "ann" / ASSIGNMENT / "timestamp.txt"
    assert written.read_text() == f"2026-11-20 {utc} UTC\n"


@pytest.mark.parametrize("text", ["yesterday", "", "2", "2026-11-20 12:00:00 /etc/passwd", "\0", "9" * 99])
def test_what_is_no_time_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_time(text)


@pytest.mark.parametrize("stamp", [None, "yesterday", "2026-11-20 12:00:00 XYZ"])
@pytest.mark.parametrize("dated", [True, False])
def test_without_a_time_the_youngest_file_counts_and_that_is_said(
    stamp: str | None, dated: bool, tmp_path: Path
) -> None:
    path = tmp_path / "zips" / "ann.zip"
    path.parent.mkdir()
    years = {LESSON: 2025, SECOND: 2026, "results/x": 2024, "holiday.png": 2027}
    with zipfile.ZipFile(path, "w") as archive:
        for name, year in years.items():
            archive.writestr(zipfile.ZipInfo(name, (year if dated else 1980, 1, 2, 3, 4, 6)), "{}")
        if stamp is not None:
            archive.writestr("timestamp.txt", stamp)
    os.utime(path, (0, 0))
    said = collected(tmp_path)["ann"].reason
    assert "timestamp.txt" in said and ("youngest file" if dated else "date of the file itself") in said
    written = (tmp_path / "submitted" / "ann" / ASSIGNMENT / "timestamp.txt").read_text()
    youngest = datetime(2026, 1, 2, 3, 4, 6).astimezone(UTC)
    assert written == (f"{youngest:%Y-%m-%d %H:%M:%S} UTC\n" if dated else "1970-01-01 00:00:00 UTC\n")
    assert collected(tmp_path)["ann"].status == "unchanged"


def test_a_time_in_the_future_keeps_no_later_submission_out(tmp_path: Path) -> None:
    path = tmp_path / "zips" / "ann.zip"
    zip_of(path, {LESSON: "{}", "timestamp.txt": "9999-12-31 23:59:59 UTC"})
    os.utime(path, (2e9, 2e9))  # so does the file
    said = collected(tmp_path)["ann"]
    assert said.status == "new" and "timestamp.txt lies in the future" in said.reason
    written = (tmp_path / "submitted" / "ann" / ASSIGNMENT / "timestamp.txt").read_text()
    assert read_time(written.strip()) <= datetime.now(UTC)
    later = datetime.now(UTC) + timedelta(seconds=2)
    zip_of(path, {LESSON: '"later"', "timestamp.txt": f"{later:%Y-%m-%d %H:%M:%S} UTC"})
    assert collected(tmp_path)["ann"].status == "replaced"


def test_results_are_found_elsewhere_too(tmp_path: Path) -> None:
    zip_of(
        tmp_path / "zips" / "ann.zip", {f"notebooks/{LESSON}": "{}", "colab/results/seed63/config.json": "{}"}
    )
    assert "its results/ was taken from 'colab/results'" in collected(tmp_path)["ann"].reason
    assert "results/seed63/config.json" in tree(tmp_path / "submitted" / "ann" / ASSIGNMENT)


@pytest.mark.parametrize(
    ("files", "kept", "said"),
    [
        ([f"results/{ASSIGNMENT}/{LESSON}"], [], ""),
        ([f"results/{ASSIGNMENT}/{LESSON}", f"results/{ASSIGNMENT}/results/x"], ["results/x"], ""),
        ([f"results/{LESSON}", "results/results/x"], ["results/x"], ""),
        ([f"results/{LESSON}", "results/seed63/results/x"], ["results/x"], "taken from"),
        ([f"results/{LESSON}", "results/seed63/x"], [], "others were not taken"),
        ([LESSON, f"results/{SECOND}", "results/x"], [SECOND, "results/x"], "taken along"),
        ([f"a/{LESSON}", "results/x", "b/results/y"], [], "others were not taken"),
    ],
)
def test_notebooks_may_lie_in_a_folder_of_that_name(
    files: list[str], kept: list[str], said: str, tmp_path: Path
) -> None:
    stamp = f"{files[0].removesuffix(LESSON)}timestamp.txt"
    members = {name: "{}" if name.endswith(".ipynb") else "x" for name in files}
    zip_of(tmp_path / "zips" / "ann.zip", members | {stamp: "2026-11-20 10:00:00 UTC"})
    found = collected(tmp_path)["ann"]
    assert found.status == "new" and said in found.reason and bool(said) == bool(found.reason)
    home = tmp_path / "submitted" / "ann" / ASSIGNMENT
    assert tree(home) == sorted([LESSON, "timestamp.txt", *kept])


def test_a_zip_of_hostile_notebooks_is_read_in_bounds(tmp_path: Path) -> None:
    """What is deep, huge in number, or no JSON at all is known by its name."""
    texts = ["[" * 10**6, '{"cells": ' * 10**5, '{"cells": [' + "[]," * 10**6 + "[]]}", '{"cells": 3}', "\0"]
    texts += ['{"cells": [{"metadata": {"nbgrader": {"grade_id": ["q_sample"]}}, "source": 3}, 7, null]}']
    for i, text in enumerate(texts):
        zip_of(tmp_path / "zips" / f"mallory{i}.zip", {LESSON: text})
    assert {one.status for one in collected(tmp_path).values()} == {"new"}
