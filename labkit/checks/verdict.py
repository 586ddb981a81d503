"""A check's verdict, and how it looks: HTML in a notebook, plain text elsewhere, data for a grader."""

from __future__ import annotations

import html
import io
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labkit.appearance import BLUE, GREEN, MARKS, ORANGE, VERMILLION, framed, img
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.wrong import Curve, Explanation
from labkit.course.syllabus import TODOS, lesson_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE = Path("misconceptions.md")
"""Explains every mistake, beside the folders of the notebooks."""

MIME = "application/vnd.labkit.verdict+json"
"""Under this type a notebook's output keeps the verdict as data."""

_LOOKS = {"right": ("right", GREEN), "partly": ("partly right", ORANGE), "wrong": ("not yet", VERMILLION)}
"""state → its word and its colour"""


@dataclass(frozen=True)
class Verdict:
    """What a check found."""

    todo: str
    score: float
    """0 … 1, the share of the points that the answer earns."""
    misconception: str | None
    """An id of the catalogue, or None where the answer is right or no known mistake fits."""
    detail: str
    """What was found right, or the numbers that show what is wrong."""
    curve: Curve | None = None
    explanation: Explanation | None = None
    """The slips in a formula that explain those numbers, where they do."""
    code: str | None = None
    """What code was judged, by its fingerprint (`labkit.checks.freshness`); None where nobody knows."""

    @property
    def state(self) -> str:
        """right, partly (it earns a share of the points) or wrong"""
        return "right" if self.score == 1 else "partly" if self.passed else "wrong"

    @property
    def passed(self) -> bool:
        """Whether the answer earned anything."""
        return self.score > 0

    @property
    def message(self) -> str:
        """The verdict in plain sentences."""
        if self.passed:
            return f"Checked: {self.detail}."
        return " ".join(self._sentences)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """All ids of the catalogue that it names."""
        if self.explanation:
            return self.explanation.mistakes
        return (self.misconception,) if self.misconception else ()

    @property
    def _sentences(self) -> list[str]:
        done, hint = [self._done] if self._done else [], self._hint
        hints = [f"Hint: {hint}"] if hint else []
        if self.explanation:
            formula = self.explanation.formula
            computes = [f"Your code computes: {formula}."] if formula else []
            return [self.detail, *done, *computes, *hints]
        return [*done, self.detail, *hints]

    @property
    def _done(self) -> str | None:
        """What was done, in a sentence."""
        known = [one for one in map(MISCONCEPTIONS.get, self.mistakes) if one]
        return (self.explanation and self.explanation.text) or " ".join(one.text for one in known) or None

    @property
    def _hint(self) -> str | None:
        """What to read: also where the mistake has no name, or one that many formulas share."""
        known = [one for one in map(MISCONCEPTIONS.get, self.mistakes) if one]
        if known and not (self.explanation and self.explanation.text):
            return " ".join(one.hint for one in known)
        if self.todo not in TODOS:
            return None
        return f"Compare your code with {lesson_of(self.todo)}, symbol by symbol."

    @property
    def _title(self) -> str:
        word, _ = _LOOKS[self.state]
        share = f", {self.score:.0%} of the points" if self.state == "partly" else ""
        return f"{MARKS[self.state]} {self.todo}: {word}{share}"

    def as_json(self) -> dict[str, Any]:
        """The verdict as plain data."""
        verdict = {
            "todo": self.todo,
            "passed": self.passed,
            "score": self.score,
            "misconception": self.misconception,
        }
        if self.code:
            verdict["code"] = self.code
        if not self.passed:
            latex = self.explanation.latex if self.explanation else None
            verdict |= {"mistakes": list(self.mistakes), "computes": latex}
        return {**verdict, "message": self.message, "details": self.details}

    @property
    def details(self) -> dict[str, Any]:
        """The parts of the message, and the factor that is off, over t."""
        if self.passed:
            return {"found": self.detail}
        known, said = MISCONCEPTIONS.get(self.misconception or ""), self.explanation
        curve = None
        if self.curve is not None:
            series = {name: getattr(self.curve, name).tolist() for name in ("t", "expected", "found")}
            curve = {"name": self.curve.name, "over": self.curve.over} | series
        return {
            "mistake": self._done,
            "found": self.detail,
            "computes": said.formula if said else None,
            "hint": self._hint,
            "page": f"notebooks/{PAGE}#{self.misconception}" if known else None,
            "curve": curve,
        }

    def __str__(self) -> str:
        return textwrap.fill(f"{self._title}. {self.message}", width=100, subsequent_indent="  ")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": str(self), "text/html": self._html(), MIME: self.as_json()}

    def _html(self) -> str:
        known = None if self.passed else MISCONCEPTIONS.get(self.misconception or "")
        lines = [self.message] if self.passed else self._sentences
        shown = [as_html(line) if self.passed else below_the_line(as_html(line)) for line in lines]
        body = "".join(f"<p style='margin:4px 0'>{line}</p>" for line in shown)
        if known and (".." / PAGE).exists():  # as it is beside a student's folder of notebooks
            link = f"<a href='../{PAGE}#{self.misconception}'>More about this mistake</a>"
            body += f"<p style='margin:4px 0'>{link}</p>"
        _, colour = _LOOKS[self.state]
        return framed(colour, f"<b>{html.escape(self._title)}</b>{body}{self._picture()}")

    def _picture(self) -> str:
        """What is off, beside what it should be."""
        if self.curve is None:
            return ""
        png = io.BytesIO()
        draw(self.curve).savefig(png, format="png", metadata={"Software": None})
        return img(png.getvalue(), f"{self.curve.name} over {self.curve.over}: yours beside the theory")


def draw(curve: Curve) -> Figure:
    """The picture of a curve: dots on a line, told apart without their colours."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6, 2.2), dpi=80, layout="constrained")
    axes = figure.subplots()
    axes.plot(curve.t, curve.expected, color=BLUE, lw=2, label="theory")
    axes.plot(curve.t, curve.found, "o", color=VERMILLION, ms=4, label="yours")
    axes.set(xlabel=curve.over, title=curve.name)
    axes.legend(fontsize="small")
    return figure


def as_html(line: str) -> str:
    """Escape a text for HTML, with its `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))


_INDEX = re.compile(r"(?<=[α-ωᾱ\u0302\u0304x])_(?:\{([^}]+)\}|([t0]))")
"""Behind a letter: ᾱ_t, x̂_0, ᾱ_{t−1}"""


def below_the_line(text: str) -> str:
    """HTML with the indices of its symbols below the line."""
    return _INDEX.sub(lambda index: f"<sub>{index[1] or index[2]}</sub>", text)
