"""`make notebooks`: lesson scripts → executed solutions → the notebooks that students get.

`python -m labkit.grading.release.build [--force] [--into FOLDER] [ASSIGNMENT ...]`

solutions/<assignment>/NN_name.py is the only text that is edited. Where its code differs from that of the
.ipynb beside it (or with --force), all cells run, in order, in a copy of the folder, so that no results/
appear among the solutions; where only its prose does, the outputs stay. They are kept without whatever
differs from run to run. nbgrader then makes notebooks/<assignment> from it.
"""

import argparse
import hashlib
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import cast

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.utils import capture_log
from rich.console import Console
from traitlets.config import Config

from labkit.atomic import write_atomically
from labkit.checks.verdict import MIME
from labkit.course.syllabus import TODOS
from labkit.errors import CourseError
from labkit.grading.course_folder import Course

START_PAGE = Path("00_start_here.py")
"""In solutions/; students get it as it is, beside the folders of the lessons."""

_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_WIDGETS = ("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json")
_console = Console(stderr=True)


def build(course: Course, assignments: list[str], into: Path, force: bool = False) -> list[Path]:
    """Brings solutions/ and notebooks/ under `into` up to date; returns the files that changed.

    Raises CourseError where a solution raises, or nbgrader refuses one.
    """
    changed = []
    for assignment in assignments:
        course.require_assignment(assignment)
        changed += execute_changed(course.step("source") / assignment, into / "solutions" / assignment, force)
        changed += release_into(course, into / "solutions", assignment, into / "notebooks" / assignment)
    source, start = course.step("source") / START_PAGE, into / "notebooks" / f"{START_PAGE.stem}.ipynb"
    if source.is_file() and _write(start, read_lesson(source)):
        changed.append(start)
    return changed


def execute_changed(sources: Path, target: Path, force: bool) -> list[Path]:
    """Executes the scripts in `sources` whose code differs from that of the notebooks in `target`."""
    scripts = sorted(sources.glob("[0-9]*.py"))
    if not scripts:
        raise CourseError(f"There are no lessons in {sources}: they are scripts named like 01_name.py.")
    changed = []
    with tempfile.TemporaryDirectory() as scratch:
        workplace = Path(scratch) / sources.name  # a lesson reads the answers in the lessons before it
        workplace.mkdir()
        for script in scripts:
            path = target / f"{script.stem}.ipynb"
            lesson = read_lesson(script)
            before = nbformat.read(path, as_version=4) if path.exists() and not force else None
            if before is None or not _take_outputs(lesson, before):
                _console.print(f"running {script.name}")
                nbformat.write(lesson, workplace / path.name)
                execute(lesson, str(script), workplace)
                _demand_right_answers(lesson, script.name)
                lesson.metadata = nbformat.from_dict(_METADATA)
                for cell in lesson.cells:
                    if cell.cell_type == "code":
                        cell.outputs = _stable(cell.outputs, f"{script.name}, {cell.id}")
            if _write(path, lesson):
                changed.append(path)
            shutil.copy(path, workplace)
    return changed


def _runs_as(cell: NotebookNode) -> tuple:
    """What of a cell its outputs depend on."""
    return cell.id, cell.source, cell.metadata.get("tags")


def _demand_right_answers(lesson: NotebookNode, name: str) -> None:
    """Raises CourseError where a solution to a TODO fails its own check."""
    outputs = [output for cell in lesson.cells for output in cell.get("outputs", ())]
    for verdict in (output.data[MIME] for output in outputs if MIME in output.get("data", {})):
        if verdict["todo"] in TODOS and not verdict["passed"]:
            raise CourseError(f"{name}: its own answer to {verdict['todo']} fails: {verdict['message']}")


