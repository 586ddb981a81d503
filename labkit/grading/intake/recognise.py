"""Which lesson a notebook is: by its cells, since students, browsers, Colab and LMSs rename files.

Needs no package of the instructor's part: `labkit submit` asks it too.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from labkit.course.syllabus import TASKS
from labkit.notebooks.cells import empty_todos
from labkit.notebooks.reading import cells_in, mark_of

Lessons = Mapping[str, Mapping[str, frozenset[str]]]
"""assignment → lesson → the grade_ids of its cells"""

COURSE: Lessons = {
    assignment: {lesson.name: frozenset(lesson.todos) for lesson in lessons}
    for assignment, lessons in TASKS.items()
}
"""What is known of the lessons without their notebooks."""

MOST_BYTES = 20 * 2**20
"""Of a notebook whose cells are read here; a larger one is known by its name."""

_LEAST = 0.5
"""A cell counts as much as a lesson's share in it: imports, which all lessons have, say nothing."""

EMPTY_WORDS = "Write your answer here"


@dataclass(frozen=True)
class Notebook:
    """A notebook that was handed in; `assignment` and `lesson` are empty where nothing says which it is."""

    name: str
    assignment: str = ""
    lesson: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    """grade_id → the text of each answer that is not empty"""
    is_whole: bool = True
    """Whether it can be read, as far as one has looked."""
    worked_on: bool = True
    """Whether there is an answer in it, or no telling."""

    @property
    def is_original(self) -> bool:
        """Whether it has the lesson's own name."""
        return self.name == f"{self.lesson}.ipynb"


@dataclass(frozen=True)
class Choice:
    """The notebook that counts for a lesson, and others that were worked on and differ from it."""

    counts: Notebook
    others: tuple[Notebook, ...]
    original: Notebook | None
    """the one with the lesson's own name"""

    @property
    def why(self) -> str:
        """Why another one than the original counts, as "01.ipynb is missing"; empty where it does not."""
        if self.counts.is_original:
            return ""
        state = "is as it was released" if self.original and self.original.is_whole else "cannot be read"
        return f"{self.counts.lesson}.ipynb {state if self.original else 'is missing'}"

    @property
    def remarks(self) -> list[str]:
        """What a reader must know of it, a sentence each."""
        said = []
        if self.why:
            said.append(f"{self.why}; {self.counts.name!r} is this lesson too and counts in its place.")
        if self.others:
            own, names = f"{self.counts.lesson}.ipynb", named([one.name for one in self.others])
            said.append(f"Other versions of {own} do not count: {names}.")
        return said


def named(names: list[str]) -> str:
    """A few names as a sentence has them."""
    shown = [repr(name) for name in names[:3]] + ([f"{len(names) - 3} more"] if len(names) > 3 else [])
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def recognise(
    path: Path, lessons: Lessons, assignment: str, name: str = "", most: int = MOST_BYTES
) -> Notebook:
    """What the notebook in this file is, handed in as `name`; never raises for what is in it.

    Where an assignment shares cells with others, `assignment` is meant. Of more than `most` bytes the name
    alone counts.
    """
    name, is_whole = name or path.name, True
    try:
        cells = cells_in(path) if path.stat().st_size <= most else []
    except (OSError, ValueError):
        cells, is_whole = [], False
    marked = [(mark, cell["source"]) for cell in cells if (mark := mark_of(cell))]
    grade_ids = {mark["grade_id"] for mark, _ in marked}
    where = _by_cells(grade_ids, lessons, assignment) or _by_name(Path(name).stem, lessons, assignment)
    answers = [(mark["grade_id"], source) for mark, source in marked if mark.get("solution")]
    filled = {grade_id: source for grade_id, source in answers if not is_empty(source)}
    return Notebook(name, *(where or ("", "")), filled, is_whole, is_whole and (bool(filled) or not answers))


def choices_in(folder: Path, lessons: Lessons, assignment: str) -> list[Choice]:
    """The notebook that counts for each lesson of an assignment that a folder holds."""
    files = [path for path in sorted(folder.glob("*.ipynb")) if path.is_file() and not path.is_symlink()]
    notebooks = [recognise(path, lessons, assignment) for path in files]
    return choose(one for one in notebooks if one.assignment == assignment)


def choose(notebooks: Iterable[Notebook]) -> list[Choice]:
    """The notebook that counts for each lesson, among all of one assignment.

    The lesson's own file does, where it was worked on; else the copy with the most answers.
    """
    by_lesson: dict[str, list[Notebook]] = {}
    for notebook in notebooks:
        if notebook.lesson:
            by_lesson.setdefault(notebook.lesson, []).append(notebook)
    return [_choose(by_lesson[lesson]) for lesson in sorted(by_lesson)]


def _choose(notebooks: list[Notebook]) -> Choice:
    def rank(one: Notebook) -> tuple[bool, bool, int, bool, str]:
        own = one.is_original
        return own and one.worked_on, one.worked_on, len(one.answers), own, one.name

    best = max(notebooks, key=rank)
    others = [one for one in notebooks if one is not best and one.worked_on and one.answers != best.answers]
    return Choice(best, tuple(others), next((one for one in notebooks if one.is_original), None))


def is_empty(source: str) -> bool:
    """Whether an answer is still as it was released."""
    return not source.strip() or bool(empty_todos(source)) or EMPTY_WORDS in source


def _by_cells(grade_ids: set[str], lessons: Lessons, assignment: str) -> tuple[str, str] | None:
    """Where most of these cells belong; one that several lessons have says less."""
    owners = Counter(one for group in lessons.values() for own in group.values() for one in own)
    scores = {
        (round(sum(1 / owners[one] for one in grade_ids & own), 6), group == assignment, group, lesson)
        for group, known in lessons.items()
        for lesson, own in known.items()
    }
    ranked = sorted(scores, reverse=True)
    if not ranked or ranked[0][0] < _LEAST or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    return ranked[0][2:]


def _by_name(stem: str, lessons: Lessons, assignment: str) -> tuple[str, str] | None:
    """The lesson whose name stands in the file's."""
    stem = unicodedata.normalize("NFC", stem).lower()
    found = {
        (group == assignment, len(lesson), group, lesson)
        for group, known in lessons.items()
        for lesson in known
        if lesson in stem
    }
    return max(found)[2:] if found else None
