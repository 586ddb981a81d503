import json
import re
from pathlib import Path

import nbformat
import pytest

from labkit.errors import CourseError
from labkit.grading.course_folder import Course
from labkit.grading.release.build import build, read_lesson, release
from labkit.grading.release.colab import WHEEL, ColabLink
from labkit.notebooks.cells import empty_todos

ROOT = Path(__file__).parents[2]

ASSIGNMENT = "arithmetic"
LESSON = "01_add"


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.ipynb")}


def test_ids_come_from_the_grade_id_or_the_position(course_folder):
    lesson = read_lesson(course_folder / "solutions" / ASSIGNMENT / f"{LESSON}.py")
    assert [cell.id for cell in lesson.cells] == [
        "cell-00", "setup", "cell-02", "add", "check_add", "cell-05", "explain_add",
    ]  # fmt: skip
    assert set(lesson.metadata) == {"kernelspec", "language_info"}


def test_building_twice_leaves_no_difference_even_with_force(course_folder, tmp_path):
    course = Course.open(course_folder)
    first = build(course, [ASSIGNMENT], tmp_path / "built")
    assert len(first) == 4
    before = files(tmp_path / "built")
    assert build(course, [ASSIGNMENT], tmp_path / "built", force=True) == []
    assert files(tmp_path / "built") == before
    solution = json.loads(before[f"solutions/{ASSIGNMENT}/02_double.ipynb"])
    printed = [output for cell in solution["cells"] for output in cell.get("outputs", [])]
    assert {"name": "stdout", "output_type": "stream", "text": ["trained\n"]} in printed
    assert not list(course_folder.rglob("results"))


def test_unchanged_lessons_are_not_executed(course_folder):
    course = Course.open(course_folder)
    path = course_folder / "solutions" / ASSIGNMENT / f"{LESSON}.ipynb"
    assert not nbformat.read(path, as_version=4).cells[1].outputs
    build(course, [ASSIGNMENT], course_folder)
    assert not any(cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells)
    script = path.with_suffix(".py")
    script.write_text(script.read_text(encoding="utf-8") + '\n# %%\nprint("new")\n', encoding="utf-8")
    assert path in build(course, [ASSIGNMENT], course_folder)
    assert nbformat.read(path, as_version=4).cells[-1].outputs[0].text == "new\n"


def test_other_prose_costs_no_execution_and_no_output(course_folder):
    course = Course.open(course_folder)
    build(course, [ASSIGNMENT], course_folder, force=True)
    script = course_folder / "solutions" / ASSIGNMENT / f"{LESSON}.py"
    path = script.with_suffix(".ipynb")
    before = nbformat.read(path, as_version=4)
    printing = next(cell for cell in before.cells if cell.get("outputs"))
    printing.outputs[0].text = "kept, not run\n"
    nbformat.write(before, path)
    script.write_text(
        script.read_text(encoding="utf-8") + "\n# %% [markdown]\n# A last word.\n", encoding="utf-8"
    )
    changed = build(course, [ASSIGNMENT], course_folder)
    assert [one.parent.parent.name for one in changed] == ["solutions", "notebooks"]
    after = nbformat.read(path, as_version=4)
    assert after.cells[-1].source == "A last word."
    assert "kept, not run" in next(cell for cell in after.cells if cell.get("outputs")).outputs[0].text


def test_what_differs_from_run_to_run_is_left_out(course_folder):
    script = course_folder / "solutions" / ASSIGNMENT / f"{LESSON}.py"
    unstable = """
# %%
import sys, uuid
from IPython.display import HTML, display
print("one"); print("warning", file=sys.stderr); print("two")
name = uuid.uuid4().hex
display(HTML(f"<p id='{name}'></p><script>show('{name}', '{uuid.uuid4().hex}')</script>"))
object()
"""
    script.write_text(script.read_text(encoding="utf-8") + unstable, encoding="utf-8")
    course = Course.open(course_folder)
    build(course, [ASSIGNMENT], course_folder, force=True)
    before = files(course_folder)
    assert build(course, [ASSIGNMENT], course_folder, force=True) == []
    assert files(course_folder) == before
    stream, html, thing = nbformat.read(script.with_suffix(".ipynb"), as_version=4).cells[-1].outputs
    assert stream.text == "one\ntwo\n"
    ids = re.findall(r"[0-9a-f]{32}", html.data["text/html"])
    assert ids[0] == ids[1] != ids[2]
    assert thing.data["text/plain"] == "<object>"


