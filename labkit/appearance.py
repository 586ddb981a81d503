"""One look for figures, verdicts and pages: the colours, and how a picture lies in HTML."""

import base64
import html

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
