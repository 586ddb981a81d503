"""Every **Predict:** of the lessons has its buttons and its answer; guesses are kept whatever lies there."""

import json
import os
import re
from pathlib import Path

import pytest

from labkit.course.hand_in import submit
from labkit.course.predict import predict, recap
from labkit.course.predictions import QUESTIONS, Choice, Guess, Number, guesses_in, keep, of_lesson
from labkit.course.predictions.kept import FILE
from labkit.course.predictions.words import outcome, summary, surprises
from labkit.course.syllabus import LESSONS, assignment_of
from labkit.errors import CourseError

ROOT = Path(__file__).parents[2]
CALL = re.compile(r'^predict\("(\w+)"\)$')
questions = pytest.mark.parametrize("name", QUESTIONS)


def cells_of(lesson: str) -> list[tuple[str, str]]:
    """(kind, text) of each cell of a lesson's script."""
    text = (ROOT / "solutions" / str(assignment_of(lesson)) / f"{lesson}.py").read_text(encoding="utf-8")
    heads = re.split(r"(?m)^# %%(.*)\n", text)[1:]
    return [
        ("markdown" if "[markdown]" in head else "code", body.strip())
        for head, body in zip(heads[::2], heads[1::2], strict=True)
    ]


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_question_is_asked_below_its_words_and_seen_before_the_next(lesson: str) -> None:
    cells, asked = cells_of(lesson), []
    for (kind, text), below in zip(cells, [*cells[1:], ("", "")], strict=True):
        assert kind == "code" or text.count("**Predict:**") == bool(CALL.match(below[1])), text
        if kind == "code" and (call := CALL.match(text)):
            asked.append(call[1])
    assert asked == list(of_lesson(lesson))
    places = [number for number, (_, text) in enumerate(cells) if CALL.match(text)]
    for name, start, end in zip(asked, places, [*places[1:], len(cells)], strict=True):
        shows = [text for _, text in cells[start + 1 : end] if QUESTIONS[name].seen_in in text]
        assert len(shows) >= 1, name
    assert [text for _, text in cells if text.startswith("recap(")] == [f'recap("{lesson}")']


@questions
def test_one_option_is_right_and_none_stands_out(name: str) -> None:
    question = QUESTIONS[name]
    if isinstance(question, Number):
        assert 0 <= question.lowest < question.highest <= question.most
        assert question.highest - question.lowest < question.most / 3  # a blind guess is mostly wrong
        return
    assert 2 <= len(set(question.options)) == len(question.options) <= 4
    assert [one for one in question.options if question.is_right(one)] == [question.right]
    wrong = [len(one) for one in question.options if one != question.right]
    assert len(question.right) <= max(wrong) + 3 and len(question.right) >= min(wrong) - 3


def test_the_right_option_is_neither_always_last_nor_always_longest() -> None:
    choices = [one for one in QUESTIONS.values() if isinstance(one, Choice)]
    assert sum(one.right == one.options[-1] for one in choices) < len(choices) / 2
    assert sum(len(one.right) == max(map(len, one.options)) for one in choices) < len(choices) * 0.6


@questions
def test_an_outcome_says_the_guess_the_answer_and_the_reason(name: str) -> None:
    question = QUESTIONS[name]
    assert question.because.endswith((".", ".)")) and question.lesson in LESSONS
    for said in question.options if isinstance(question, Choice) else (0, question.lowest, question.most):
        text = str(outcome(question, said))
        assert question.in_words(said) in text and question.right in text and question.because in text
        assert text.startswith("✓ As you predicted." if question.is_right(said) else "≠ A surprise.")
    assert str(outcome(question, None)).startswith("○ No guess this time. The answer: ")


