"""What follows from the syllabus in texts: numbers, neighbours, tables, the site's menu.

`python docs/derived.py` brings them up to date, and `make notebooks` does so first; a test says which file is
stale. Each lesson's script keeps its text; its heading, the line below that and the numbers of its TODOs
follow from the syllabus.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from labkit.atomic import write_atomically
from labkit.course.syllabus import LESSONS, SUBJECTS, TASKS, TODOS, Lesson, assignment_of

ROOT = Path(__file__).parents[1]
SYLLABUS = "labkit/course/syllabus.py"


def derived() -> Iterator[tuple[Path, str]]:
    """Each file and what it should be."""
    for name in LESSONS:
        path = script_of(name)
        yield path, lesson_text(path.read_text(encoding="utf-8"), name)
    yield ROOT / "README.md", readme()
    yield ROOT / "docs" / "students.md", students()
    yield ROOT / "mkdocs.yml", menu()


def script_of(lesson: str) -> Path:
    return ROOT / "solutions" / str(assignment_of(lesson)) / f"{lesson}.py"


def lesson_text(text: str, name: str) -> str:
    """A lesson's script with its heading, its neighbours and the numbers of its TODOs."""
    lesson = LESSONS[name]
    head = f"# # {lesson.number} · {lesson.title}\n#\n# {_below_the_heading(lesson)}\n"
    # The lines up to one that ends in a star, and none that begins another paragraph or another cell.
    found = re.search(r"^# # .*\n#\n# \*Task (?:.*[^*]\n# (?!%%))*.*\*\n", text, re.M)
    if found is None:
        script = script_of(name).relative_to(ROOT)
        raise SystemExit(f"{script}: its first cell begins with a heading and, below it, a line *Task …*.")
    if _words(found[0]) != _words(head):  # however its lines are broken
        text = text.replace(found[0], head)
    numbers = {todo: number for number, todo in enumerate(TODOS, start=1)}

    def numbered(heading: re.Match[str]) -> str:
        return f"# ## TODO {numbers[heading[1]]} · `{heading[1]}`"

    return re.sub(r"^# ## TODO \d+ · `(\w+)`", numbered, text, flags=re.M)


def _below_the_heading(lesson: Lesson) -> str:
    assignment = str(assignment_of(lesson.name))
    lessons, everything = TASKS[assignment], list(LESSONS.values())
    task, place = list(TASKS).index(assignment) + 1, everything.index(lesson)
    training = f" ({lesson.training_minutes} of them training)" if lesson.training_minutes else ""
    parts = [f"Task {task}, lesson {lessons.index(lesson) + 1} of {len(lessons)}"]
    parts.append(f"about {lesson.minutes} minutes{training}")
    for word, other in (("before", place - 1), ("next", place + 1)):
        if 0 <= other < len(everything):
            parts.append(f"{word}: {_link(everything[other], assignment)}")
    return f"*{' · '.join(parts)}*"


def _link(lesson: Lesson, seen_from: str) -> str:
    assignment = assignment_of(lesson.name)
    folder = "" if assignment == seen_from else f"../{assignment}/"
    return f"[{lesson.number} · {lesson.title}]({folder}{lesson.name}.ipynb)"


