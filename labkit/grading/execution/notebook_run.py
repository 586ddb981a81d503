"""Runs a submitted notebook: the student's cells in a sandbox, the test cells outside it.

Points come first: the cells are run that the tests read names of. Where a test is not passed by these, its
answer is tried beside nothing but the course's own cells, whatever another cell broke; and at last with all
cells, in case it needs what another one of the student's does.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from labkit.course.syllabus import LOOKS
from labkit.grading.execution.needed import needed
from labkit.grading.execution.testcell import points_of, run_test_cell
from labkit.grading.isolation import Damage, Sandbox, SandboxSubject, Session
from labkit.grading.isolation.session import error_output

_ENDLESS = "CellTimeoutError"
_NAMES = {"endless": _ENDLESS, "flooded": "TooMuchOutput"}
_DIED = "DeadKernelError"

_SECOND_TRY = 0.25
"""Of its time has a cell that was stopped, where it is tried once more."""

SecondsFor = Callable[[NotebookNode], float]


def run_notebook(
    notebook: NotebookNode,
    tests: dict[str, str],
    sandbox: Sandbox,
    seconds_for: SecondsFor,
    seconds: float,
    released: Collection[str] = (),
) -> None:
    """Fill the outputs of the code cells, in place; no exception of a student's code gets out of here.

    `tests` has the source of each test cell by its grade_id: what stands in the notebook is not run.
    `released` are the texts of the lesson's cells as students got them, stripped: no answer needs those that
    `needed` leaves out. All together may take `seconds`. A cell that loops, dies, floods its output or eats
    the memory costs its own TODO: it gets an error as its output, and the others are run and judged. A cell
    that no points depend on is not run, and keeps the outputs that it has.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in filter(_is_test, cells):
        cell.source, cell.outputs = tests[_grade_id(cell)], []
    run = _Run(sandbox, seconds_for, time.monotonic() + seconds)

    judged = list(filter(_is_test, cells))
    chosen = needed([cell.source for cell in cells], [test.source for test in judged])
    first = [
        cell
        for cell, is_needed in zip(cells, chosen, strict=True)
        if is_needed or _is_test(cell) or is_solution(cell)
    ]
    run.play(first, judged)
    for test in filter(_has_failed, judged):
        if LOOKS.get(_answer_to(test)) == ():
            continue  # no cell changes what was trained
        alone = [cell for cell in cells if _is_the_courses(cell) or _grade_id(cell) == _answer_to(test)]
        students = [_grade_id(cell) for cell in _until(test, first) if not is_locked(cell)]
        brought = [cell for cell in first if is_locked(cell) and not _is_the_courses(cell)]
        if _answer_to(test) in students and (brought or students != [_answer_to(test)]):
            run.play(_until(test, alone), [test], is_shown=False)
            own = _with_helpers(cells, alone, test)
            if _has_failed(test) and len(_until(test, own)) > len(_until(test, alone)):
                run.play(_until(test, own), [test], is_shown=False)
    stopped = {
        _grade_id(cell) for cell in first if _were_stopped(cell.outputs)
    }  # other cells will not mend these
    failed = [
        test
        for test in filter(_has_failed, judged)
        if _answer_to(test) not in stopped and LOOKS.get(_answer_to(test)) != ()
    ]
    tried = {id(cell) for cell in first}
    left_out = [cell for cell in _until(failed[-1], cells) if id(cell) not in tried] if failed else []
    if any(cell.source.strip() not in ("", *released) for cell in left_out):
        run.play(_until(failed[-1], cells), failed)


@dataclass
class _Run:
    sandbox: Sandbox
    seconds_for: SecondsFor
    until: float
    stopped: set[int] = field(default_factory=set)
    """id() of the cells that did not come to their end"""

    def play(
        self, cells: list[NotebookNode], judged: Collection[NotebookNode], is_shown: bool = True
    ) -> None:
        """Run cells in a fresh shell, and those tests among them that are to be judged.

        A test keeps the better of its results, a cell the last of its outputs where these are to be shown.
        """
        session, wanted = Session(self.sandbox, self.until), {id(test) for test in judged}
        try:
            for cell in cells:
                limit = float(self.seconds_for(cell)) * (_SECOND_TRY if id(cell) in self.stopped else 1)
                left = min(limit, self.until - time.monotonic())
                if _is_test(cell):
                    if id(cell) in wanted:
                        _judge(cell, session, left, is_shown)
                    continue
                outputs = _run(session, cell, left)
                if _were_stopped(outputs):
                    self.stopped.add(id(cell))
                if is_shown:
                    cell.outputs, cell.execution_count = outputs, None
        finally:
            session.close()


def _with_helpers(
    cells: list[NotebookNode], alone: list[NotebookNode], test: NotebookNode
) -> list[NotebookNode]:
    """`alone`, and those cells without a mark that its answer reads names of: no other TODO's."""
    places = {id(cell) for cell in alone}
    tried = [cell for cell in cells if id(cell) in places or not _grade_id(cell)]
    chosen = needed([cell.source for cell in tried], [test.source])
    return [cell for cell, one in zip(tried, chosen, strict=True) if one or id(cell) in places]


def _judge(test: NotebookNode, session: Session, seconds: float, is_shown: bool) -> None:
    if seconds > 0:
        outputs = run_test_cell(test.source, SandboxSubject(session, seconds))
        gained = points_of(outputs) - points_of(test.outputs)
        if not test.outputs or gained > 0 or (gained == 0 and is_shown):
            test.outputs, test.execution_count = outputs, None
    elif not test.outputs:
        test.outputs = [_no_time_left()]


def _run(session: Session, cell: NotebookNode, seconds: float) -> list[NotebookNode]:
    if seconds <= 0:
        return [_no_time_left()]
    try:
        return session.run_cell(cell.source, seconds)
    except Damage as damage:
        return [*damage.outputs, error_output(_NAMES.get(damage.kind, _DIED), str(damage))]


def _no_time_left() -> NotebookNode:
    return error_output(_ENDLESS, "The submission as a whole took too long; this cell did not run.")


def _is_test(cell: NotebookNode) -> bool:
    return is_grade(cell) and not is_solution(cell)


def _is_the_courses(cell: NotebookNode) -> bool:
    """Whether a cell runs the course's code alone; `q_sample = answer("q_sample")` runs a student's."""
    return is_locked(cell) and "answer(" not in cell.source


def _has_failed(cell: NotebookNode) -> bool:
    return _is_test(cell) and points_of(cell.outputs) < cell.metadata.nbgrader["points"]


def _were_stopped(outputs: list[NotebookNode]) -> bool:
    return any(output.get("ename") in (*_NAMES.values(), _DIED) for output in outputs)


def _until(last: NotebookNode, cells: list[NotebookNode]) -> list[NotebookNode]:
    place = next(number for number, cell in enumerate(cells) if cell is last)
    return cells[: place + 1]


def _answer_to(test: NotebookNode) -> str:
    return _grade_id(test).removeprefix("check_")


def _grade_id(cell: NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")
