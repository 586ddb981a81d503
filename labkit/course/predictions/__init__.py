"""What the lessons' **Predict:** questions may be answered, what is right, and what a learner guessed."""

from labkit.course.predictions.kept import Guess, guesses_in, keep
from labkit.course.predictions.question import Choice, Number, Question, Said
from labkit.course.predictions.task1 import TASK1
from labkit.course.predictions.task2 import TASK2

__all__ = ["QUESTIONS", "Choice", "Guess", "Number", "Question", "Said", "guesses_in", "keep", "of_lesson"]

QUESTIONS: dict[str, Question] = {**TASK1, **TASK2}
"""By the ids that `predict` calls them, in the order of the lessons"""


def of_lesson(lesson: str) -> dict[str, Question]:
    """The questions of one lesson, by their ids."""
    return {name: question for name, question in QUESTIONS.items() if question.lesson == lesson}
