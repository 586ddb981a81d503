"""What grading found goes into the gradebook as a whole, or not at all."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import MissingEntry

from labkit.errors import CourseError
from labkit.grading.by_hand import find_set_aside
from labkit.grading.classrun.entry import (
    Entry,
    Score,
    clear_scores,
    copy_gradebook,
    read_entry,
    write_entry,
)
from labkit.grading.course_folder import Course

ASSIGNMENT = "arithmetic"


@pytest.fixture
def course(released_folder: Path) -> Course:
    return Course.open(released_folder)


@pytest.fixture
def entry(course: Course) -> Entry:
    """Of a submission that the course does not know yet; every score is 1."""
    with course.gradebook() as gradebook:
        notebooks = gradebook.find_assignment(ASSIGNMENT).notebooks
        grades = [(notebook.name, cell.name) for notebook in notebooks for cell in notebook.grade_cells]
        answers = [(notebook.name, cell.name) for notebook in notebooks for cell in notebook.solution_cells]
        names = [notebook.name for notebook in notebooks]
    assert grades
    return Entry(
        None, dict.fromkeys(grades, Score(1.0)), dict.fromkeys(answers, None), dict.fromkeys(names, 0.5)
    )


def test_what_is_written_is_read(course: Course, entry: Entry) -> None:
    write_entry(course, ASSIGNMENT, "ann", entry)
    with course.gradebook() as gradebook:
        assert read_entry(gradebook, ASSIGNMENT, "ann") == entry


def test_what_cannot_be_written_wholly_leaves_nothing(course: Course, entry: Entry) -> None:
    most = list(entry.scores)[:-1]
    with pytest.raises(KeyError):
        write_entry(course, ASSIGNMENT, "ann", replace(entry, scores=dict.fromkeys(most, Score(1.0))))
    with course.gradebook() as gradebook:
        with pytest.raises(MissingEntry):
            gradebook.find_submission(ASSIGNMENT, "ann")
        with pytest.raises(MissingEntry):
            gradebook.find_student("ann")


def test_what_an_earlier_version_got_is_taken_back_and_what_a_person_gave_is_set_aside(
    course: Course, entry: Entry
) -> None:
    notebook, grade_id = next(iter(entry.scores))
    given = Score(1.0, False, 0.25, 0.5)
    late = replace(
        entry, timestamp=datetime(2026, 1, 1), scores={**entry.scores, (notebook, grade_id): given}
    )
    write_entry(course, ASSIGNMENT, "ann", late)
    clear_scores(course, ASSIGNMENT, ["ann", "nobody"])
    with course.gradebook() as gradebook:
        cleared = read_entry(gradebook, ASSIGNMENT, "ann")
        grade = gradebook.find_grade(grade_id, notebook, ASSIGNMENT, "ann")
        aside = find_set_aside(gradebook, grade)
        assert (aside.manual_score, aside.extra_credit, grade.score) == (0.25, 0.5, 0)
    assert {(one.auto_score, one.manual_score, one.extra_credit) for one in cleared.scores.values()} == {
        (None, None, None)
    }
    assert cleared.timestamp is None and set(cleared.penalties.values()) == {None}


def test_what_counts_again_is_not_kept_aside(course: Course, entry: Entry) -> None:
    key = next(iter(entry.scores))
    given = replace(entry, scores={**entry.scores, key: Score(1.0, False, 0.25)})
    write_entry(course, ASSIGNMENT, "ann", given)
    clear_scores(course, ASSIGNMENT, ["ann"])
    write_entry(course, ASSIGNMENT, "ann", given)
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade(key[1], key[0], ASSIGNMENT, "ann")
        assert grade.score == 0.25
        grade.manual_score = None  # whoever takes it back has the last word
        assert find_set_aside(gradebook, grade) is None


@pytest.mark.parametrize("name", ["course", "a#b", "ä ö"])
def test_a_copy_is_a_gradebook_of_its_own(
    name: str, released_folder: Path, entry: Entry, tmp_path: Path
) -> None:
    course = Course.open(released_folder.rename(tmp_path / name))
    copy_gradebook(course, tmp_path / "copy.db")
    write_entry(course, ASSIGNMENT, "ann", entry)
    course.config.CourseDirectory.db_url = f"sqlite:///{tmp_path / 'copy.db'}"
    with course.gradebook() as gradebook:
        assert gradebook.find_assignment(ASSIGNMENT).name == ASSIGNMENT
        with pytest.raises(MissingEntry):
            gradebook.find_submission(ASSIGNMENT, "ann")


@pytest.mark.parametrize("name", ["a?b", "50%41"])
def test_a_path_that_sqlite_reads_otherwise_is_one_sentence(
    name: str, released_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(CourseError, match="rename the folder"):
        Course.open(released_folder.rename(tmp_path / name))


def test_a_gradebook_that_is_none_is_one_sentence(course: Course, tmp_path: Path) -> None:
    (course.root / "gradebook.db").write_text("no database, but long enough for one" * 100)
    with pytest.raises(CourseError, match="cannot be read"):
        copy_gradebook(course, tmp_path / "copy.db")


def test_another_kind_of_gradebook_is_one_sentence(course: Course, tmp_path: Path) -> None:
    course.config.CourseDirectory.db_url = "postgresql://localhost/course"
    with pytest.raises(CourseError, match="SQLite gradebook; this course has postgresql"):
        copy_gradebook(course, tmp_path / "copy.db")
