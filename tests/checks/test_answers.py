"""Right answers pass and wrong ones are named: the files of tests/answers/."""

from pathlib import Path

import pytest

from labkit.answers import load_answers
from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.course import TODOS

ANSWERS = Path(__file__).parents[1] / "answers"
RIGHT = sorted(ANSWERS.glob("*/right/*.py"))
WRONG = sorted(ANSWERS.glob("*/wrong/*.py"))


def verdict_on(path: Path) -> Verdict:
    return judge(path.parts[-3], NamespaceSubject(load_answers(path)))


def name(path: Path) -> str:
    return f"{path.parts[-3]}-{path.stem}"


@pytest.mark.parametrize("path", RIGHT, ids=name)
def test_right_answer_passes(path: Path) -> None:
    verdict = verdict_on(path)  # the secrets are fresh in each run of the tests
    assert verdict.passed and verdict.misconception is None, verdict.message


@pytest.mark.parametrize("path", WRONG, ids=name)
def test_wrong_answer_is_named(path: Path) -> None:
    verdict = verdict_on(path)
    expected = path.stem.split("__")[0]
    assert not verdict.passed
    if expected == "unnamed":  # no mistake of the catalogue: better no name than a wrong one
        assert verdict.misconception is None, verdict.message
    else:
        assert verdict.misconception == expected, verdict.message
        assert expected in MISCONCEPTIONS


@pytest.mark.parametrize("todo", TODOS)
def test_the_catalogue_is_large_enough(todo: str) -> None:
    assert sum(path.parts[-3] == todo for path in RIGHT) >= 5
    assert len({path.stem.split("__")[0] for path in WRONG if path.parts[-3] == todo}) >= 10
