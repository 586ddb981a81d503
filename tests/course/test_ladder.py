"""Hints lead to an answer without being it; second looks open beside one's own, and only in a clone."""

import ast
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch
from nbclient import NotebookClient

import labkit.course.ladder as ladders
from labkit.checks import STUCK, check
from labkit.course.answers import load_answers
from labkit.course.clone import Clone
from labkit.course.hints import HINTS
from labkit.course.ladder import NOT_RELEASED, NOT_WHILE_GRADED, compare, hint, ladder, model_answer
from labkit.course.syllabus import LESSONS, TODOS, assignment_of
from labkit.errors import CourseError
from labkit.grading.release.build import read_lesson
from labkit.grading.release.stubs import TEXT_STUB
from labkit.schedules import Schedule

ROOT = Path(__file__).parents[2]
ANSWERS = ROOT / "tests" / "answers"
TASK1 = "task1_swiss_roll"
SOLUTION = re.compile(r"### BEGIN SOLUTION.*?\n(.*?)### END SOLUTION", re.DOTALL)

todos = pytest.mark.parametrize("todo", TODOS)


def lesson_cells(lesson: str) -> list[nbformat.NotebookNode]:
    return read_lesson(ROOT / "solutions" / str(assignment_of(lesson)) / f"{lesson}.py").cells


def solution(todo: str) -> str:
    """The lines between the markers."""
    (cell,) = [cell for cell in lesson_cells(TODOS[todo]) if cell.id == todo]
    return "".join(SOLUTION.findall(cell.source))


def right(todo: str, name: str) -> dict[str, Any]:
    return load_answers(ANSWERS / todo / "right" / f"{name}.py") | {"check": check, "hint": hint}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is displayed."""
    seen: list[Any] = []
    monkeypatch.setattr("IPython.display.display", seen.append)
    return seen


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a student's notebooks, in a clone of the course."""
    for lesson in LESSONS:
        folder = tmp_path / "solutions" / str(assignment_of(lesson))
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.v4.new_notebook(cells=lesson_cells(lesson)), folder / f"{lesson}.ipynb")
    shutil.copytree(ANSWERS, tmp_path / "tests" / "answers")
    folder = tmp_path / "notebooks" / TASK1
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def write_words(folder: Path, words: str) -> None:
    """Lesson 01 as a student saved it, with these words as the answer to explain_time."""
    cells = lesson_cells("01_time_conditioned_mlp")
    (cell,) = [cell for cell in cells if cell.id == "explain_time"]
    cell.source = words
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "01_time_conditioned_mlp.ipynb")


def test_every_todo_has_three_rungs() -> None:
    missing = [todo for todo in TODOS if todo not in HINTS]
    assert missing == [], "write their rungs in labkit/course/hints/"
    for rungs in HINTS.values():
        assert len({*rungs}) == 3 and all(text.endswith((".", "?")) for text in rungs)
        assert all(len(text.split()) < 90 for text in rungs) and rungs.idea.count(". ") < 2


