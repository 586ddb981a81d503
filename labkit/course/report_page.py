"""One HTML page with everything that a report shows, to read anywhere and to hand in."""

import html
from collections.abc import Mapping
from pathlib import Path

from labkit.appearance import img
from labkit.atomic import write_atomically
from labkit.plots.style import Picture

Part = str | Picture | Mapping[str, object]

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff }}
img {{ max-width: 100%; height: auto }}
table {{ border-collapse: collapse }}
th, td {{ text-align: left; padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #ddd; vertical-align: top }}
th {{ font-weight: 600 }}
</style>
<h1>{title}</h1>
{body}
</html>
"""


def write_report(path: str | Path, title: str, parts: Mapping[str, Part]) -> Path:
    """Write `parts` (heading → a picture, a table of names and values, or text) as one page without links.

    Pictures lie in the page itself. Text is shown as it is, a paragraph for each empty line; nothing in it is
    taken for HTML. The file appears at once and whole.

    Raises TypeError, with the heading, for a part of another type; OSError where `path` cannot be written.
    """
    body = "\n".join(
        f"<h2>{html.escape(heading)}</h2>\n{_part(heading, part)}" for heading, part in parts.items()
    )
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    page = _PAGE.format(title=html.escape(title), body=body)
    write_atomically(path, lambda part: part.write_text(page, encoding="utf-8"))
    return path


def _part(heading: str, part: Part) -> str:
    if isinstance(part, Picture):
        return img(part.data, part.alt)
    if isinstance(part, Mapping):
        cells = (f"<tr><th>{html.escape(str(k))}<td>{html.escape(str(v))}" for k, v in part.items())
        return f"<table>{''.join(cells)}</table>"
    if isinstance(part, str):
        return "".join(f"<p>{html.escape(text)}</p>" for text in part.split("\n\n"))
    raise TypeError(
        f"{heading!r} must be a picture, a table (a mapping) or text, not a {type(part).__name__}"
    )
