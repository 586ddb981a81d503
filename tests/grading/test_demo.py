"""The example class is what it says it is: its answers are right or wrong in the way that is told."""

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import labkit.grading.demo as demo
from labkit.checks import NamespaceSubject, judge
from labkit.course.syllabus import TODOS
from labkit.grading.demo import CLASS
from labkit.networks import TimeLinear
from labkit.schedules import extract

SNIPPETS = Path(demo.__file__).parent / "example_class"


def verdict(student, todo):
    """Of one answer, with the student's other answers beside it."""
    names = {"torch": torch, "nn": nn, "F": F, "TimeLinear": TimeLinear, "extract": extract}
    for snippet in student.answers.values():
        exec((SNIPPETS / f"{snippet}.py").read_text(encoding="utf-8"), names)
    return judge(todo, NamespaceSubject(names), seed=0)


def test_there_are_eight_and_no_snippet_is_left_over():
    assert len({student.name for student in CLASS}) == 8
    used = {snippet for student in CLASS for snippet in student.answers.values()}
    assert used == {path.stem for path in SNIPPETS.glob("*.py")}


(different,) = [student for student in CLASS if set(student.answers) == set(TODOS)]
wrong = [student for student in CLASS if len(student.answers) == 2 and "never end" not in student.story]


@pytest.mark.parametrize("todo", TODOS)
def test_answers_that_are_written_differently_are_right(todo):
    found = verdict(different, todo)
    assert found.score == 1, found


@pytest.mark.parametrize("student", wrong, ids=lambda student: student.name)
def test_typical_mistakes_are_named(student):
    for todo in student.answers:
        found = verdict(student, todo)
        assert found.score == 0
        assert found.misconception is not None, found


def test_three_students_have_one_typical_mistake_in_each_task():
    assert len(wrong) == 3
