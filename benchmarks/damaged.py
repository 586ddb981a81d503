"""Two hundred notebooks damaged in form, graded here and by stock `nbgrader autograde`.

The damages are those of tests/grading/damaged.py: what editors, learning platforms and students do to a file.
Prints how many are JSON with a list of cells (`parse`), how many of these were not graded here, and how many
submissions earned fewer points here than with stock; with the damages of both kinds.
"""

import sys
import tempfile
from pathlib import Path

import command

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS / "grading"))

from against_stock import with_ours, with_stock  # noqa: E402
from damaged import ASSIGNMENT, LESSON, hand_in, parses  # noqa: E402
from small_courses import make_released, solve  # noqa: E402


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--notebooks", type=int, default=200, help="default: 200")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        course = make_released(Path(scratch) / "course", ASSIGNMENT)
        made = hand_in(course, solve(course, ASSIGNMENT)[LESSON], range(args.notebooks))
        stock = with_stock(course, ASSIGNMENT)
        ours, not_graded = with_ours(course, ASSIGNMENT)
    parse = {student for student, (_, data) in made.items() if parses(data)}
    ungraded = sorted(parse & set(not_graded))
    fewer = [student for student in made if ours[student] < stock[student]]
    report = {
        "notebooks": len(made),
        "parse": len(parse),
        "ungraded": len(ungraded),
        "fewer_than_stock": len(fewer),
        "full_points_stock": sum(points == max(ours.values()) for points in stock.values()),
        "full_points_ours": sum(points == max(ours.values()) for points in ours.values()),
        "damages": {student: made[student][0] for student in [*ungraded, *fewer]},
        "machine": command.machine(),
    }
    command.say(report, args.json)


if __name__ == "__main__":
    main()
