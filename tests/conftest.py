"""What this machine must have for some of the tests: they are skipped where it is missing, never passed.

And the one browser of all that need one: two Playwright sessions in a process collide.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from student_folder import ASSIGNMENT, make_work

from labkit.grading.isolation import IsolationError, find_isolation

SANDBOX, CHROMIUM = "a sandbox", "chromium"
NEEDS = {
    "tests/attacks/": SANDBOX,
    "tests/browser/": CHROMIUM,
    "tests/browser/test_instructors_first_class.py": SANDBOX,
    "tests/cli/test_doctor_command.py": SANDBOX,
    "tests/grading/test_classrun.py": SANDBOX,
    "tests/grading/test_isolation_kinds.py::test_every_report": SANDBOX,
    "tests/grading/test_damaged.py": SANDBOX,
    "tests/grading/test_grading_resumed.py": SANDBOX,
    "tests/grading/test_cli.py": SANDBOX,
    "tests/grading/test_view.py::test_graded": SANDBOX,
    "tests/grading/test_safe_view.py": CHROMIUM,
    "tests/test_class": SANDBOX,
}
"""the tests → what the machine must have"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {}
    if shutil.which("chromium") is None:
        missing[CHROMIUM] = "chromium is missing: apt-get install chromium"
    try:
        find_isolation()
    except IsolationError as error:
        missing[SANDBOX] = str(error)
    for item in items:
        for tests, need in NEEDS.items():
            if item.nodeid.startswith(tests) and need in missing:
                item.add_marker(pytest.mark.skip(reason=missing[need]))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A student's folder with everything done."""
    return make_work(tmp_path / "work" / ASSIGNMENT)
