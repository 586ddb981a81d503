"""Makes an autograded notebook safe to look at: nothing in it runs in an instructor's or a student's browser.

nbgrader's formgrader and feedback pages put what a submission says into HTML as it is. So it is cleaned here,
once, where every view of it begins. Points and answers are not touched: this comes after they were saved.
"""

import base64
import binascii
import html
import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote

import nh3
from mistune import HTMLRenderer
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
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
_TAGS = nh3.ALLOWED_TAGS - {"form", "input", "button", "wbr"}
"""Without <wbr>, which MathJax reads over: \\hr<wbr>ef is its \\href."""

_KINDS_OF_PICTURES = "(?:png|jpeg|gif|webp)"
_PICTURE = re.compile(rf"data:image/{_KINDS_OF_PICTURES};base64,[A-Za-z0-9+/=\s]*")
_IN_THE_TEXT = re.compile(
    rf"""(?<=["'])data:image/{_KINDS_OF_PICTURES};base64,[A-Za-z0-9+/=\s]+(?=["'])"""
    rf"|data:image/{_KINDS_OF_PICTURES};base64,[A-Za-z0-9+/=]+"
)
"""A picture that an editor has put into the text, where its link is"""

_ATTACHED = "attachment:"
_IMG = re.compile(r'<img((?: [\w-]+="[^"]*")*)>')
"""As nh3 writes it"""

_ALT = re.compile(r' alt="([^"]+)"')
_MACROS = re.compile(
    r"\\(href|url|require|class|style|cssId|unicode|includegraphics|mmlToken|def|let"
    r"|(?:re)?new(?:command|environment))(?![A-Za-z])"
)
"""What MathJax would make links, classes or new macros of"""

_HARMLESS = re.compile(r"[^<&\[\\]*(?:<(?=[\s\d=])[^<&\[\\]*)*")
"""Markdown without HTML, entities, links and commands: it is left as it was written."""

_EMPTY_LINE = re.compile(r"\n(?=[ \t\v\f]*\n)")
_IGNORED = re.compile(r"[\x00-\x20]")
"""What browsers read over in a link"""

_DROPPED = re.compile("/?files/")
"""What nbconvert's pages take off the front of a link: what is behind it would be one of its own."""

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
            pictures = _pictures(cell.pop("attachments", {}))
            mark = cell.metadata.get("nbgrader")
            cell.metadata = from_dict({"nbgrader": mark} if isinstance(mark, dict) else {})
            if cell.cell_type == "code":
                if not is_locked(cell):
                    cell.source = _shown_source(cell.source)
                if not is_grade(cell) or is_solution(cell):
                    cell.outputs = [_safe_output(output) for output in cell.outputs]
            elif cell.cell_type == "markdown":
                cell.source = _MARKS.sub("\\1\u00a0\\2", safe_markdown(cell.source, pictures))
            else:
                cell.source = safe_html(html.escape(cell.source))
        return nb, resources


def safe_html(text: str, pictures: Mapping[str, str] = {}) -> str:
    """HTML without scripts, styles, frames, forms, handlers, and links other than to the web.

    `pictures` has those of `attachment:name` as `data:`. Where there is no picture, its words stand.
    """
    cleaned = nh3.clean(
        text,
        tags=_TAGS,
        attribute_filter=partial(_attribute, pictures),
        url_schemes={"http", "https", "mailto", "data", "attachment"},
        link_rel="noopener noreferrer",
    )
    return _MACROS.sub(r"\\text{\1}", _IMG.sub(_or_its_words, cleaned))


def safe_markdown(text: str, pictures: Mapping[str, str] = {}) -> str:
    """The same text where it holds nothing but words; else what it looks like, as safe HTML."""
    is_plain = len(text) <= MOST_CHARACTERS and _HARMLESS.fullmatch(text)
    return text if is_plain else _rendered(text, pictures)


def _rendered(text: str, pictures: Mapping[str, str] = {}) -> str:
    """Markdown as safe HTML; as it was written where a parser breaks at it, or could take hours.

    Pages read it as markdown once more: one <div> without an empty line is HTML to them, from end to end.
    """
    inside = dict(pictures)

    def take_out(picture: re.Match[str]) -> str:
        name = f"{len(inside)}-in-the-text"
        inside[name] = picture[0]
        return _ATTACHED + name

    words = _IN_THE_TEXT.sub(take_out, text)
    if len(words) > MOST_CHARACTERS:
        return _as_written(words)
    try:
        shown = MarkdownWithMath(renderer=_Renderer(escape=False)).render(words)
    except Exception:  # whatever a text makes a parser raise
        return _as_written(words)
    cleaned = safe_html(shown, inside).strip().replace("\r", "&#13;")  # which markdown takes for a line's end
    return f"<div>{_EMPTY_LINE.sub('&#10;', cleaned)}</div>"


def _as_written(text: str) -> str:
    rest = " …" if len(text) > MOST_CHARACTERS else ""
    return f"<pre>{safe_html(html.escape(text[:MOST_CHARACTERS]))}{rest}</pre>"


class _Renderer(IPythonRenderer):
    """As on nbconvert's pages; but an attachment that is not there stops nothing."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return HTMLRenderer.image(self, text, url, title)


def _pictures(attachments: Any) -> dict[str, str]:
    """name → a picture as `data:`, for the attachments that are pictures."""
    found = {}
    for name, bundle in attachments.items():
        for mime, content in bundle.items():
            picture = f"data:{mime};base64,{content}"
            if isinstance(content, str) and _PICTURE.fullmatch(picture) and _is_base64(content):
                found[name] = picture
    return found


def _attribute(pictures: Mapping[str, str], tag: str, name: str, value: str) -> str | None:
    """`data:` and `attachment:` are for pictures in <img>, and nowhere else."""
    if name not in ("src", "href"):
        return value
    link = _IGNORED.sub("", value)
    if _DROPPED.match(link):
        return None
    if not link.lower().startswith(("data:", _ATTACHED)):
        return value
    if (tag, name) != ("img", "src"):
        return None
    if link.lower().startswith(_ATTACHED):
        attached = value.strip().partition(":")[2]
        return pictures.get(attached, pictures.get(unquote(attached)))
    return link if _PICTURE.fullmatch(link) else None


def _or_its_words(img: re.Match[str]) -> str:
    """<img>, or what is written in its place where it has no picture."""
    if ' src="' in img[1]:
        return img[0]
    words = _ALT.search(img[1])
    return f"<em>({html.escape(html.unescape(words[1])) if words else 'picture'}: not shown)</em>"


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