def _take_outputs(lesson: NotebookNode, before: NotebookNode) -> bool:
    """Gives a lesson the outputs of before, where its code is the same; returns whether it is."""
    new, old = (
        [cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (lesson, before)
    )
    if [_runs_as(cell) for cell in new] != [_runs_as(cell) for cell in old]:
        return False
    for cell, its_old in zip(new, old, strict=True):
        cell.outputs, cell.execution_count = its_old.outputs, its_old.execution_count
    return True


def read_lesson(script: Path) -> NotebookNode:
    """The notebook of a py:percent script, without outputs; the cells' ids come from grade_id or position."""
    lesson = jupytext.read(script, fmt="py:percent")
    lesson.nbformat_minor = 5
    lesson.metadata = nbformat.from_dict(_METADATA)
    for number, cell in enumerate(lesson.cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell-{number:02d}"
        cell.metadata.pop("lines_to_next_cell", None)
    nbformat.validate(lesson)
    return lesson


def execute(lesson: NotebookNode, name: str, folder: Path) -> None:
    """Runs all cells in `folder`, in place.

    Raises CourseError where a cell raises or the kernel is lost.
    """
    client = NotebookClient(
        lesson,
        timeout=3600,  # a training lasts minutes
        record_timing=False,
        extra_arguments=["--HistoryManager.hist_file=:memory:", "--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise CourseError(f"{name} raises {error.ename}: {error.evalue}\n\n{error}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise CourseError(f"{name} could not be executed to its end: {error}") from None


def release_into(course: Course, solutions: Path, assignment: str, target: Path) -> list[Path]:
    """nbgrader's generate_assignment in a course of its own, so that no gradebook is touched."""
    changed = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted((solutions / assignment).glob("*.ipynb")):
            folder = Path(scratch) / "solutions" / assignment
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder)
        config = cast(Config, course.config.copy())
        config.CourseDirectory.root = str(Path(scratch).resolve())
        release(Course(Path(scratch).resolve(), config), assignment)
        for path in sorted((Path(scratch) / "notebooks" / assignment).glob("*.ipynb")):
            if _write(target / path.name, nbformat.read(path, as_version=4)):
                changed.append(target / path.name)
    return changed


def release(course: Course, assignment: str) -> list[Path]:
    """nbgrader's generate_assignment: notebooks/<assignment>, and what the gradebook knows about it.

    Returns the released notebooks; raises CourseError where there is none to release or nbgrader refuses.
    """
    course.require_assignment(assignment)
    source = course.step("source") / assignment
    if not list(source.glob("*.ipynb")):
        raise CourseError(f"There are no notebooks in {source}. Run `make notebooks` first.")
    directory = course.directory(assignment)
    directory.ignore = [*directory.ignore, "results"]
    converter = GenerateAssignment(coursedir=directory, config=course.config)
    converter.force = True
    outcome = capture_log(converter)
    if not outcome["success"]:
        raise CourseError(f"nbgrader could not release {assignment}: {_reason(outcome)}")
    return sorted((course.step("release") / assignment).glob("*.ipynb"))


def _reason(outcome: dict[str, str]) -> str:
    """The line of nbgrader's log that says what went wrong, without the traceback around it."""
    lines = [line.strip() for line in (outcome.get("log", "") + outcome["error"]).splitlines()]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
    return errors[0] if errors else lines[-1]


def _stable(outputs: list[NotebookNode], where: str) -> list[NotebookNode]:
    """The outputs that are the same in every run: no stderr, widgets' models, random ids or addresses."""
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.get("name") == "stderr":
            _console.print(f"  left out, {where} wrote to stderr: {output.text.strip()[-200:]}", markup=False)
        elif output.output_type == "stream":
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
            else:
                kept.append(output)
        elif "data" in output:
            output.data = NotebookNode(
                {mime: _without_ids(data) for mime, data in output.data.items() if mime not in _WIDGETS}
            )
            output.data.get(MIME, {}).pop("code", None)  # known only where the kernel keeps a history
            kept.append(output)
        else:  # an error that the lesson shows on purpose; its traceback has this machine's paths
            output.traceback = [f"{output.ename}: {output.evalue}"]
            kept.append(output)
    return kept


def _without_ids(data: object) -> object:
    """Random 32-digit ids, as animations in HTML have them, are numbered; addresses of objects are cut."""
    if not isinstance(data, str):
        return data
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        name = f"{len(seen)}"
        return seen.setdefault(match[0], hashlib.sha256(name.encode()).hexdigest()[:32])

    return re.sub(
        r" at 0x[0-9a-f]+>", ">", re.sub(r"(?<![0-9a-zA-Z+/])[0-9a-f]{32}(?![0-9a-zA-Z+/])", number, data)
    )


def _write(path: Path, notebook: NotebookNode) -> bool:
    """Writes atomically; returns whether the file's content is new."""
    text = nbformat.writes(notebook) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
    return True


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m labkit.grading.release.build", description=__doc__.split("\n")[0]
    )
    parser.add_argument("assignments", nargs="*", help="default: all of them")
    parser.add_argument("--course", type=Path, default=Path("."))
    parser.add_argument("--into", type=Path, help="write here instead of into the course's folder")
    parser.add_argument("--force", action="store_true", help="execute unchanged lessons too")
    args = parser.parse_args()
    try:
        course = Course.open(args.course)
        everything = sorted(path.name for path in course.step("source").glob("*/"))
        for path in build(course, args.assignments or everything, args.into or course.root, args.force):
            print(f"wrote {path}")
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
