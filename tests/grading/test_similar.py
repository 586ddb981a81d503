"""Who is named and who is not: the answers of tests/answers/ as a class, and copies of them in disguise."""

import json
import random
import shutil
from itertools import combinations

import nbformat
import pytest
from disguises import disguise, padded
from small_courses import ROOT, marked
from typer.testing import CliRunner

from labkit.cli import app
from labkit.course.syllabus import TASKS, TODOS
from labkit.errors import CourseError
from labkit.grading.course_folder import Course
from labkit.grading.similar.pairs import LEAST_COMMON, LEAST_SHARE, compare, similar_in_class

FOLDERS = {todo: ROOT / "tests" / "answers" / todo / "right" for todo in TODOS}
RIGHT = {
    todo: {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    for todo, folder in FOLDERS.items()
}
ONE_IS_THE_OTHER_WITH_A_LINE_MORE = {("x0_form", "x0_form_clipped"), ("posterior", "posterior_clipped")}


def cell_of(folder, todo):
    (path,) = (ROOT / folder).glob(f"*/{TODOS[todo]}.ipynb")
    return marked(nbformat.read(path, as_version=4), todo).source


KNOWN = {todo: [cell_of("notebooks", todo), cell_of("solutions", todo)] for todo in TODOS}


def pairs_in(todo, answers):
    return [pair for pair, _ in compare(todo, answers, KNOWN[todo])]


def test_independent_answers_are_not_named():
    named = {pair for todo in TODOS for pair in pairs_in(todo, RIGHT[todo])}
    assert named == ONE_IS_THE_OTHER_WITH_A_LINE_MORE
    assert sum(len(list(combinations(answers, 2))) for answers in RIGHT.values()) >= 588


@pytest.mark.parametrize(
    "change", [disguise, lambda source: disguise(padded(source))], ids=["plain", "padded"]
)
def test_a_copy_in_disguise_is_found_where_there_is_enough_to_go_by(change):
    found, missed, bystanders = 0, [], 0
    for todo, answers in RIGHT.items():
        for name, source in answers.items():
            pairs = pairs_in(todo, {**answers, "~copy": change(source)})
            if (name, "~copy") in pairs:
                found += 1
            else:
                missed.append((todo, name))
            related = next((set(one) for one in ONE_IS_THE_OTHER_WITH_A_LINE_MORE if name in one), {name})
            bystanders += sum("~copy" in pair and not related & set(pair) for pair in pairs)
    assert found >= 155 and len(missed) <= 44  # what is missed is, but for a line, the course's solution
    assert bystanders == 0


@pytest.mark.parametrize("assignment", TASKS)
def test_who_copied_a_whole_assignment_is_found(assignment):
    todos = [todo for lesson in TASKS[assignment] for todo in lesson.todos]
    for seed in range(20):
        rng = random.Random(seed)
        found = []
        for todo in todos:
            texts = rng.sample(sorted(RIGHT[todo].values()), 7)
            answers = {f"student{number}": text for number, text in enumerate(texts)}
            found += pairs_in(todo, {**answers, "~copy": disguise(texts[0])})
        assert ("student0", "~copy") in found


@pytest.mark.parametrize(("students", "most"), [(30, 0.12), (100, 0.005)])
def test_in_a_class_that_has_ten_texts_to_a_todo_it_is_equal_texts_that_are_named(students, most):
    rng, named = random.Random(1), set()
    for assignment, lessons in TASKS.items():
        for todo in (todo for lesson in lessons for todo in lesson.todos):
            texts = sorted(RIGHT[todo].values())[:10]
            answers = {f"{number:03}": rng.choice(texts) for number in range(students)}
            found = pairs_in(todo, answers)
            assert all(answers[first] == answers[second] for first, second in found)
            named |= {(assignment, *pair) for pair in found}
    assert len(named) <= most * students * (students - 1)  # the pairs of two assignments


def test_what_a_class_shares_says_nothing():
    answers = dict(RIGHT["q_sample"])
    (common,) = [text for name, text in answers.items() if name == "own_gather"]
    four = {f"student{number}": common for number in range(4)}
    assert pairs_in("q_sample", {**answers, **dict(list(four.items())[:1])}) == [("own_gather", "student0")]
    assert pairs_in("q_sample", {**answers, **four}) == []


def test_the_courses_own_solution_says_nothing():
    stub, solution = KNOWN["compute_loss"]
    answers = {**RIGHT["compute_loss"], "~one": solution, "~two": disguise(solution), "~a": stub, "~b": stub}
    assert pairs_in("compute_loss", answers) == []


@pytest.mark.parametrize("students", [1, 2, 3])
def test_of_so_few_nothing_is_rare(students):
    text = RIGHT["q_sample"]["own_gather"]
    assert pairs_in("q_sample", {f"student{number}": text for number in range(students)}) == []


def test_what_is_shown_is_what_was_found():
    answers = {**RIGHT["q_sample"], "~copy": disguise(RIGHT["q_sample"]["own_gather"])}
    ((pair, alike),) = compare("q_sample", answers, KNOWN["q_sample"])
    assert alike.sources == tuple(answers[name] for name in pair)
    assert alike.common >= LEAST_COMMON and LEAST_SHARE <= alike.share <= 1
    marked_lines = [alike.sources[0].splitlines()[line - 1] for line in sorted(alike.lines[0])]
    assert any("mean = gather" in line for line in marked_lines)
    assert not any(line.startswith(("import", '"""')) for line in marked_lines)


@pytest.fixture
def graded_course(noising, noising_solved, tmp_path):
    """A course whose graded notebooks are there, as nbgrader leaves them; two students are alike."""
    folder = shutil.copytree(noising, tmp_path / "course")
    answers = {**RIGHT["q_sample"], "zoe": disguise(RIGHT["q_sample"]["own_gather"])}
    for student, source in answers.items():
        for step in ("submitted", "autograded"):
            target = folder / step / student / "noising"
            target.mkdir(parents=True)
            for name, notebook in noising_solved.items():
                copy = nbformat.from_dict(notebook)
                if name == "02_forward_process":
                    marked(copy, "q_sample").source = source
                nbformat.write(copy, target / f"{name}.ipynb")
    return folder


def test_a_course_names_its_pairs(graded_course):
    (pair,) = similar_in_class(Course.open(graded_course), "noising")
    assert pair.students == ("own_gather", "zoe")
    assert [one.todo for one in pair.alike] == ["q_sample"]

    arguments = ["similar", "noising", "--course", str(graded_course)]
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 0
    assert "own_gather and zoe: q_sample" in outcome.stdout
    said = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert said == {"assignment": "noising", "pairs": [pair.as_json()]}
    assert said["pairs"][0]["todos"][0]["share"] == round(pair.alike[0].share, 3)


def test_nothing_graded_is_said(released_folder):
    (released_folder / "submitted" / "ann" / "arithmetic").mkdir(parents=True)
    with pytest.raises(CourseError, match="labkit grade"):
        similar_in_class(Course.open(released_folder), "arithmetic")
