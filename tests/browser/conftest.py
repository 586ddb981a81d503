"""A browser, a new user's home, and a folder for what the tests saw."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from screens import Screens

expect.set_options(timeout=30_000)  # on a busy machine

MATHJAX = Path("/usr/share/javascript/mathjax")
"""Debian's libjs-mathjax; where it is missing, nbgrader's pages show formulas as TeX."""
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty window that reaches this machine alone; what it shows at the test's end is kept."""
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        context.set_default_timeout(60_000)
        context.route("**/*", _only_here)
        shown = context.new_page()
        yield shown
        shown.screenshot(path=SCREENSHOTS / f"end-of-{request.node.name}.png")


@pytest.fixture
def screens(page: Page) -> Screens:
    return Screens(page, SCREENSHOTS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def _only_here(route: Route) -> None:
    url = route.request.url
    if url.startswith(("http://127.0.0.1:", "file:", "data:", "blob:")):
        route.continue_()
    elif "/mathjax/" in url and MATHJAX.is_dir():
        _mathjax(route)
    else:
        route.abort()


def _mathjax(route: Route) -> None:
    root, file = re.fullmatch(r"(.*/mathjax/[^/]+/)([^?]+).*", route.request.url).groups()
    if file == "latest.js":  # it looks for the latest version, and loads that
        tag = f'<script src="{root}MathJax.js?config=TeX-AMS_CHTML-full,Safe"><\\/script>'
        route.fulfill(content_type="text/javascript", body=f"document.write('{tag}')")
    else:
        route.fulfill(path=MATHJAX / file)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured, and where the pictures are."""
    for report in terminalreporter.getreports("passed"):
        for name, seconds in report.user_properties:
            terminalreporter.write_line(f"{name}: {seconds:.1f} s")
    terminalreporter.write_line(f"screenshots: {SCREENSHOTS}")
