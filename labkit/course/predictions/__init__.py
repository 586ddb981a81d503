"""What the lessons' **Predict:** questions may be answered, what is right, and what a learner guessed."""

from labkit.course.predictions.kept import Guess, guesses_in, keep
from labkit.course.predictions.question import Choice, Number, Question, Said
from labkit.course.predictions.task1 import TASK1
from labkit.course.predictions.task2 import TASK2

__all__ = ["QUESTIONS", "Choice", "Guess", "Number", "Question", "Said", "guesses_in", "keep"]

QUESTIONS: dict[str, Question] = {**TASK1, **TASK2}
"""By the ids that `predict` calls them, in the order of the lessons"""
