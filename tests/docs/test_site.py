"""The documentation site: complete, without dead links, and readable without any other server."""

import os
import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from labkit.course.syllabus import TASKS, names_of

ROOT = Path(__file__).parents[2]
PARTS = sorted(
    {
        module
        for lesson in (ROOT / "solutions").rglob("*.py")
        for module in re.findall(
            r"^from labkit\.(course\.\w+|\w+)", lesson.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
)
"""what lessons import"""
LOADED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "source": "srcset",
    "iframe": "src",
    "object": "data",
}


class Read(HTMLParser):
    """What a page loads, where it links to, and which anchors it has."""

    def __init__(self, page: Path):
        super().__init__()
        self.loads, self.links, self.anchors = [], [], set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag in LOADED and found.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(found.get(LOADED[tag]) or "")
        if tag == "a" and "href" in found:
            self.links.append(found["href"] or "")
        self.anchors |= {found[name] for name in ("id", "name") if found.get(name)}


read = cache(Read)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documentation") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_lesson_has_a_page_with_its_pictures_and_formulas(site: Path) -> None:
    for assignment in TASKS:
        for lesson in names_of(assignment):
            html = (site / "solutions" / assignment / f"{lesson}.html").read_text(encoding="utf-8")
            assert "<math" in html and "arithmatex" not in html and "\\mathbf" not in html
            pictures = re.findall(rf'<img alt="([^"]+)" src="{lesson}/[^"]+\.png"', html)
            assert pictures and all(len(words) > 10 for words in pictures)


@pytest.mark.parametrize("part", PARTS)
def test_every_public_name_is_documented(site: Path, part: str) -> None:
    module = import_module(f"labkit.{part}")
    own = [
        name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__
    ]
    public = getattr(module, "__all__", [name for name in own if not name.startswith("_")])
    anchors = read(site / "api" / f"{part.partition('.')[0]}.html").anchors
    assert public
    assert [name for name in public if not any(anchor.endswith(f".{name}") for anchor in anchors)] == []


def test_nothing_comes_from_another_server(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert [target for target in read(page).loads if urlsplit(target).netloc] == [], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", sheet.read_text(encoding="utf-8")), (
            sheet
        )


def test_no_link_within_it_is_dead(site: Path) -> None:
    dead = []
    for page in site.rglob("*.html"):
        if page.name == "404.html":  # its links begin at the server's root
            continue
        for target in {*read(page).links, *read(page).loads}:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not file.exists() or (parts.fragment and unquote(parts.fragment) not in read(file).anchors):
                dead.append(f"{page.relative_to(site)}: {target}")
    assert dead == []