def test_a_solution_that_raises_fails_loudly_and_writes_nothing(course_folder, tmp_path):
    script = course_folder / "solutions" / ASSIGNMENT / f"{LESSON}.py"
    script.write_text(script.read_text(encoding="utf-8") + "\n# %%\n1 / 0\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"01_add\.py raises ZeroDivisionError"):
        build(Course.open(course_folder), [ASSIGNMENT], tmp_path / "built")
    assert not files(tmp_path / "built")


def test_released_notebooks_hold_no_answer(released_course):
    released = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (released_course / "notebooks" / ASSIGNMENT).glob("*.ipynb")
    }
    assert set(released) == {"01_add", "02_double"}
    for text in released.values():
        assert "SOLUTION" not in text
        assert "HIDDEN" not in text
        assert "return a + b" not in text
        assert "counting on" not in text
    cells = nbformat.reads(released["01_add"], as_version=4).cells
    stub = next(cell.source for cell in cells if cell.id == "add")
    assert stub.startswith('def add(a, b):\n    """a + b"""\n    raise NotImplementedError("TODO add: ')
    assert empty_todos(stub) == ["add"]
    answer = next(cell.source for cell in cells if cell.id == "explain_add")
    assert "Write your answer here" in answer


def test_a_run_in_solutions_is_not_released(course_folder):
    run = course_folder / "solutions" / ASSIGNMENT / "results" / "run.json"
    run.parent.mkdir()
    run.write_text("the teacher's")
    release(Course.open(course_folder), ASSIGNMENT)
    released = course_folder / "notebooks" / ASSIGNMENT
    assert sorted(path.name for path in released.iterdir()) == ["01_add.ipynb", "02_double.ipynb"]


def test_release_says_what_nbgrader_refuses(course_folder):
    path = course_folder / "solutions" / ASSIGNMENT / f"{LESSON}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(notebook.cells[4])
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match=r"(?i)duplicate grade id|validate") as error:
        release(Course.open(course_folder), ASSIGNMENT)
    assert "Traceback" not in str(error.value)


def test_a_course_on_github_has_links_into_colab(course_folder):
    course = Course.open(course_folder)
    assert "colab" not in nbformat.read(release(course, ASSIGNMENT)[0], as_version=4).cells[0].source
    course.config.ColabLink.repository = "owner/name/blob/v1.0"
    (first, *_) = release(course, ASSIGNMENT)
    last_line = nbformat.read(first, as_version=4).cells[0].source.splitlines()[-1]
    where = f"owner/name/blob/v1.0/notebooks/{ASSIGNMENT}/{LESSON}.ipynb"
    assert last_line == f"[Open in Colab](https://colab.research.google.com/github/{where})"


@pytest.mark.parametrize("repository", ["owner/name", "https://github.com/owner/name/blob/v1", 'a/b/blob/"]'])
def test_a_repository_without_a_tag_is_refused_in_a_sentence(repository, course_folder):
    course = Course.open(course_folder)
    course.config.ColabLink.repository = repository
    with pytest.raises(CourseError, match=r'must be like "owner/name/blob/v1\.0"\.$'):
        release(course, ASSIGNMENT)


@pytest.mark.parametrize(("tag", "place"), [("v1.0", "name@v1.0"), ("rooms/2027", "name@rooms/2027")])
def test_a_lesson_on_github_installs_labkit_from_its_tag(tag, place):
    lesson = nbformat.read(ROOT / "notebooks/task1_swiss_roll/01_time_conditioned_mlp.ipynb", as_version=4)
    names = {"assignment": "task1_swiss_roll", "notebook": "01_time_conditioned_mlp"}
    linked, _ = ColabLink(repository=f"owner/name/blob/{tag}").preprocess(lesson, {"nbgrader": names})
    assert f'    course = {WHEEL} or ["git+https://github.com/owner/{place}"]\n' in linked.cells[1].source
