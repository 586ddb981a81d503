"""Which answers are shown at work for each mistake."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from answers.mistakes import WrongAnswer, wrong_answers
from formulas import THEORIES, Slipped, single

from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.course.syllabus import TODOS
from mistakes.drawing import DRAWN

PLACES = {
    "SimpleNet": "network",
    "q_sample": "noising",
    "add_noise": "noising",
    "compute_loss": "loss",
    "get_loss_noise": "loss",
    "get_loss_x0": "loss",
    "p_sample": "step",
    "step_predict_noise": "step",
    "step_predict_x0": "step",
    "step_predict_mean": "step",
    "p_sample_loop": "loop",
    "step": "choice",
    "cosine_betas": "schedule",
}
"""TODO → where its mistakes act: a mistake is shown once in each place, the first lesson's"""

NOT_ON_ONE_PIXEL = {"noise_shared_by_pixels", "noise_shared_by_channels"}


@dataclass(frozen=True)
class Shown:
    """An answer with a mistake, to be shown at work."""

    todo: str
    answer: WrongAnswer | Slipped

    @property
    def what(self) -> str:
        """What it does, in a sentence or as a formula."""
        if isinstance(self.answer, WrongAnswer):
            return self.answer.what
        return f"It computes `{self.answer.tree.text}`."

    def namespace(self) -> dict[str, Any]:
        """The answer by its name, and what its file defines beside it."""
        if isinstance(self.answer, WrongAnswer):
            return self.answer.load()
        return {self.todo: self.answer.answer()}


def plan() -> dict[str, list[Shown]]:
    """For each mistake that can be seen at work, the first answer in each place; Task 1 comes first.

    A schedule's is shown where there is no other: its row of noised faces is no drawing.
    """
    found: dict[str, dict[str, Shown]] = {}
    for name, shown in _candidates():
        on_one_pixel = "loss" in shown.todo or shown.todo == "add_noise"
        if name in MISCONCEPTIONS and not (name in NOT_ON_ONE_PIXEL and on_one_pixel):
            found.setdefault(name, {}).setdefault(PLACES[shown.todo], shown)
    for places in found.values():
        if len(places) > 1:
            places.pop("schedule", None)
    return {name: list(found[name].values()) for name in MISCONCEPTIONS if name in found}


def _candidates() -> Iterator[tuple[str, Shown]]:
    drawn = [todo for todo in TODOS if todo in DRAWN]
    for todo in drawn:
        for wrong in wrong_answers(todo).values():
            yield wrong.misconception, Shown(todo, wrong)
    for todo in [todo for todo in drawn if todo in THEORIES]:
        for slipped in single(todo):
            if slipped.changes_numbers:
                yield slipped.slips[0].id, Shown(todo, slipped)