OPERATORS = (ast.operator, ast.unaryop, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
OPERATORS += (ast.Subscript, ast.Call)  # and no words: English has `and`, `or`, `is` and `in` too


def operators(code: str) -> int:
    try:
        return sum(isinstance(node, OPERATORS) for node in ast.walk(ast.parse(code)))
    except SyntaxError:
        return 0


def code_in(text: str) -> list[str]:
    """All runs of words in a text that Python reads as code with two operators."""
    text = re.sub(r"\[[B-Z1, ]+\]", "a shape", text.replace("`", "")).translate(
        {ord("−"): "-", ord("·"): "*"}
    )
    words = text.split()
    runs = [" ".join(words[i:j]).strip(".,:;?") for i in range(len(words)) for j in range(i + 1, i + 13)]
    return [run for run in runs if operators(run) > 1 and re.search(r"[A-Za-z_]{2}", run)]


def test_code_is_found_in_a_text() -> None:
    assert code_in("Write `a.sqrt() * x0` there.") and code_in("so beta / alpha - 1, by hand")
    assert not code_in("Look at `extract` and at t = T − 1, [B, 1, 1, 1].")


@pytest.mark.parametrize("todo", HINTS)
def test_no_rung_has_code_of_a_solution(todo: str) -> None:
    for text in HINTS[todo]:
        assert code_in(text) == []
    if todo in TODOS:
        lines = [line.strip() for line in solution(todo).splitlines() if len(line.strip()) > 8]
        squeezed = re.sub(r"[\s`]", "", "".join(HINTS[todo]))
        assert lines and [line for line in lines if re.sub(r"\s", "", line) in squeezed] == []


def test_what_hints_say_to_try_by_hand_comes_out() -> None:
    """The numbers and the results that they promise, with the course's own answers."""
    schedule = Schedule.linear(1000)
    x, picture = torch.randn(5, 2), torch.randn(5, 3, 4, 4).clamp(-1, 1)
    first, last = torch.zeros(5).long(), torch.full((5,), 999)

    net = right("SimpleNet", "module_list")["SimpleNet"]
    assert str(net(2, 2, [64, 32], 10)).count("TimeLinear(") == 3
    assert str(net(2, 2, [], 10)).count("TimeLinear(") == 1
    widths = re.findall(r"in_features=(\d+), out_features=(\d+)", str(net(2, 2, [64, 32], 10)))
    assert {("2", "64"), ("64", "32"), ("32", "2")} <= set(widths)

    q_sample = right("q_sample", "extract")["q_sample"]
    none = torch.zeros_like(x)
    assert torch.allclose(q_sample(schedule, x, first, none), x, atol=1e-3)
    assert q_sample(schedule, x, last, none).abs().max() < 0.05

    p_sample = right("p_sample", "eps_form")["p_sample"]
    zeros = lambda x_t, t: torch.zeros_like(x_t)  # noqa: E731
    assert torch.equal(*[p_sample(zeros, schedule, x, first) for _ in range(2)])
    assert not torch.equal(*[p_sample(zeros, schedule, x, first + 1) for _ in range(2)])

    betas = right("cosine_betas", "arange")["cosine_betas"]
    assert betas(1).tolist() == pytest.approx([0.999])
    assert f"{betas(1000)[0]:.6f}" == "0.000041" and (betas(1000).diff() > 0).all()

    x_t = torch.randn_like(picture)
    for todo, name in (("step_predict_x0", "posterior"), ("step_predict_mean", "if_betas")):
        assert torch.allclose(right(todo, name)[todo](schedule, x_t, first, picture), picture, atol=1e-3)
    step = right("step_predict_noise", "eps_form")["step_predict_noise"]
    larger = step(schedule, x_t, first, torch.zeros_like(x_t)) / x_t
    assert larger.min() > 1 and larger.max() < 1.001


@todos
def test_rungs_open_one_after_the_other(todo: str) -> None:
    for rungs in (1, 2, 3):
        said = ladder(todo, rungs)
        page = said._repr_mimebundle_()["text/html"]
        assert page.count("<details") == 3 and page.count(" open>") == rungs
        assert [f"{n}. " in str(said) for n in (1, 2, 3)] == [n <= rungs for n in (1, 2, 3)]
        assert (f'hint("{todo}", rungs={rungs + 1})' in str(said)) == (rungs < 3)


def test_what_is_no_todo_or_no_rung_is_a_sentence() -> None:
    with pytest.raises(CourseError, match=r"no TODO 'p_smaple'\. The TODOs are: SimpleNet, q_sample"):
        hint("p_smaple")
    with pytest.raises(CourseError, match="three rungs"):
        hint("p_sample", rungs=4)
    with pytest.raises(CourseError, match="no TODO 'p_smaple'"):
        compare("p_smaple")


def test_a_todo_without_rungs_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(HINTS, "step")
    with pytest.raises(CourseError, match="Nobody has written hints for step"):
        hint("step")


WRONG = """
def q_sample(schedule, x0, t, noise=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    noise = torch.randn_like(x0) if noise is None else noise
    return a.sqrt() * x0 - (1 - a).sqrt() * noise
"""


def test_the_last_rung_knows_what_the_last_check_said_of_this_very_answer(shown: list[Any]) -> None:
    names = right("q_sample", "extract")
    exec(WRONG + "check('q_sample')\nhint('q_sample')", names)
    wrong, third = shown
    assert f"The last check said: {wrong.details['mistake']}" in third.rich
    exec(WRONG + "hint('q_sample')", names)  # another answer, which nobody has checked
    assert "The last check said" not in shown[-1].rich


def test_a_check_that_failed_three_times_tells_of_hints(
    shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    names = right("q_sample", "extract")
    good = names["q_sample"]
    exec("check('q_sample')", names)
    for times in range(1, STUCK + 2):
        exec(WRONG + "check('q_sample')", names)
        assert ('hint("q_sample") helps' in capsys.readouterr().out) == (times >= STUCK)
    names["q_sample"] = good
    exec("check('q_sample')", names)
    exec(WRONG + "check('q_sample')", names)
    assert capsys.readouterr().out == ""


def test_an_empty_todo_is_no_try(shown: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    names = {"check": check}
    exec("def step(*a): raise NotImplementedError('TODO step: write')", names)
    for _ in range(STUCK + 1):
        exec("check('step')", names)
    assert capsys.readouterr().out == "" and len(shown) == STUCK + 1


@todos
def test_two_answers_are_chosen_for_a_second_look(todo: str) -> None:
    others = Clone(ROOT).other_answers(todo)
    assert len(others) == 2, "name two of its right answers in tests/answers/second_looks.toml"
    assert all(other.says.endswith(".") and f" {todo}(" in other.code for other in others)


def test_a_green_answer_is_shown_beside_others(clone: Path, shown: list[Any]) -> None:
    exec(
        "from labkit.course.ladder import compare\ncompare('p_sample')",
        names := right("p_sample", "eps_form"),
    )
    (text,) = (one._repr_mimebundle_()["text/markdown"] for one in shown)
    headings = re.findall(r"^\*\*(.+)\*\*$", text, re.MULTILINE)
    assert headings[:2] == ["Yours", "The course's"] and len(headings) == 4
    assert (
        "Another. The posterior's variance is 0 at t = 0, so that nothing has to guard the last step." in text
    )
    blocks = re.findall(r"```python\n(.*?)\n```", text, re.DOTALL)
    assert "alpha_bar_t = extract" in blocks[0] and all("p_sample" in block for block in blocks)
    assert solution("p_sample").splitlines()[0] in blocks[1] and "SOLUTION" not in text
    assert text == str(shown[0]) and names["p_sample"]


@pytest.mark.parametrize(
    "answer", [WRONG, "def q_sample(*a): raise NotImplementedError('TODO q_sample: w')", ""]
)
def test_an_answer_that_is_not_green_shows_nothing(
    answer: str, clone: Path, shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    names = right("add_noise", "extract") | {"compare": compare, "torch": torch}
    exec(f"from labkit.schedules import extract\n{answer}\ncompare('q_sample')", names)
    assert shown == [] and "q_sample is not right yet, so nothing is shown" in capsys.readouterr().out


def test_a_question_opens_once_ones_own_answer_is_saved(
    clone: Path, shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = "First write your own answer to explain_time in 01_time_conditioned_mlp.ipynb, and save"
    model_answer("explain_time")
    for words in (TEXT_STUB, " \n"):
        write_words(clone, words)
        model_answer("explain_time")
    assert shown == [] and capsys.readouterr().out.count(wanted) == 3
    write_words(clone, "It learns an average over all noise levels.")
    model_answer("explain_time")
    text = shown[0]._repr_mimebundle_()["text/markdown"]
    assert "**Model answer.** Trained on squared error" in text and "**Rubric.** 1 point" in text
    assert "SOLUTION" not in text and text == str(shown[0])


def test_all_questions_in_words_are_named(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model_answer()
    said = capsys.readouterr().out
    cells = [cell for lesson in LESSONS for cell in lesson_cells(lesson)]
    asked = [cell.id for cell in cells if cell.id.startswith("explain_")]
    assert len(asked) > 9 and re.findall(r"explain_\w+(?= \()", said) == asked
    assert "explain_time (01), explain_forward_figure (02)" in said
    with pytest.raises(CourseError, match=r"no question 'explain_tmie'\. The questions.*explain_time"):
        model_answer("explain_tmie")


def test_a_damaged_clone_is_a_sentence(clone: Path) -> None:
    names = right("q_sample", "extract") | {"compare": compare}
    (clone.parents[1] / "tests" / "answers" / "second_looks.toml").write_text("q_sample = [")
    with pytest.raises(CourseError, match="cannot be read"):
        exec("compare('q_sample')", names)
    (clone.parents[1] / "solutions" / TASK1 / "02_forward_process.ipynb").write_text("{")
    for look in (lambda: exec("compare('q_sample')", names), model_answer):
        with pytest.raises(CourseError, match="cannot be read: take a fresh copy"):
            look()


def test_without_a_clone_the_instructor_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_words(tmp_path, "An average.")
    exec("compare('q_sample')", right("q_sample", "extract") | {"compare": compare})
    model_answer("explain_time")
    model_answer()
    assert shown == [] and capsys.readouterr().out.count(NOT_RELEASED) == 3


def test_while_graded_there_is_a_sentence_and_nothing_else(
    clone: Path, monkeypatch: pytest.MonkeyPatch, shown: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write_words(clone, "An average.")
    monkeypatch.setenv("LABKIT_TRAINING", "off")
    for look in (hint, compare):
        exec("look('q_sample')", right("q_sample", "extract") | {"look": look})
    model_answer("explain_time")
    assert shown == [] and capsys.readouterr().out == f"{NOT_WHILE_GRADED}\n" * 3


def test_in_a_kernel_ones_own_cell_is_shown(clone: Path) -> None:
    """A class too, with the helper that stands in its cell."""
    imports = "from labkit.course.ladder import compare, hint\nfrom labkit.checks import check"
    helped = (ANSWERS / "SimpleNet" / "right" / "x_times_sigmoid.py").read_text(encoding="utf-8")
    broken = helped.replace("return self.head(x, t)", "return swish(self.head(x, t))")
    sources = [imports, f"# mine\n{helped}", "compare('SimpleNet')", broken, "compare('SimpleNet')"]
    sources += ["check('SimpleNet')", "hint('SimpleNet', rungs=3)"]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(book, resources={"metadata": {"path": str(clone)}}).execute()
    green, red, _, rungs = (str(book.cells[i].outputs) for i in (2, 4, 5, 6))
    assert "# mine" in green and "def swish" in green and "**Another. " in green
    assert "not right yet" in red and "TimeLinear" not in red
    assert "The last check said: " in rungs and "text/html" in rungs


def test_lessons_import_them_and_lesson_1_and_the_start_page_tell_of_them() -> None:
    for lesson in LESSONS:
        (imports,) = [cell.source for cell in lesson_cells(lesson) if cell.id == "imports"]
        assert "from labkit.course.ladder import compare, hint, model_answer" in imports
    start = (ROOT / "solutions" / "00_start_here.py").read_text(encoding="utf-8")
    first = "\n".join(cell.source for cell in lesson_cells("01_time_conditioned_mlp"))
    for name in ("hint", "compare", "model_answer"):
        assert f"`{name}" in start and f'`{name}("' in first
    assert ladders.__all__ == ["compare", "hint", "model_answer"]
