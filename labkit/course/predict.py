"""`predict` in a lesson: keeps a guess, and says the answer once a cell has shown it."""

import html
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from labkit.appearance import Shown
from labkit.course.predictions import QUESTIONS, Choice, Guess, Question, Said, guesses_in, keep, of_lesson
from labkit.course.predictions.kept import FILE
from labkit.course.predictions.words import outcome, summary, without_buttons
from labkit.course.syllabus import LESSONS
from labkit.errors import CourseError
from labkit.progress import watched

_waiting: "dict[str, _Asked]" = {}
"""Asked in this kernel, and not answered yet"""


def predict(name: str) -> None:
    """Ask for a guess at the question above, and keep it in results/predictions.json beside the notebook.

    Once the cell that shows the answer has run, the answer stands below what that shows. Where a program
    executes the notebook, nothing is read or kept, and the answer is there to be unfolded.

    Raises CourseError where there is no such question.
    """
    from IPython.display import display

    if name not in QUESTIONS:
        raise CourseError(f"There is no question {name!r}. The questions are: {', '.join(QUESTIONS)}.")
    question = QUESTIONS[name]
    if not watched():
        display(without_buttons(question, folded_answer=True))
        return
    guess = guesses_in(Path()).get(name)
    said = guess.said if guess and question.accepts(guess.said) else None
    if guess and guess.answered and said is not None:
        display(outcome(question, said))
        return
    _waiting[name] = _Asked(name, question, said)
    _waiting[name].show()
    _listen()


def recap(lesson: str) -> Shown:
    """How many of a lesson's questions went as predicted, and what was a surprise.

    Raises CourseError where there is no such lesson.
    """
    if lesson not in LESSONS:
        raise CourseError(f"There is no lesson {lesson!r}. The lessons are: {', '.join(LESSONS)}.")
    return summary(guesses_in(Path()) if watched() else {}, of_lesson(lesson))


def _listen() -> None:
    """Hear of every cell that ends, once for a kernel."""
    from IPython import get_ipython

    if shell := get_ipython():
        shell.events.register("post_run_cell", _after_cell)


def _after_cell(result: Any) -> None:
    """Answer what the cell that has just run has shown; one that stopped with an error showed nothing."""
    if not result.success:
        return
    for name, asked in list(_waiting.items()):
        if asked.question.seen_in in result.info.raw_cell:
            del _waiting[name]
            asked.answer()


class _Asked:
    """A question on the screen: with buttons, where somebody can click, until it is answered."""

    def __init__(self, name: str, question: Question, said: Said | None):
        self.question, self._name, self._said = question, name, said
        self._box: Any = None

    def show(self) -> None:
        """Into the output of the cell that asks."""
        from IPython.display import display

        from labkit.plots.widgets import has_front_end  # brings torch, which a lesson has by now

        plain = without_buttons(self.question, folded_answer=False)
        if not has_front_end():
            display(plain)
            return
        import ipywidgets

        self._words = ipywidgets.HTML(_status("" if self._said is None else f"Kept: {self._in_words}."))
        self._box = ipywidgets.VBox([_controls(self.question, self._said, self._say), self._words])
        view = {**self._box._repr_mimebundle_(), **plain._repr_mimebundle_()}  # where no widgets are known
        self._shown = display(view, raw=True, display_id=True)

    def answer(self) -> None:
        """Below what the cell that has run shows; where it was asked, what was said stays."""
        from IPython.display import display

        if self._said is not None:
            with suppress(OSError):  # it was told when the guess was made
                keep(Path(), self._name, Guess(self._said, answered=True))
        display(outcome(self.question, self._said))
        if self._box is not None:
            words = "No guess was made." if self._said is None else f"Your guess: {self._in_words}."
            self._words.value = _status(words)
            self._box.children = [self._words]
            saved = Shown(words, f"<p>{html.escape(words)}</p>")  # a notebook keeps it; widgets go
            self._shown.update(saved._repr_mimebundle_(), raw=True)

    @property
    def _in_words(self) -> str:
        return "" if self._said is None else self.question.in_words(self._said)

    def _say(self, said: Said) -> None:
        if _waiting.get(self._name) is not self:  # a click that came while the cell ran that has the answer
            return
        self._said = said
        try:
            keep(Path(), self._name, Guess(said))
            words = f"Kept: {self._in_words}. Now run the next cells: the answer appears below them."
        except OSError as error:
            words = (
                f"Your guess: {self._in_words}. Now run the next cells. The recap will not know it, "
                f"because {FILE.as_posix()} cannot be written ({error.strerror})."
            )
        self._words.value = _status(words)


def _status(words: str) -> str:
    return f"<div role='status'>{html.escape(words)}</div>"


def _controls(question: Question, said: Said | None, say: Callable[[Said], None]) -> Any:
    """A button for each option, or a field for a number with a button that says it."""
    import ipywidgets

    if isinstance(question, Choice):
        buttons = ipywidgets.ToggleButtons(
            options=question.options, value=said, tooltips=question.options, style={"button_width": "auto"}
        )
        buttons.observe(lambda change: say(change["new"]), "value")
        return buttons
    before, after = question.form.split("{}")
    number = ipywidgets.BoundedIntText(
        said or 0, min=0, max=question.most, description=f"Your guess: {before}", layout={"width": "14em"},
        style={"description_width": "initial"},
    )  # fmt: skip
    number.observe(lambda change: say(change["new"]), "value")
    button = ipywidgets.Button(description="That is my guess", tooltip="Keep this number")  # 0 is no change
    button.on_click(lambda _: say(number.value))
    return ipywidgets.HBox([number, ipywidgets.Label(after), button])
