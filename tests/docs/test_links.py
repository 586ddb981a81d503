"""No link in the repository's pages is dead: neither a file nor a heading in it."""

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin

ROOT = Path(__file__).parents[2]
PAGES = [
    path
    for pattern in ("*.md", "docs/**/*.md", "notebooks/**/*.md", "tests/**/*.md", "*s/task*/*.ipynb")
    for path in sorted(ROOT.glob(pattern))
]
MARKDOWN = (
    MarkdownIt("commonmark").enable("table").use(anchors_plugin, max_level=6)
)  # headings as GitHub names them


def read(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def tokens(text: str) -> list[Token]:
    return [inner for token in MARKDOWN.parse(text) for inner in (token, *(token.children or []))]


@cache
def headings(page: Path) -> set[str]:
    return {str(token.attrGet("id")) for token in tokens(read(page)) if token.type == "heading_open"}


def targets(page: Path) -> list[str]:
    """Where the links and pictures of a page lead, also those that are written as HTML."""
    found = []
    for token in tokens(read(page)):
        if token.type in ("link_open", "image"):
            found.append(str(token.attrGet("href") or token.attrGet("src")))
        elif token.type in ("html_inline", "html_block"):
            found += re.findall(r"""(?:href|src|srcset)=["']([^"' ]+)""", token.content)
    return found


def dead(page: Path) -> list[str]:
    found = []
    for target in targets(page):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        known = file.suffix in (".md", ".ipynb")
        if not file.exists() or (parts.fragment and known and unquote(parts.fragment) not in headings(file)):
            found.append(target)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_is_dead(page: Path) -> None:
    assert dead(page) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A `code_name`, twice\n\n# A `code_name`, twice\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](there.md#a-code_name-twice) [b](there.md#a-code_name-twice-1) [c](there.md#else) ![d](no.png)\n"
        '<img src="gone.png"> [e](#page) [f](https://example.org/x) `[g](code.md)`\n\n# Page\n',
        encoding="utf-8",
    )
    assert dead(page) == ["there.md#else", "no.png", "gone.png"]
