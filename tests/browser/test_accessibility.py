"""axe-core finds nothing serious in lessons, in the pages of a graded class, in the documentation site."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbconvert.exporters import HTMLExporter
from playwright.sync_api import Browser, Route

from labkit.course.syllabus import TASKS, names_of
from labkit.grading.course_folder import Course
from labkit.grading.report import CellReport, StudentReport, write_class_page, write_pages
from labkit.grading.similar.pairs import Pair, compare

ROOT = Path(__file__).parents[2]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
LESSONS = [f"{assignment}/{name}" for assignment in TASKS for name in names_of(assignment)]
JUPYTERS = {"exclude": [[".jp-InputPrompt"], [".jp-OutputPrompt"], [".highlight"], [".jp-Cell a"]]}
"""JupyterLab's own look, which no lesson can change: prompts, the colours of code, links without a line"""
STATUSES = ("right", "partly", "wrong", "error", "time-out", "empty", "missing", "pending")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The addresses of all pages of the documentation, on a server, where its search works too."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        yield [f"{address}/{page.relative_to(folder).as_posix()}" for page in folder.rglob("*.html")]
        server.shutdown()


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def violations(browser: Browser, address: str, scheme: str, context: dict | None = None) -> list[str]:
    """What axe-core calls serious or critical on the page, with the first places, one line each."""
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    page.route("**/*", stay_here)
    page.goto(address)
    found = Axe().run(page, context, {"resultTypes": ["violations"]}).response["violations"]
    page.close()
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    return [f"{rule['id']}: {[node['html'][:150] for node in rule['nodes'][:3]]}" for rule in serious]


def stay_here(route: Route) -> None:
    """Nothing is fetched from another machine."""
    if route.request.url.startswith(("file:", "data:", "blob:", "http://127.0.0.1:")):
        route.continue_()
    else:
        route.abort()


@SCHEMES
@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
def test_lessons(browser: Browser, kind: str, lesson: str, scheme: str, tmp_path: Path) -> None:
    html, _ = HTMLExporter(theme=scheme).from_filename(str(ROOT / kind / f"{lesson}.ipynb"))
    page = tmp_path / "lesson.html"
    page.write_text(html, encoding="utf-8")
    assert violations(browser, page.as_uri(), scheme, JUPYTERS) == []


@SCHEMES
def test_pages_of_a_graded_class(browser: Browser, scheme: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    course, assignment = Course.open(tmp_path), "task1_swiss_roll"
    said = "The factor `0.5` is off.\nLook at Equation 4."
    cells = [
        CellReport(f"check_{status}", status, "02_forward_process", 1.0, 3.0, status, "missing_roots", said)
        for status in STATUSES
    ]
    remarks = {"02_forward_process": ["A test cell was restored."]}
    reports = [StudentReport(name, cells, remarks) for name in ("ann", "bob", "cleo", "dan")]
    for report in reports:
        (tmp_path / "submitted" / report.student / assignment).mkdir(parents=True)
    rights = ROOT / "tests" / "answers" / "q_sample" / "right"
    answers = {path.stem: path.read_text(encoding="utf-8") for path in rights.glob("*.py")}
    answers |= {"ann": answers["own_gather"], "bob": answers["own_gather"]}
    (found,) = [one for pair, one in compare("q_sample", answers, []) if set(pair) == {"ann", "bob"}]
    pages = write_pages(course, assignment, reports[:1])
    pages.append(write_class_page(course, assignment, reports, [Pair(("ann", "bob"), [found])]))
    for page in pages:
        assert violations(browser, page.as_uri(), scheme) == [], page


@SCHEMES
def test_documentation(browser: Browser, site: list[str], scheme: str) -> None:
    found = {address: violations(browser, address, scheme) for address in site}
    assert len(found) > 20
    assert {address: rules for address, rules in found.items() if rules} == {}


def test_a_page_with_mistakes_is_not_passed(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<html><img src="x.png"><p style="color: #aaa">pale</p></html>', encoding="utf-8")
    found = " ".join(violations(browser, page.as_uri(), "light"))
    assert {"image-alt", "color-contrast", "document-title"} <= set(found.replace(":", "").split())
