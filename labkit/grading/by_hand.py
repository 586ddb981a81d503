"""Points given by hand belong to the answer that they were given for.

nbgrader keeps them whatever is handed in later. Here they are set aside before a submission is graded again,
and given back where the same answer is there again; another answer is open, as if nobody had looked at it.
"""

from pathlib import Path

import nbformat
from nbgrader.api import Base, Grade, Gradebook, SubmittedAssignment
from sqlalchemy import Boolean, Column, Float, String


class SetAside(Base):
    """In the gradebook, beside nbgrader's tables: what a person gave last, and for which answer."""

    __tablename__ = "labkit_points_by_hand"
    grade_id = Column(String(32), primary_key=True)
    answer = Column(String(64), nullable=False)
    """the hash of the answer; empty where nobody knows it"""
    manual_score = Column(Float())
    extra_credit = Column(Float())
    auto_score = Column(Float())
    """what the check said when the points were given"""
    is_open: Column[bool] = Column(Boolean(), nullable=False)
    """whether nbgrader wanted to have it looked at again, as its own autograde does"""

    @property
    def points(self) -> float:
        return float(self.manual_score or 0.0) + float(self.extra_credit or 0.0)


def set_aside(gradebook: Gradebook, submission: SubmittedAssignment, autograded: Path) -> None:
    """Take what a person gave out of the scores; `autograded` holds the notebooks that the person saw."""
    for notebook in submission.notebooks:
        if given := [grade for grade in notebook.grades if _is_given(grade)]:
            seen = _noted_answers(autograded / f"{notebook.name}.ipynb") or {}
            for grade in given:
                gradebook.db.merge(
                    SetAside(
                        grade_id=grade.id,
                        answer=seen.get(grade.name, ""),
                        manual_score=grade.manual_score,
                        extra_credit=grade.extra_credit,
                        auto_score=grade.auto_score,
                        is_open=grade.needs_manual_grade,
                    )
                )
                grade.manual_score = grade.extra_credit = None
                grade.needs_manual_grade = True


def give_back(gradebook: Gradebook, submission: SubmittedAssignment, autograded: Path) -> None:
    """Count again what was set aside for the answers that are in the notebooks of `autograded` now.

    It is open where nobody knows which answer it was for, and where the check that it overruled says
    something else now: the answer is the same, but not what it calls, or the check itself.
    """
    for notebook in submission.notebooks:
        aside = {grade: found for grade in notebook.grades if (found := find_set_aside(gradebook, grade))}
        answers = _noted_answers(autograded / f"{notebook.name}.ipynb") if aside else None
        for grade, found in aside.items():
            if answers is not None and found.answer in ("", answers.get(grade.name)):
                grade.manual_score, grade.extra_credit = found.manual_score, found.extra_credit
                is_known = found.answer != "" and found.auto_score == grade.auto_score
                grade.needs_manual_grade = found.is_open or not is_known


def find_set_aside(gradebook: Gradebook, grade: Grade) -> SetAside | None:
    """What a person gave for another answer than the one that is graded now."""
    return None if _is_given(grade) else gradebook.db.get(SetAside, grade.id)


def forget(gradebook: Gradebook, grade: Grade) -> None:
    """What counts again is not set aside any more: whoever takes it back later has the last word."""
    if _is_given(grade) and (found := gradebook.db.get(SetAside, grade.id)):
        gradebook.db.delete(found)


def _is_given(grade: Grade) -> bool:
    return grade.manual_score is not None or grade.extra_credit is not None


def _noted_answers(path: Path) -> dict[str, str] | None:
    """What RepairCells noted in an autograded notebook: nothing in an earlier labkit's. None without one."""
    if not path.is_file():
        return None
    return nbformat.read(path, as_version=4).metadata.get("labkit", {}).get("answers", {})