def test_two_lessons_share_a_file(tmp_path: Path) -> None:
    keep(tmp_path, "waves", Guess("k = 50 both times"))
    keep(tmp_path, "std_one", Guess(600, answered=True))
    keep(tmp_path, "waves", Guess("k = 50 both times", answered=True))
    assert guesses_in(tmp_path) == {
        "waves": Guess("k = 50 both times", True),
        "std_one": Guess(600, True),
    }
    assert surprises(guesses_in(tmp_path), of_lesson("02_forward_process")) == []
    (line,) = surprises(guesses_in(tmp_path), of_lesson("01_time_conditioned_mlp"))
    assert line.endswith("k = 20, then k = 85 (you said: k = 50 both times)")
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["predictions.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{", b"\xff", b'{"waves": 3}', b'{"waves": {"said": 1.5, "answered": true}}',
        b'{"waves": {"said": "half", "answered": true, "more": 1}}', b"[" * 100_000,
        b'{"waves": {"said": "half", "answered": 1}}',
    ],
)  # fmt: skip
def test_what_is_not_ours_is_no_guess_and_is_not_lost(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.parent.mkdir()
    for _ in range(2):
        path.write_bytes(content)
        assert guesses_in(tmp_path) == {}
        keep(tmp_path, "waves", Guess("k = 50 both times"))
        assert list(guesses_in(tmp_path)) == ["waves"]
    kept = sorted(path.parent.glob("*.bak"))
    assert len(kept) == 2 and {one.read_bytes() for one in kept} == {content}


def test_a_guess_of_another_edition_is_none(tmp_path: Path) -> None:
    keep(tmp_path, "waves", Guess("an option that is gone", answered=True))
    keep(tmp_path, "clocks", Guess(120, answered=True))
    keep(tmp_path, "a question that is gone", Guess(1, answered=True))
    keep(tmp_path, "two_curves", Guess("both move at random", answered=True))
    assert str(summary(guesses_in(tmp_path), of_lesson("01_time_conditioned_mlp"))).startswith("0 of 1 as")
    assert len(guesses_in(tmp_path)) == 4


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_is_read_only_raises_one_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OSError):
        keep(tmp_path, "waves", Guess("k = 50 both times"))
    assert guesses_in(tmp_path) == {}


def test_results_that_are_no_folder_raise_one_error(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("mine")
    with pytest.raises(OSError):
        keep(tmp_path, "waves", Guess("k = 50 both times"))
    assert guesses_in(tmp_path) == {} and (tmp_path / "results").read_text() == "mine"


def test_a_recap_counts_what_was_answered() -> None:
    lesson = of_lesson("02_forward_process")
    assert "No guesses are kept" in str(summary({}, lesson))
    assert "No guesses are kept" in str(summary({"std_one": Guess(600)}, lesson))
    some = {"std_one": Guess(600, True), "signal_left": Guess("about half of it", True)}
    text = str(summary(some, lesson))
    assert text.startswith("1 of 2 as you predicted (1 without a guess). What surprised you:\n")
    assert text.endswith("less than a tenth (you said: about half of it)")
    every = {
        "std_one": Guess(600, True),
        "signal_left": Guess("less than a tenth", True),
        "roll_gone": Guess(150, True),
    }
    assert str(summary(every, lesson)) == "3 of 3 as you predicted: nothing here surprised you."


def test_names_that_do_not_exist_are_sentences() -> None:
    with pytest.raises(CourseError, match=r"no question 'wave'\. The questions are: waves, "):
        predict("wave")
    with pytest.raises(CourseError, match="There is no lesson '01'"):
        recap("01")


def test_guesses_are_not_handed_in(work: Path, tmp_path: Path) -> None:
    keep(work, "waves", Guess("k = 50 both times"))
    (work / FILE).with_name("predictions.json.bak").write_text("{")
    files = submit(work, "ann", tmp_path).files
    assert any(name.startswith("results/") for name in files)
    assert not [name for name in files if "predictions" in name]


def test_kept_guesses_are_read_by_people(tmp_path: Path) -> None:
    keep(tmp_path, "clocks", Guess(80))
    assert json.loads((tmp_path / FILE).read_text()) == {"clocks": {"said": 80, "answered": False}}
