"""One look for figures, verdicts and pages: the colours, boxes and pictures in HTML."""

import base64
import html
from dataclasses import dataclass
from typing import Any

# Okabe and Ito, "Color Universal Design" (2008), without the yellow, which white swallows.
BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9",
)  # fmt: skip
COLORS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)

MARKS = {"right": "✓", "partly": "◐", "wrong": "✗", "open": "○", "changed": "↻"}
"""How an answer or a check stands: the same sign in a notebook, a terminal, a page and on the map."""


def img(png: bytes, alt: str, style: str = "") -> str:
    """A picture that stands in the page itself, with its description and CSS."""
    css = f' style="{style}"' if style else ""
    return f'<img alt="{html.escape(alt)}"{css} src="data:image/png;base64,{base64.b64encode(png).decode()}">'


def framed(colour: str, page: str) -> str:
    """HTML in the box in which a notebook speaks to the learner."""
    style = f"border-left:6px solid {colour};padding:6px 12px;margin:4px 0;max-width:46em"
    return f"<div style='{style}'>{page}</div>"


@dataclass(frozen=True)
class Shown:
    """Text, and a richer form of it for a front end that can show it."""

    text: str
    rich: str
    mime: str = "text/html"

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, self.mime: self.rich}
