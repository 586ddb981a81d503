"""Wrong answers, as they stand in <TODO>/wrong.py: a right one with some places changed, or written out."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from labkit.course.answers import load_answers

HERE = Path(__file__).parent


class MistakeError(ValueError):
    """A wrong answer is not written down as it must be."""


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer to a TODO; `source` is a Python file, under a line that says `what` it does."""

    todo: str
    name: str
    what: str
    source: str

    @property
    def misconception(self) -> str:
        """What its check must call it; "unnamed" where it must not guess."""
        return self.name.split("__")[0]

    def write(self, folder: Path) -> Path:
        """Write it into `folder`, as a file with its name, and return the path."""
        path = folder / f"{self.name}.py"
        path.write_text(self.source, encoding="utf-8")
        return path

    def load(self) -> dict[str, Any]:
        """Execute it and return the names that it defines, as `load_answers` does of a file."""
        with TemporaryDirectory() as folder:
            return load_answers(self.write(Path(folder)))


class Mistakes(dict[str, WrongAnswer]):
    """The wrong answers to a TODO by their names: call it to add one.

    Most are edits of the right answer `of`, a file in <TODO>/right/.
    """

    def __init__(self, todo: str, of: str) -> None:
        self._todo = todo
        self._of = of

    def __call__(
        self,
        name: str,
        what: str,
        edits: Mapping[str, str] | None = None,
        *,
        of: str | None = None,
        whole: str | None = None,
    ) -> None:
        """Add the right answer `of` with `edits` (old text → new), or the `whole` text where it is like none.

        Raises MistakeError where the name is taken, or an old text is not in the right answer just once.
        """
        if name in self:
            raise MistakeError(f"{self._todo} has two wrong answers called {name}.")
        below = whole if whole is not None else self._edited(name, edits or {}, of or self._of)
        self[name] = WrongAnswer(self._todo, name, what, f'"""{what}"""\n{below}')

    def _edited(self, name: str, edits: Mapping[str, str], of: str) -> str:
        right = HERE / self._todo / "right" / f"{of}.py"
        _, text = right.read_text(encoding="utf-8").split("\n", 1)
        for old, new in edits.items():
            times = text.count(old)
            if times != 1:
                raise MistakeError(
                    f"{self._todo}/{name} replaces {old!r}, which is {times} times in {of}.py, not once."
                )
            text = text.replace(old, new)
        return text


def wrong_answers(todo: str) -> Mapping[str, WrongAnswer]:
    """The wrong answers to a TODO by their names, in the order of its list."""
    return import_module(f"answers.{todo}.wrong").wrong
