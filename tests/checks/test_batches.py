"""What a batch of timesteps does to code for one: an exception, with a name and a hint of its own."""

import re
from pathlib import Path

import pytest

from labkit.checks import NamespaceSubject, judge
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.course.answers import load_answers
from labkit.course.syllabus import TODOS

ANSWERS = Path(__file__).parents[1] / "answers"

SLIPS = {
    "missing_broadcast": [
        (r"extract\((schedule\.\w+), t, \w+\)", r"\1[t]"),
        (r"(schedule\.\w+)\[i\]", r"\1[t]"),
        (r"(schedule\.\w+)\[t\]\.view\([-1, ]+\)", r"\1[t]"),
    ],
    "if_of_a_batch": [(r"if t\[0\]", "if t"), (r"if i >", "if t >")],
}
"""mistake → what is replaced in a right answer"""
STEPS = [todo for todo in TODOS if todo.startswith(("p_sample", "step"))]
"""These do something else at t = 0."""
FORWARD = [todo for todo in TODOS if "noise" in todo or "loss" in todo or todo == "q_sample"]


def slipped(todo: str, mistake: str) -> dict[str, str]:
    """The right answers with that slip, by their names; but those with a helper or a t of their own."""
    found = {}
    for path in (ANSWERS / todo / "right").glob("*.py"):
        right = wrong = path.read_text(encoding="utf-8")
        for old, new in SLIPS[mistake]:
            wrong = re.sub(old, new, wrong)
        if wrong != right and not re.search("own_option|portions", path.stem):
            found[path.stem] = wrong
    return found


@pytest.mark.parametrize(
    ("todo", "mistake"),
    [(todo, "missing_broadcast") for todo in dict.fromkeys((*FORWARD, *STEPS))]
    + [(todo, "if_of_a_batch") for todo in STEPS],
)
def test_code_for_one_timestep_is_told_what_a_batch_needs(todo: str, mistake: str, tmp_path: Path) -> None:
    answers = slipped(todo, mistake)
    assert answers
    for name, source in answers.items():
        file = tmp_path / f"{name}.py"
        file.write_text(source, encoding="utf-8")
        verdict = judge(todo, NamespaceSubject(load_answers(file)))
        assert verdict.misconception == mistake, f"{name}: {verdict.message}"
        assert MISCONCEPTIONS[mistake].hint in verdict.message and "In line" in verdict.message


@pytest.mark.parametrize("code", ["x0[:3] + x0[:4]", "x0 @ x0", "x0[:, :1] + torch.ones(5, 3)"])
def test_shapes_that_clash_otherwise_are_not_called_so(code: str) -> None:
    source = f"import torch\ndef q_sample(schedule, x0, t, noise=None):\n    return {code}"
    namespace: dict = {}
    exec(source, namespace)
    assert judge("q_sample", NamespaceSubject(namespace)).misconception == "raised"
