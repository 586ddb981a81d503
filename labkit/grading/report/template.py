"""Pages that stand alone: no script, nothing from elsewhere, and all that a student wrote is text."""

from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from labkit.appearance import MARKS
from labkit.atomic import write_atomically
from labkit.checks.verdict import as_html

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["with_code"] = lambda text: Markup(as_html(text))
_TEMPLATES.filters["with_mark"] = lambda status: f"{MARKS[status]} {status}" if status in MARKS else status
_TEMPLATES.filters["points"] = lambda number: "–" if number is None else f"{number:g}"


def write_page(template: str, target: Path, **values: Any) -> None:
    """Render a template of this folder into `target`, whose folder is made where it is missing."""
    html = _TEMPLATES.get_template(template).render(**values)
    target.parent.mkdir(parents=True, exist_ok=True)
    # A text that was cut in the middle of a character is still a text to read.
    data = html.encode("utf-8", errors="replace")
    write_atomically(target, partial(Path.write_bytes, data=data))
