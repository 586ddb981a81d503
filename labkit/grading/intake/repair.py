"""Puts a submitted notebook back into the shape that nbgrader relies on, before anything is graded.

Students copy, delete and convert cells. Stock nbgrader stops the grading of the whole class at a duplicated
test cell and loses a submission at an unreadable notebook. Here the released notebook says what must be
there; what was mended is kept as remarks, one sentence each, in the notebook's metadata (`labkit.remarks`).
`form` has read it before, as a notebook that is whole.
"""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_locked, is_solution

from labkit.grading.intake.additions import keep_additions
from labkit.grading.intake.answer_hash import answer_hashes
from labkit.grading.intake.form import NEW_CELL, UnreadableError, read_notebook

_ROLE = ("grade", "solution", "locked", "task", "points")


class ForgivingExporter(NotebookExporter):
    """Reads a submission; in the place of a file that is no notebook it takes the released one, unsolved."""

    def from_file(  # type: ignore[override]  # as its from_notebook_node, which says so itself
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        resources = resources or {}
        try:
            notebook, resources["cut"] = read_notebook(file_stream.buffer)
        except UnreadableError as error:
            self.log.warning("Not a notebook: %s", error.__cause__ or error)
            notebook = released_notebook(cast(Any, self.parent).coursedir, resources["nbgrader"])
            resources["unreadable"] = f"{error}; it was graded as an empty one."
        return self.from_notebook_node(notebook, resources, **kwargs)


class RepairCells(NbGraderPreprocessor):
    """The first of Autograde.sanitize_preprocessors: repairs the cells, keeps the remarks.

    `labkit.answers` in the notebook's metadata says from here on which answers were handed in: what is shown
    of them later is cleaned, by one version of a parser or another.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        remarks = repair(nb, released_notebook(self.parent.parent.coursedir, resources["nbgrader"]))
        remarks = [resources["unreadable"]] if "unreadable" in resources else resources["cut"] + remarks
        nb.metadata["labkit"] = from_dict({"remarks": remarks, "answers": answer_hashes(nb)})
        for remark in remarks:
            self.log.warning(remark)
        return nb, resources


def released_notebook(coursedir: Any, names: dict[str, str]) -> NotebookNode:
    """The notebook as students got it; `names` has the keys assignment and notebook."""
    folder = coursedir.format_path(coursedir.release_directory, ".", names["assignment"])
    return nbformat.read(Path(folder) / f"{names['notebook']}.ipynb", as_version=4)


def repair(submitted: NotebookNode, released: NotebookNode) -> list[str]:
    """Makes every marked cell of `released` appear in `submitted` exactly once, with its own metadata.

    Changes `submitted` in place; returns what was mended, a sentence each. Answers are kept: a cell that has
    lost its mark is recognised by its id, its text or the name that it defines.
    """
    remarks: list[str] = []
    marked = {_grade_id(cell): cell for cell in released.cells if _grade_id(cell)}
    found = _claims(submitted, marked, remarks)
    for grade_id in marked:
        if grade_id not in found and (cell := _recognise(grade_id, submitted, released, found)) is not None:
            found[grade_id] = cell
            remarks.append(f"Cell {grade_id} had lost its mark; it was recognised and graded.")
    for grade_id, original in marked.items():
        if grade_id not in found:
            found[grade_id] = _insert(original, submitted, released, found)
            remarks.append(f"Cell {grade_id} was missing; it was put in as released.")
        else:
            _turn_back(found[grade_id], original.cell_type)
            additions = []
            if not _is_as_handed_out(found[grade_id]):  # else what is not in the release was the course's own
                additions = keep_additions(submitted, found[grade_id], original)
            remarks += _restore(found[grade_id], original, grade_id) + additions
    kept = {id(cell) for cell in found.values()}
    for cell in submitted.cells:
        if id(cell) not in kept:
            cell.metadata = NotebookNode()
    return remarks


def _claims(
    submitted: NotebookNode, marked: dict[str, NotebookNode], remarks: list[str]
) -> dict[str, NotebookNode]:
    """grade_id → the one cell that bears it. Of several copies it is the last that was worked on."""
    copies: dict[str, list[NotebookNode]] = {}
    for cell in submitted.cells:
        if _grade_id(cell) in marked:
            copies.setdefault(_grade_id(cell), []).append(cell)
    found = {}
    for grade_id, cells in copies.items():
        original = marked[grade_id]
        worked_on = [cell for cell in cells if cell.source.strip() != original.source.strip()]
        found[grade_id] = (worked_on or cells)[-1] if is_solution(original) else cells[-1]
        if len(cells) > 1:
            remarks.append(f"Cell {grade_id} was there {len(cells)} times; one of the copies was graded.")
        if is_solution(original) and worked_on:  # an empty copy further down would undo the answer
            untouched = {id(cell) for cell in cells} - {id(cell) for cell in worked_on}
            submitted.cells = [cell for cell in submitted.cells if id(cell) not in untouched]
    return found


def _recognise(
    grade_id: str, submitted: NotebookNode, released: NotebookNode, found: dict[str, NotebookNode]
) -> NotebookNode | None:
    """The cell that once was `grade_id`: same id, else same text, same definition, same neighbour."""
    original = next(cell for cell in released.cells if _grade_id(cell) == grade_id)
    taken = {id(cell) for cell in found.values()}
    # A text that other released cells have is theirs: an answer is never mistaken for the lesson's prose.
    prose = {cell.source.strip() for cell in released.cells if not _grade_id(cell)}
    free = [
        cell for cell in submitted.cells if id(cell) not in taken and cell.cell_type == original.cell_type
    ]
    by_id = [cell for cell in free if cell.get("id") == original.get("id")]
    by_text = [cell for cell in free if cell.source.strip() == original.source.strip()]
    matches = by_id or by_text
    if not matches and is_solution(original):
        free = [cell for cell in free if cell.source.strip() not in prose]
        names = _definitions(original.source)
        matches = [cell for cell in free if names & _definitions(cell.source)]
        if not matches and not names:
            before = _before(original, submitted, released, found)
            matches = [
                cell for cell in submitted.cells[before + 1 : before + 2] if any(cell is c for c in free)
            ]
    return matches[-1] if matches else None


def _insert(
    original: NotebookNode, submitted: NotebookNode, released: NotebookNode, found: dict[str, NotebookNode]
) -> NotebookNode:
    cell = deepcopy(original)
    submitted.cells.insert(_before(original, submitted, released, found) + 1, cell)
    return cell


def _before(
    original: NotebookNode, submitted: NotebookNode, released: NotebookNode, found: dict[str, NotebookNode]
) -> int:
    """Where the nearest earlier cell of the released notebook stands in the submission, or -1."""
    place = next(i for i, cell in enumerate(released.cells) if cell is original)
    for earlier in reversed(released.cells[:place]):
        for i, cell in enumerate(submitted.cells):
            if cell is found.get(_grade_id(earlier)) or (
                not _grade_id(earlier) and cell.source.strip() == earlier.source.strip()
            ):
                return i
    return -1


def _turn_back(cell: NotebookNode, kind: str) -> None:
    """Make it code, or text, again: a key pressed outside a cell is enough to turn it into the other."""
    if cell.cell_type != kind:
        fresh = NEW_CELL[kind](cell.source, id=cell.id)
        cell.clear()
        cell.update(fresh)


def _restore(cell: NotebookNode, original: NotebookNode, grade_id: str) -> list[str]:
    """Only what a student did is said: the course may have changed since their copy was handed out."""
    remarks, is_edited = [], False
    theirs, ours = cell.metadata.get("nbgrader"), original.metadata.nbgrader
    released = ours.get("checksum")
    if _is_as_handed_out(cell):
        if cell.cell_type == "code" and theirs["checksum"] != released:
            cell.outputs = []  # they were those of an earlier release
        cell.source = original.source
    elif isinstance(theirs, dict) and theirs.get("checksum", released) == released:
        if any(theirs.get(key) != ours.get(key) for key in _ROLE):
            remarks.append(f"The settings of cell {grade_id} had been changed; they were restored.")
        is_edited = cell.source != original.source
    else:
        is_edited = isinstance(theirs, dict)
    if is_locked(original):
        if is_edited:
            remarks.append(f"Cell {grade_id} had been edited; it was restored.")
        cell.source = original.source
    cell.metadata = deepcopy(original.metadata)
    return remarks


def _is_as_handed_out(cell: NotebookNode) -> bool:
    """Whether a cell, by the checksum that nbgrader gave it at its release, is what the student got then."""
    try:
        return cell.metadata["nbgrader"]["checksum"] == compute_checksum(cell)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # a mark of any shape
        return False


def _grade_id(cell: NotebookNode) -> str:
    mark = cell.metadata.get("nbgrader")
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    return grade_id if isinstance(grade_id, str) else ""


def _definitions(source: str) -> set[str]:
    return set(re.findall(r"^(?:class|def)\s+(\w+)", source, flags=re.MULTILINE))
