"""A learner's guesses, in a file of JSON beside the notebook: a diary, which is not handed in."""

import json
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

from labkit.atomic import write_atomically
from labkit.course.predictions.question import Said

FILE = Path("results") / "predictions.json"
"""In the folder of an assignment's notebooks"""


@dataclass(frozen=True)
class Guess:
    """What was said, and whether the answer has been shown since: then it stays."""

    said: Said
    answered: bool = False


def guesses_in(folder: Path) -> dict[str, Guess]:
    """Question → guess, for a folder of notebooks; none where the file is missing or is not ours."""
    return _read(folder / FILE) or {}


def keep(folder: Path, name: str, guess: Guess) -> None:
    """Write the guess at the question `name`, at once and whole; a file that is not ours is moved to a .bak.

    Raises OSError where nothing can be written.
    """
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    guesses = _read(path)
    if guesses is None:
        path.rename(_free_name(path))
    entries = {one: asdict(its) for one, its in {**(guesses or {}), name: guess}.items()}
    write_atomically(path, lambda part: part.write_text(json.dumps(entries, indent=1), encoding="utf-8"))


def _read(path: Path) -> dict[str, Guess] | None:
    """None where something lies there that we did not write."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        guesses = {name: Guess(**entry) for name, entry in entries.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    ours = all(type(one.said) in (str, int) and type(one.answered) is bool for one in guesses.values())
    return guesses if ours else None


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}{number or ''}.bak") for number in count())
    return next(name for name in names if not name.exists())
