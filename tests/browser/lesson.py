"""A lesson in JupyterLab, worked on with the keyboard alone."""

import re
import time
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect
from running_lab import Jupyter

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
INDEX = "data-windowed-list-index"
CELLS_SECONDS = 60
"""the longest that one cell of a lesson takes on a busy machine"""


class Lesson:
    """A notebook that is open in `page`. Its cells have the numbers that they have in the file."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.cells = nbformat.read(file, as_version=4).cells

    @classmethod
    def open(cls, page: Page, jupyter: Jupyter, path: str) -> "Lesson":
        """Open the notebook `path` of the server in a fresh JupyterLab, ready to run."""
        page.goto(f"{jupyter.url(f'lab/tree/{path}')}&reset")
        return cls.opened(page, jupyter, path)

    @classmethod
    def opened(cls, page: Page, jupyter: Jupyter, path: str) -> "Lesson":
        """The notebook that comes to the front, once its kernel is there: without one nothing is run."""
        page.wait_for_url(f"**/lab/tree/{path}*")
        until = time.monotonic() + CELLS_SECONDS
        while not jupyter.has_idle_kernel(path):
            assert time.monotonic() < until, f"there is no kernel for {path}"
            page.wait_for_timeout(100)
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()  # in the status bar
        return cls(page, jupyter.root / path)

    def number(self, marked: str) -> int:
        """The number of the cell with this grade_id, or the first that has this text in it."""
        for number, cell in enumerate(self.cells):
            if cell.metadata.get("nbgrader", {}).get("grade_id") == marked:
                return number
        return next(number for number, cell in enumerate(self.cells) if marked in cell.source)

    def cell(self, number: int) -> Locator:
        return self.page.locator(f'{PANEL} .jp-Cell[{INDEX}="{number}"]')

    def output(self, marked: str) -> Locator:
        return self.cell(self.number(marked)).locator(".jp-Cell-outputArea")

    def run_to(self, marked: str) -> None:
        """Shift+Enter from the active cell to this one, each after the one before has ended."""
        for number in range(self._active, self.number(marked) + 1):
            self._run(number)

    def go_to(self, marked: str) -> None:
        """The arrow keys to this cell."""
        number = self.number(marked)
        while (distance := number - self._active) != 0:
            at = self._active
            self.page.keyboard.press("ArrowDown" if distance > 0 else "ArrowUp")
            expect(self._active_cell).not_to_have_attribute(INDEX, str(at))

    def type_into(self, marked: str, source: str) -> None:
        """Replace all of a cell's text."""
        self.go_to(marked)
        self.page.keyboard.press("Enter")
        expect(self.cell(self.number(marked)).locator(".cm-focused")).to_be_attached()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Escape")

    def save(self) -> None:
        """Save, and wait until the file is written."""
        before = self.file.stat().st_mtime_ns
        self.page.keyboard.press("ControlOrMeta+s")
        until = time.monotonic() + CELLS_SECONDS
        while self.file.stat().st_mtime_ns == before:
            assert time.monotonic() < until, f"{self.file.name} was not saved"
            self.page.wait_for_timeout(50)

    def _run(self, number: int) -> None:
        prompt = self.cell(number).locator(".jp-InputArea-prompt")
        before = prompt.text_content()
        self.page.keyboard.press("Shift+Enter")
        expect(self._active_cell).to_have_attribute(INDEX, str(number + 1))
        if self.cells[number].cell_type == "code":
            ended = re.compile(rf"^(?!{re.escape(before)}$)\[\d+\]:$")
            expect(prompt).to_have_text(ended, timeout=CELLS_SECONDS * 1000)

    @property
    def _active_cell(self) -> Locator:
        return self.page.locator(f"{PANEL} .jp-Cell.jp-mod-active")

    @property
    def _active(self) -> int:
        return int(self._active_cell.get_attribute(INDEX))
