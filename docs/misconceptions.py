"""Makes notebooks/misconceptions.md, the page that explains every mistake which a check knows by name.

make mistakes

What a check says is shown with the numbers of a wrong answer of tests/answers/, judged with a fixed seed.
What a mistake draws comes of such answers at work: `mistakes/drawing.py`. Twice the same on one machine.
"""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import track

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.checks.misconceptions import CHAPTERS, Chapter
from labkit.checks.verdict import PAGE
from labkit.course.syllabus import TODOS, lesson_of

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "checks")]

from answers.mistakes import wrong_answers  # noqa: E402
from formulas import THEORIES, single  # noqa: E402
from mistakes.at_work import all_drawn  # noqa: E402
from mistakes.curves import as_png, picture  # noqa: E402
from mistakes.looks import EXACTLY, NEAR, below_one_another, in_sight, in_words, side_by_side  # noqa: E402
from mistakes.plan import Shown, plan  # noqa: E402

PICTURES = PAGE.with_suffix("")

HEAD = f"""# Mistakes that a check knows by name

Under its heading, which is the name that a program reads: what was done, what to look at again, why it
tempts, and what a check said to an answer with this mistake. In the curves the line is the theory and the
dots are that answer, on secret inputs of its check. Where the numbers fit none of these mistakes, a check
says what is off and does not guess.

**What it draws**: such an answer at work, where all else is right, beside what right answers draw. Points
are samples of the swiss roll (blue) on the data (grey); one lies beside the roll where it is more than {NEAR}
away from all of the data. For a wrong network, noising or loss a small network was trained with it, for 800
steps; wrong steps and loops sample with one that was rightly trained. Faces are drawn by the perfect network
of {lesson_of("step")}, which makes one of its 24 faces of nearly everything: faces hide more than the roll
does. What the samples hide, a check finds all the same.

*Made by `make mistakes` from `labkit/checks/misconceptions/` and `tests/answers/`.*
"""

SHOW_CODE = ("raised", "if_of_a_batch", "missing_broadcast")
"""Of these a check quotes the line that stopped: it may hold the rest of a right answer."""

Drawn = dict[tuple[str, str], np.ndarray | None]


@dataclass
class Example:
    """What a check said to an answer with a mistake."""

    verdict: Verdict
    todos: list[str]


def examples() -> dict[str, Example]:
    """A verdict for each mistake, with a curve where there is one, and all TODOs that it is known from."""
    found: dict[str, Example] = {}
    every = [wrong for todo in TODOS for wrong in wrong_answers(todo).values()]
    for wrong in track(every, "asking the checks"):
        name, todo = wrong.misconception, wrong.todo
        known = found.get(name)
        if known and todo in known.todos and known.verdict.curve:
            continue
        verdict = _judged(todo, wrong.load())
        if verdict.misconception != name:
            continue
        known = found.setdefault(name, Example(verdict, []))
        known.todos += [todo] if todo not in known.todos else []
        if not known.verdict.curve and verdict.curve:
            known.verdict = verdict
    for slipped in (one for todo in THEORIES for one in single(todo)):
        name, todo = slipped.slips[0].id, slipped.todo
        if slipped.changes_numbers and (name not in found or todo not in found[name].todos):
            verdict = _judged(todo, {todo: slipped.answer()})
            if verdict.misconception == name:
                found.setdefault(name, Example(verdict, [])).todos.append(todo)
    return found


def _judged(todo: str, namespace: dict) -> Verdict:
    torch.manual_seed(1)
    return judge(todo, NamespaceSubject(namespace), seed=1)


def entry(name: str, chapter: Chapter, example: Example | None, shown: list[Shown], drawn: Drawn) -> str:
    """The section of one mistake."""
    mistake = chapter.mistakes[name]
    lines = [
        f"### {name}",
        f"> **{chapter.title}.** {in_short(chapter)}",
        f"**{mistake.text}** {mistake.hint}",
        f"**Why it tempts.** {mistake.tempts}",
    ]
    if example:
        todos = ", ".join(f"`{todo}`" for todo in example.todos)
        said = "" if name in SHOW_CODE else f" A check said: {_said(example.verdict)}"
        lines.append(f"Known from {todos}.{said}")
    figure = picture(name, example and example.verdict)
    if figure:
        title = figure.axes[0].get_title()
        about = f"{title} over {figure.axes[0].get_xlabel()}" if title != "theory" else "noise"
        lines.append(_saved(f"{name}.png", as_png(figure), f"Theory and mistake: {about}"))
    return "\n\n".join(lines + _at_work(name, shown, drawn))


def in_short(chapter: Chapter) -> str:
    """The first sentence of what a chapter explains: who comes from a verdict lands below it."""
    return re.split(r"\. (?=[A-Z])", chapter.why)[0].rstrip(".") + "."


def _at_work(name: str, shown: list[Shown], drawn: Drawn) -> list[str]:
    """What answers with the mistake draw: a sentence for each, and a picture where there is a difference."""
    said = {one.todo: in_words(one.todo, drawn[name, one.todo], drawn["", one.todo]) for one in shown}
    lines = [f"`{one.todo}`: {one.what} → {said[one.todo]}" for one in shown]
    if not lines:
        return []
    text = "**What it draws.**\n\n- " + "\n- ".join(lines)
    panels, alt, kind = [], [], None
    for one in shown:
        at_work, right = drawn[name, one.todo], drawn["", one.todo]
        if at_work is None or said[one.todo] == EXACTLY or not in_sight(at_work):
            continue
        if kind != (right.shape[1:], one.todo == "step"):
            panels.append(("right", right))
            kind = (right.shape[1:], one.todo == "step")
        panels.append((one.todo, at_work))
        alt.append(f"{one.todo}: {said[one.todo]}")
    if not panels:
        return [text]
    rows = panels[-1][0] == "cosine_betas"
    png = (below_one_another if rows else side_by_side)(panels)
    return [text, _saved(f"{name}.samples.png", png, f"Right, then with this mistake. {' '.join(alt)}")]


def _saved(file: str, png: bytes, alt: str) -> str:
    path = PICTURES / file
    (ROOT / "notebooks" / path).write_bytes(png)
    return f"![{alt.replace('[', '(').replace(']', ')')}]({path})"


def _said(verdict: Verdict) -> str:
    """The numbers, and the formula that explains them."""
    formula = verdict.explanation and verdict.explanation.formula
    return f"{verdict.detail} Your code computes: `{formula}`." if formula else verdict.detail


def main() -> None:
    """Write the page and its pictures."""
    known, at_work = examples(), plan()
    drawn = all_drawn(at_work)
    folder = ROOT / "notebooks" / PICTURES
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    parts = [HEAD.strip()]
    for chapter in CHAPTERS:
        parts.append(f"## {chapter.title}\n\n{chapter.why}")
        parts += [
            entry(name, chapter, known.get(name), at_work.get(name, []), drawn) for name in chapter.mistakes
        ]
    (ROOT / "notebooks" / PAGE).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
