"""Points given by hand belong to the answer that they were given for.

nbgrader keeps them whatever is handed in later. Here they are set aside before a submission is graded again,
and given back where the same answer is there again; another answer is open, as if nobody had looked at it.
"""

import hashlib
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Base, Grade, Gradebook, SubmittedAssignment
from nbgrader.utils import is_solution
from sqlalchemy import Column, Float, String


class SetAside(Base):
    """In the gradebook, beside nbgrader's tables: what a person gave last, and for which answer."""

    __tablename__ = "labkit_set_aside"
    grade_id = Column(String(32), primary_key=True)
    answer = Column(String(64), nullable=False)
    """the fingerprint of the answer; empty where nobody knows it any more"""
    manual_score = Column(Float())
    extra_credit = Column(Float())

    @property
    def points(self) -> float:
        return (self.manual_score or 0.0) + (self.extra_credit or 0.0)


def set_aside(gradebook: Gradebook, submission: SubmittedAssignment, autograded: Path) -> None:
    """Take what a person gave out of the scores; `autograded` holds the notebooks that the person saw."""
    for notebook in submission.notebooks:
        given = [grade for grade in notebook.grades if _is_given(grade)]
        path = autograded / f"{notebook.name}.ipynb"
        seen = nbformat.read(path, as_version=4) if given and path.is_file() else None
        for grade in given:
            # What nbgrader wants to have looked at again was given for an answer that is gone.
            answer = "" if seen is None or grade.needs_manual_grade else fingerprint(seen, grade.name)
            gradebook.db.merge(
                SetAside(
                    grade_id=grade.id,
                    answer=answer,
                    manual_score=grade.manual_score,
                    extra_credit=grade.extra_credit,
                )
            )
            grade.manual_score = grade.extra_credit = None
            grade.needs_manual_grade = True


def give_back(gradebook: Gradebook, submission: SubmittedAssignment, autograded: Path) -> None:
    """Count again what was set aside for the answers that are in the notebooks of `autograded` now."""
    for notebook in submission.notebooks:
        path = autograded / f"{notebook.name}.ipynb"
        aside = {grade: found for grade in notebook.grades if (found := find_set_aside(gradebook, grade))}
        shown = nbformat.read(path, as_version=4) if aside and path.is_file() else None
        for grade, found in aside.items():
            if shown is not None and found.answer == fingerprint(shown, grade.name):
                grade.manual_score, grade.extra_credit = found.manual_score, found.extra_credit
                grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None


def find_set_aside(gradebook: Gradebook, grade: Grade) -> SetAside | None:
    """What a person gave for another answer than the one that is graded now."""
    return None if _is_given(grade) else gradebook.db.get(SetAside, grade.id)


def forget(gradebook: Gradebook, grade: Grade) -> None:
    """What counts again is not set aside any more: whoever takes it back later has the last word."""
    if _is_given(grade) and (found := gradebook.db.get(SetAside, grade.id)):
        gradebook.db.delete(found)


def fingerprint(notebook: NotebookNode, grade_id: str) -> str:
    """Of the answer that a graded cell is about: its own text, or for a test the code that it tests.

    A test without a cell of its own, as of a training, is about all answers in its notebook.
    """
    answers = {cell.metadata.nbgrader.get("grade_id"): cell for cell in notebook.cells if is_solution(cell)}
    own = answers.get(grade_id) or answers.get(grade_id.removeprefix("check_"))
    cells = answers.values() if own is None else [own]
    text = json.dumps([[cell.source.strip(), cell.get("attachments", {})] for cell in cells], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_given(grade: Grade) -> bool:
    return grade.manual_score is not None or grade.extra_credit is not None
