"""Right answers pass and wrong ones are named: those of tests/answers/."""

from pathlib import Path

import pytest
from answers.mistakes import WrongAnswer, wrong_answers

from labkit.checks import NamespaceSubject, judge
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.misconceptions.formula import SLIPS_IN_A_FORMULA
from labkit.course.answers import load_answers
from labkit.course.syllabus import TODOS

ANSWERS = Path(__file__).parents[1] / "answers"
RIGHT = sorted(ANSWERS.glob("*/right/*.py"))
WRONG = [wrong for todo in TODOS for wrong in wrong_answers(todo).values()]


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_right_answer_passes(path: Path) -> None:
    verdict = judge(path.parts[-3], NamespaceSubject(load_answers(path)))  # each time with fresh secrets
    assert verdict.passed and verdict.misconception is None, verdict.message


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.todo}-{wrong.name}")
def test_wrong_answer_is_named(wrong: WrongAnswer) -> None:
    verdict = judge(wrong.todo, NamespaceSubject(wrong.load()))
    assert not verdict.passed
    if wrong.misconception == "unnamed":  # no mistake of the catalogue: better no name than a wrong one
        assert verdict.misconception is None, verdict.message
    else:
        assert verdict.misconception == wrong.misconception, verdict.message
        assert wrong.misconception in MISCONCEPTIONS


PROVEN_ELSEWHERE = {
    "missing": "checks/test_check.py",
    "stale": "checks/test_check.py",
    "endless": "checks/test_check.py",
    "wrong_dtype": "checks/test_check.py",
    "network_without_t": "checks/test_asking.py",
    "empty": "grading/test_classrun.py",
    "untrained": "checks/test_trained_model.py",
    "hardly_trained": "checks/test_trained_model.py",
    "copied_data": "checks/test_faces.py",
    "no_faces": "checks/test_faces.py",
    "figure_off": "test_class.py",
    "figure_changed": "checks/test_check.py",
}
"""Mistakes that are no answer's own"""


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_each_name_is_proven_by_an_answer_that_earns_it(name: str) -> None:
    if name in PROVEN_ELSEWHERE:
        assert f'"{name}"' in (ANSWERS.parent / PROVEN_ELSEWHERE[name]).read_text(encoding="utf-8")
    elif name not in SLIPS_IN_A_FORMULA.mistakes:  # those are made of the formula: test_formulas.py
        assert any(wrong.misconception == name for wrong in WRONG)


@pytest.mark.parametrize("todo", TODOS)
def test_the_catalogue_is_large_enough(todo: str) -> None:
    assert sum(path.parts[-3] == todo for path in RIGHT) >= 5, "write more right answers, each differently"
    names = {wrong.misconception for wrong in wrong_answers(todo).values()}
    assert len(names) >= 10, "write more wrong answers, with other mistakes"
