"""What the filter of system calls and the lock of a class cost: graded with and without them in turns.

Without means a Python that finds no binding to libseccomp, and whose locks lock nothing.
"""

import os
import shutil
import tempfile
from pathlib import Path

import command
from grading import grade, make_courses, scores

WITHOUT = {
    "pyseccomp.py": "raise ImportError\n",
    "sitecustomize.py": "import fcntl\nfcntl.flock = lambda file, how: None\n",
}


def seconds(course: Path, path: Path | None) -> float:
    """Of a class graded anew, with this folder before what Python imports."""
    shutil.rmtree(course / "logs", ignore_errors=True)
    os.environ["PYTHONPATH"] = str(path or "")
    return grade(["labkit", "grade", "task1_swiss_roll"], course)


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--submissions", type=int, default=16, help="default: 16")
    parser.add_argument("--rounds", type=int, default=4, help="of both (default: 4)")
    args = parser.parse_args()
    if args.submissions < 1 or args.rounds < 1:
        parser.error("--submissions and --rounds must be at least 1")

    with tempfile.TemporaryDirectory() as scratch:
        _, course = make_courses(Path(scratch), args.submissions)
        without = Path(scratch) / "without"
        without.mkdir()
        for name, text in WITHOUT.items():
            (without / name).write_text(text, encoding="utf-8")
        seconds(course, None)  # the first reads files that the later ones find in memory
        found: dict[str, list[float]] = {"with": [], "without": []}
        same = []
        for _ in range(args.rounds):
            for name, path in (("with", None), ("without", without)):
                found[name].append(seconds(course, path))
                same.append(scores(course))
    shares = [a / b - 1 for a, b in zip(found["with"], found["without"], strict=True)]
    report = {
        "submissions": args.submissions,
        "seconds_with": [round(one, 1) for one in found["with"]],
        "seconds_without": [round(one, 1) for one in found["without"]],
        "cost_percent": round(100 * (sum(found["with"]) / sum(found["without"]) - 1), 2),
        "cost_percent_least_and_most": [round(100 * share, 2) for share in (min(shares), max(shares))],
        "same_scores": all(one == same[0] for one in same),
        "machine": command.machine(),
    }
    command.say(report, args.json)


if __name__ == "__main__":
    main()
