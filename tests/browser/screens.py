"""Pictures of what a test sees: in both themes, and in a narrow window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

NARROW = 900
"""px: half of a large screen"""


class Screens:
    """Takes the pictures of one window into `folder`."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder
        folder.mkdir(parents=True, exist_ok=True)

    def show(self, element: Locator, at: str = "center") -> None:
        """Scroll until the element is at the window's start, center or end."""
        element.evaluate("(element, at) => element.scrollIntoView({block: at})", at)

    def take(self, name: str) -> None:
        """<name>.png"""
        self.page.screenshot(path=self.folder / f"{name}.png", animations="disabled")

    def take_themes(self, name: str) -> None:
        """<name>-dark.png and <name>-light.png."""
        with self._focus_kept():
            for theme in ("dark", "light"):
                self.page.emulate_media(color_scheme=theme)
                if (
                    lab := self.page.locator("body[data-jp-theme-light]")
                ).count():  # it follows a moment later
                    expect(lab).to_have_attribute("data-jp-theme-light", str(theme == "light").lower())
                self.take(f"{name}-{theme}")

    def take_narrow(self, name: str, scrolled: str) -> None:
        """<name>-narrow.png. Fails where what an element `scrolled` shows is wider than the element."""
        size = self.page.viewport_size
        with self._focus_kept():
            self.page.set_viewport_size({"width": NARROW, "height": size["height"]})
            self.take(f"{name}-narrow")
            expect(self.page.locator(scrolled).first).to_be_attached()
            overflow = self.page.locator(scrolled).evaluate_all(
                "boxes => Math.max(...boxes.map(box => box.scrollWidth - box.clientWidth))"
            )
            self.page.set_viewport_size(size)
        assert overflow <= 0, f"{name} is {overflow} px wider than a window of {NARROW} px"

    @contextmanager
    def _focus_kept(self) -> Iterator[None]:
        """A theme that is changed takes the focus away from where somebody works."""
        focused = self.page.evaluate_handle("document.activeElement")
        yield
        focused.evaluate("element => element.focus({preventScroll: true})")
