"""What a clone of the course's repository has and a released course has not: solutions and model answers."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from labkit.course.syllabus import LESSONS, TODOS, assignment_of
from labkit.errors import CourseError
from labkit.notebooks.reading import cells_in, mark_of

_SOLUTIONS, _ANSWERS = Path("solutions"), Path("tests/answers")


class RightAnswer(NamedTuple):
    """One of the answers on which the checks are tried."""

    says: str
    """What it does, in a sentence"""
    code: str


class ModelAnswer(NamedTuple):
    """What a question in words asks for, with the rubric by which it is graded."""

    lesson: str
    markdown: str


@dataclass(frozen=True)
class Clone:
    """A clone of the course's repository."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> "Clone | None":
        """The clone that a folder lies in; None where it lies in none, as a released course does."""
        folder = folder.resolve()
        for root in (folder, *folder.parents):
            if (root / _SOLUTIONS).is_dir() and (root / _ANSWERS).is_dir():
                return cls(root)
        return None

    def solution(self, todo: str) -> str:
        """The course's own code for a TODO; raises CourseError where it cannot be read."""
        for cell in self._solved(TODOS[todo]):
            if mark_of(cell).get("grade_id") == todo:
                return _without_markers(cell["source"])
        raise CourseError(f"There is no cell {todo} in the solutions of {self.root}: update your clone.")

    def other_answers(self, todo: str) -> list[RightAnswer]:
        """Right answers that think otherwise than the course's own: those in second_looks.toml."""
        try:
            names = tomllib.loads((self.root / _ANSWERS / "second_looks.toml").read_text(encoding="utf-8"))
            files = [self.root / _ANSWERS / todo / "right" / f"{name}.py" for name in names.get(todo, [])]
            texts = [file.read_text(encoding="utf-8") for file in files]
        except (OSError, ValueError) as error:
            raise CourseError(f"The answers in {self.root / _ANSWERS} cannot be read: {error}.") from None
        parts = (text.partition("\n") for text in texts)
        return [RightAnswer(says.strip('" '), code.strip()) for says, _, code in parts]

    @cached_property
    def model_answers(self) -> dict[str, ModelAnswer]:
        """Question in words → its model answer; raises CourseError where the solutions cannot be read."""
        return {
            mark["grade_id"]: ModelAnswer(lesson, _without_markers(cell["source"]))
            for lesson in LESSONS
            for cell in self._solved(lesson)
            if cell["cell_type"] == "markdown" and (mark := mark_of(cell)).get("solution")
        }

    def _solved(self, lesson: str) -> list[dict[str, Any]]:
        path = self.root / _SOLUTIONS / str(assignment_of(lesson)) / f"{lesson}.ipynb"
        try:
            return cells_in(path)
        except (OSError, ValueError):
            raise CourseError(f"{path} cannot be read: take a fresh copy from the course.") from None


def _without_markers(source: str) -> str:
    return "\n".join(
        line for line in source.splitlines() if "### BEGIN" not in line and "### END" not in line
    )
