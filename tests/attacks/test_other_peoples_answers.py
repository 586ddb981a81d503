"""A submission that asks for other people's answers while it is graded gets none, and finds none to read."""

from pathlib import Path

from arena import Arena

import labkit
from labkit.course.ladder import NOT_RELEASED, NOT_WHILE_GRADED

ROOT = Path(labkit.__file__).parents[1]

ASKS = """
from labkit.course.ladder import compare, hint, model_answer
q_sample = lambda schedule, x0, t, noise=None: x0
hint("q_sample"); compare("q_sample"); model_answer("explain_time")
"""

INSISTS = f"""
import os
from pathlib import Path
from labkit.course.clone import Clone
os.environ.pop("LABKIT_TRAINING")
{ASKS}
import labkit
places = [Path(), Path.home(), Path(labkit.__file__), Path("OUTSIDE"), Path({str(ROOT)!r})]
print("clones:", [Clone.around(place) for place in places])
print("files:", [(Path({str(ROOT)!r}) / name).exists() for name in ("solutions", "tests/answers")])
"""


def test_asking_gets_a_sentence_and_no_point(arena: Arena) -> None:
    outcome = arena.play(ASKS)
    assert (outcome.points, outcome.others) == (0, 3)
    assert outcome.text.count(NOT_WHILE_GRADED) == 3 and "Hints for" not in outcome.text


def test_insisting_finds_nothing_to_read(arena: Arena) -> None:
    outcome = arena.play(INSISTS)
    assert (outcome.points, outcome.others) == (0, 3)
    assert "clones: [None, None, None, None, None]" in outcome.text
    assert "files: [False, False]" in outcome.text
    assert outcome.text.count(NOT_RELEASED) == 2 and "Rubric" not in outcome.text
