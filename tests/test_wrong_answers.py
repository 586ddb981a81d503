"""How wrong answers are written down, and the command that shows them; what checks say: test_answers.py."""

import ast
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from answers.mistakes import MistakeError, Mistakes, wrong_answers

from labkit.checks import NamespaceSubject, judge
from labkit.course.syllabus import TODOS

ANSWERS = Path(__file__).parent / "answers"


def code_of(source: str) -> str:
    """The syntax tree without the line that says what the answer does."""
    tree = ast.parse(source)
    assert ast.get_docstring(tree)
    return ast.dump(ast.Module(tree.body[1:], []))


def show(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ANSWERS / "show.py", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_every_todo_has_a_list_and_nothing_else_has() -> None:
    assert {path.parent.name for path in ANSWERS.glob("*/wrong.py")} == set(TODOS)
    assert sum(len(wrong_answers(todo)) for todo in TODOS) >= 996


@pytest.mark.parametrize("todo", TODOS)
def test_no_two_answers_are_the_same_code(todo: str) -> None:
    right = {path.name: code_of(path.read_text("utf-8")) for path in (ANSWERS / todo / "right").glob("*.py")}
    wrong = {name: code_of(answer.source) for name, answer in wrong_answers(todo).items()}
    assert [pair for pair in combinations({**right, **wrong}.items(), 2) if pair[0][1] == pair[1][1]] == []


def test_edits_change_the_right_answer_and_nothing_else() -> None:
    wrong = Mistakes("q_sample", of="extract")
    wrong("both", "Two mistakes.", {"x0 +": "x0 -", "(1 - a).sqrt()": "(1 - a)"})
    _, below = (ANSWERS / "q_sample" / "right" / "extract.py").read_text(encoding="utf-8").split("\n", 1)
    old, new = "a.sqrt() * x0 + (1 - a).sqrt() * noise", "a.sqrt() * x0 - (1 - a) * noise"
    assert wrong["both"].source == f'"""Two mistakes."""\n{below.replace(old, new)}'
    assert wrong["both"].misconception == "both"


@pytest.mark.parametrize(("old", "times"), [("x_0", 0), ("sqrt()", 2)])
def test_an_edit_that_fits_nowhere_or_twice_is_an_error(old: str, times: int) -> None:
    wrong = Mistakes("q_sample", of="extract")
    said = rf"q_sample/mine replaces '{old}', which is {times} times in extract.py".replace("()", r"\(\)")
    with pytest.raises(MistakeError, match=said):
        wrong("mine", "A mistake.", {old: "x"})


def test_a_name_that_is_taken_is_an_error() -> None:
    wrong = Mistakes("q_sample", of="extract")
    wrong("mine", "A mistake.", {"x0 +": "x0 -"})
    with pytest.raises(MistakeError, match="q_sample has two wrong answers called mine"):
        wrong("mine", "Another.", {"x0 +": "x0 *"})


def test_an_exception_is_shown_with_the_answers_own_line() -> None:
    answer = wrong_answers("q_sample")["missing_broadcast"]
    line = answer.source.splitlines()[-1].strip()
    assert line in judge("q_sample", NamespaceSubject(answer.load())).message


def test_the_command_lists_mistakes_and_writes_one(tmp_path: Path) -> None:
    wrong = wrong_answers("q_sample")
    listed = show("q_sample").stdout.splitlines()
    assert "minus_noise: Takes the noise away instead of adding it." in listed and len(listed) == len(wrong)
    assert show("q_sample", "minus_noise").stdout == wrong["minus_noise"].source
    file = tmp_path / "my_answer.py"
    assert show("q_sample", "minus_noise", "--out", str(file)).returncode == 0
    assert file.read_text(encoding="utf-8") == wrong["minus_noise"].source


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("q_smaple",), "there is no TODO 'q_smaple'. Did you mean q_sample"),
        (("xyz",), "There are: SimpleNet, q_sample,"),
        (
            ("q_sample", "minus_nose"),
            "there is no wrong answer to q_sample 'minus_nose'. Did you mean minus_noise",
        ),
        (("q_sample", "--out", "mine.py"), "--out writes one answer: say which"),
    ],
)
def test_the_command_knows_what_was_meant(words: tuple[str, ...], said: str) -> None:
    done = show(*words)
    assert done.returncode == 2 and said in done.stderr