def readme() -> str:
    """README.md with a table for each task."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    for number, (assignment, lessons) in enumerate(TASKS.items(), start=1):
        rows = [
            f"[{lesson.number:02d} {lesson.title}](solutions/{assignment}/{lesson.name}.ipynb) "
            f"| {_todos(lesson)} | {lesson.shows}"
            for lesson in lessons
        ]
        heading = f"## Task {number}: {SUBJECTS[assignment]} from noise\n"
        if old := re.search(rf"^## Task {number}: .*\n", text, re.M):
            text = text.replace(old[0], heading)
        else:  # a new task follows the one before it
            behind = text.index("\n## ", text.index(f"## Task {number - 1}: ")) + 1
            text = f"{text[:behind]}{heading}\n| lesson | you write | you see |\n\n{text[behind:]}"
        text = _with_table(text, path, heading, "lesson | you write | you see", rows)
    return text


def students() -> str:
    """docs/students.md with the table of all lessons."""
    path = ROOT / "docs" / "students.md"
    rows = [
        f"{lesson.number:02d} {lesson.title} | {_todos(lesson)} | {_time(lesson)} | {_points(lesson):g}"
        for lesson in LESSONS.values()
    ]
    return _with_table(path.read_text(encoding="utf-8"), path, "", "lesson | you write | time | points", rows)


def _todos(lesson: Lesson) -> str:
    return ", ".join(f"`{todo}`" for todo in lesson.todos) or "–"


def _time(lesson: Lesson) -> str:
    training = f", {lesson.training_minutes} of them training" if lesson.training_minutes else ""
    return f"{lesson.minutes} min{training}"


def _points(lesson: Lesson) -> float:
    from labkit.grading.release.build import read_lesson  # it asks the syllabus, which may have problems

    cells = read_lesson(script_of(lesson.name)).cells
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells)


def _with_table(text: str, path: Path, heading: str, columns: str, rows: list[str]) -> str:
    """The text with this table in the place of the one with these columns below this heading."""
    start = text.find(heading)
    table = re.compile(rf"^\| {re.escape(columns)} \|\n(?:\|.*\n)*", re.M)
    found = table.search(text, start) if start >= 0 else None
    if found is None:
        raise SystemExit(f"{path} needs {heading.strip() or 'a table'} with the columns {columns!r}.")
    line = "|" + "---|" * (columns.count("|") + 1)
    made = "\n".join(f"| {row} |" for row in [columns, *rows]).replace("\n", f"\n{line}\n", 1)
    return f"{text[: found.start()]}{made}\n{text[found.end() :]}"


def menu() -> str:
    """mkdocs.yml with the solved lessons of each task."""
    path = ROOT / "mkdocs.yml"
    lines = []
    for number, (assignment, lessons) in enumerate(TASKS.items(), start=1):
        lines.append(f'      - "Task {number}: {SUBJECTS[assignment]}":\n')
        lines += [f"          - solutions/{assignment}/{lesson.name}.md\n" for lesson in lessons]
    text = path.read_text(encoding="utf-8")
    return re.sub(
        r"(  - Solved lessons:\n)(?:      .*\n)*", lambda found: found[1] + "".join(lines), text, count=1
    )


def _words(text: str) -> list[str]:
    return text.replace("\n#", "\n").split()


def problems() -> Iterator[str]:
    """What is missing or misspelled between the syllabus, the scripts and the judges."""
    seen: set[str] = set()
    for place, (name, lesson) in enumerate(LESSONS.items(), start=1):
        assignment = str(assignment_of(name))
        script = Path("solutions") / assignment / f"{name}.py"
        if not re.match(r"\d\d_", name):
            yield f"The lesson {name!r} needs a name that begins with its number, as in 09_{name}."
        elif lesson.number != place:
            yield f"The lesson {name!r} stands at place {place} of the course."
        if assignment not in SUBJECTS:
            yield f"The task {assignment!r} has no row in SUBJECTS of the syllabus."
        if isinstance(lesson.todos, str):
            yield f"The todos of {name!r} are a text; a tuple of one has a comma: ({lesson.todos!r},)."
        elif not (ROOT / script).is_file():
            yield f"The lesson {name!r} has a row in the syllabus, and no {script}."
        else:
            yield from _problems_of_todos(lesson, script, seen)
    for script in sorted((ROOT / "solutions").glob("*/[0-9]*.py")):
        if script.stem not in LESSONS:
            yield f"{script.relative_to(ROOT)} has no row in the syllabus, {SYLLABUS}."


def _problems_of_todos(lesson: Lesson, script: Path, seen: set[str]) -> Iterator[str]:
    text = (ROOT / script).read_text(encoding="utf-8")
    cells = re.findall(r'"grade_id": "(\w+)"', text)
    headings = re.findall(r"^# ## TODO \d+ · `(\w+)`", text, re.M)
    for todo in lesson.todos:
        if todo in seen:
            yield f"The TODO {todo!r} stands in two rows of the syllabus."
        seen.add(todo)
        for cell in (todo, f"check_{todo}"):
            if cell not in cells:
                yield f"{script} has no cell with the grade_id {cell!r}, for the TODO {todo!r} of its row."
        if todo not in headings:
            yield f"{script} has no heading ## TODO 1 · `{todo}` (any number will do)."
    for todo in headings:
        if todo not in lesson.todos:
            yield f"{script} has a heading for {todo!r}, which is not in the lesson's row of the syllabus."


def without_judge() -> list[str]:
    """TODOs that nothing judges."""
    from labkit.checks import JUDGES  # as above

    return [
        f"The TODO {todo!r} has no judge: labkit/checks/judges/ should @JUDGES.add({todo!r})."
        for todo in TODOS
        if todo not in JUDGES
    ]


def main() -> int:
    if found := list(problems()) or without_judge():
        print(*found, sep="\n", file=sys.stderr)
        return 1
    for path, text in derived():
        if path.read_text(encoding="utf-8") != text:
            write_atomically(path, lambda part, text=text: part.write_text(text, encoding="utf-8"))
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
