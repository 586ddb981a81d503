"""What this machine must have for some of the tests: they are skipped where it is missing, never passed.

And the one browser of all that need one: two Playwright sessions in a process collide.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from student_folder import ASSIGNMENT, make_work

NEEDS = {
    "tests/attacks/": ("bwrap", "bubblewrap"),
    "tests/browser/": ("chromium", "chromium"),
    "tests/browser/test_instructors_first_class.py": ("bwrap", "bubblewrap"),
    "tests/cli/test_doctor_command.py": ("bwrap", "bubblewrap"),
    "tests/grading/test_classrun.py": ("bwrap", "bubblewrap"),
    "tests/grading/test_isolation_kinds.py::test_every_report": ("bwrap", "bubblewrap"),
    "tests/grading/test_grading_resumed.py": ("bwrap", "bubblewrap"),
    "tests/grading/test_cli.py": ("bwrap", "bubblewrap"),
    "tests/grading/test_renamed.py::test_graded": ("bwrap", "bubblewrap"),
    "tests/grading/test_safe_view.py": ("chromium", "chromium"),
    "tests/test_class": ("bwrap", "bubblewrap"),
}
"""the tests → (the program, the Debian package that has it)"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for tests, (program, package) in NEEDS.items():
            if item.nodeid.startswith(tests) and shutil.which(program) is None:
                item.add_marker(pytest.mark.skip(reason=f"{package} is missing: apt-get install {package}"))


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
