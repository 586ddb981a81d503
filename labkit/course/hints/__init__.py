"""Three rungs of help for each TODO: words that lead to the answer, and none of its code."""

from labkit.course.hints.rungs import Rungs
from labkit.course.hints.task1 import TASK1
from labkit.course.hints.task2 import TASK2

HINTS: dict[str, Rungs] = TASK1 | TASK2
"""TODO → its rungs"""
