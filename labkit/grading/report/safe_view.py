"""Makes an autograded notebook safe to look at: nothing in it runs in an instructor's or a student's browser.

nbgrader's formgrader and feedback pages put what a submission says into HTML as it is. So it is cleaned here,
once, where every view of it begins. Points and answers are not touched: this comes after they were saved.
"""

import base64
import binascii
import html
import re
from typing import Any

import nh3
from nbconvert.filters import markdown2html
from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution

MOST_CHARACTERS = 50_000
"""Of a text in markdown: parsers take the square of its length where it is built for that."""

MOST_SOURCE = 20_000
"""Characters of a cell's code that are shown: the colouring takes the square of them."""

MOST_HTML = 200_000
"""Characters of an output as HTML: cleaning takes the square of them."""

_KEPT = ("image/png", "image/jpeg", "text/plain")
_TAGS = nh3.ALLOWED_TAGS - {"form", "input", "button"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")
_MACROS = re.compile(r"\\(href|url|require|class|style|cssId|unicode|includegraphics|def|newcommand|let)\b")
"""What MathJax would make links, classes or new macros of"""

_HARMLESS = re.compile(r"[^<&\[\\]*(?:<(?=[\s\d=])[^<&\[\\]*)*")
"""Markdown without HTML, entities, links and commands: it is left as it was written."""

_MOVES = "<p><em>(What moves or answers clicks is left out here: run the cell to see it.)</em></p>"

_MARKS = re.compile(r"(BEGIN|END) (HIDDEN TESTS|MARK SCHEME)")
"""What nbgrader cuts out of feedback, and stops at where one is alone"""

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class SafeView(NbGraderPreprocessor):
    """One of the last of Autograde.autograde_preprocessors, after SaveAutoGrades."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        ours = {name: nb.metadata[name] for name in ("kernelspec", "labkit") if name in nb.metadata}
        nb.metadata = from_dict({**ours, "language_info": {"name": "python"}})
        for number, cell in enumerate(nb.cells):
            if not _PLAIN_ID.fullmatch(str(cell.get("id", ""))):
                cell.id = f"cell-{number}"
            cell.pop("attachments", None)
            mark = cell.metadata.get("nbgrader")
            cell.metadata = from_dict({"nbgrader": mark} if isinstance(mark, dict) else {})
            if cell.cell_type == "code":
                if not is_locked(cell):
                    cell.source = _shown_source(cell.source)
                if not is_grade(cell) or is_solution(cell):
                    cell.outputs = [_safe_output(output) for output in cell.outputs]
            elif cell.cell_type == "markdown":
                cell.source = _MARKS.sub("\\1\u00a0\\2", safe_markdown(cell.source))
            else:
                cell.source = safe_html(html.escape(cell.source))
        return nb, resources


def safe_html(text: str) -> str:
    """HTML without scripts, styles, frames, forms, handlers, and links other than to the web."""
    cleaned = nh3.clean(
        text,
        tags=_TAGS,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    return _MACROS.sub(r"\\text{\1}", cleaned)


def safe_markdown(text: str) -> str:
    """The same text where it holds nothing but words; else what it looks like, as safe HTML."""
    return text if len(text) <= MOST_CHARACTERS and _HARMLESS.fullmatch(text) else _rendered(text)


def _rendered(text: str) -> str:
    """Markdown as safe HTML; of a text that could take hours to parse the beginning, as it was written."""
    if len(text) > MOST_CHARACTERS:
        return f"<pre>{safe_html(html.escape(text[:MOST_CHARACTERS]))} …</pre>"
    return safe_html(markdown2html(text))


def _attribute(tag: str, name: str, value: str) -> str | None:
    """`data:` is for pictures in <img>, and nowhere else."""
    if name in ("src", "href") and value.strip().lower().startswith("data:"):
        return value if (tag, name) == ("img", "src") and _PICTURE.fullmatch(value.strip()) else None
    return value


def _safe_output(output: NotebookNode) -> NotebookNode:
    if "data" not in output:
        return output
    output.metadata = from_dict(_of_pictures(output.get("metadata")))
    data = {mime: str(output.data[mime]) for mime in _KEPT if mime in output.data}
    for mime in ("image/png", "image/jpeg"):
        if mime in data and not _is_base64(data[mime]):
            del data[mime]
    original = str(output.data.get("text/html", ""))
    if 0 < len(original) <= MOST_HTML:
        data["text/html"] = safe_html(original) + (_MOVES if "<script" in original.lower() else "")
    elif "text/markdown" in output.data:
        data["text/html"] = _rendered(str(output.data["text/markdown"]))
    if not data:
        data["text/plain"] = "(not shown: of a kind that could run in your browser)"
    output.data = from_dict(data)
    return output


def _shown_source(source: str) -> str:
    """Code as it was handed in; of a text without measure the beginning. nbgrader's own marks are none."""
    shown = source if len(source) <= MOST_SOURCE else f"{source[:MOST_SOURCE]}\n# … (the rest is not shown)"
    return _MARKS.sub("\\1\u00a0\\2", shown)


def _of_pictures(metadata: Any) -> dict[str, dict[str, int | str]]:
    """Width, height and words of a picture: nbconvert writes numbers into a tag without quotes."""
    found = metadata if isinstance(metadata, dict) else {}
    kinds = {"width": int, "height": int, "alt": str}
    return {
        mime: {name: entry[name] for name, kind in kinds.items() if type(entry.get(name)) is kind}
        for mime in _KEPT
        if isinstance(entry := found.get(mime), dict)
    }


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
