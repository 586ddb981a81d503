"""Shows the wrong answers to a TODO: all of them with what they do, or one as a Python file."""

import argparse
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from answers.mistakes import wrong_answers

from labkit.course.syllabus import TODOS


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """What to say to a name that is none of those known."""
    near = get_close_matches(name, known)
    return f"there is no {what} {name!r}. " + (
        f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("todo", help="such as q_sample")
    parser.add_argument("name", nargs="?", help="of one wrong answer; without it, all are listed")
    parser.add_argument("--out", type=Path, help="write the answer into this file, for labkit check --file")
    args = parser.parse_args()
    if args.todo not in TODOS:
        parser.error(unknown("TODO", args.todo, TODOS))
    wrong = wrong_answers(args.todo)
    if args.name is None:
        if args.out:
            parser.error("--out writes one answer: say which")
        print(*(f"{one.name}: {one.what}" for one in wrong.values()), sep="\n")
        return
    if args.name not in wrong:
        parser.error(unknown(f"wrong answer to {args.todo}", args.name, wrong))
    source = wrong[args.name].source
    if args.out:
        args.out.write_text(source, encoding="utf-8")
    else:
        print(source, end="")


if __name__ == "__main__":
    main()
