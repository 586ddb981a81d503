"""How far the checks can be believed: right answers, wrong answers, and mutants of the solutions.

Every right answer of tests/answers/ is judged --runs times with fresh secrets; every wrong one, and every
mutant and slip of tests/checks/, once. `pairs` are --pairs of all pairs of slips in each TODO's formula that
change its numbers: named where the formula that the check writes down has these numbers, misnamed where it
has others. `false_names` counts names for tables that are no edit of a formula. `seconds_all` is one check of
a right answer to each of the TODOs, in turn, on one core, and `seconds_slowest` the slowest of them.
"""

import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import command
import numpy as np
import torch
from rich.console import Console
from rich.progress import track

from labkit.checks import NamespaceSubject, judge
from labkit.checks.judges.draw import random_betas
from labkit.checks.judges.tables import Tables
from labkit.course.answers import load_answers
from labkit.course.syllabus import TODOS

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "checks")]

from answers.mistakes import WrongAnswer, wrong_answers  # noqa: E402
from equivalent_mutants import EQUIVALENT  # noqa: E402
from formulas import THEORIES, Slipped, pairs  # noqa: E402
from mutants import Mutant, judge_mutant, mutants  # noqa: E402
from slips import slips  # noqa: E402


def rejections(path: Path, runs: int) -> list[str]:
    """What the check said against a right answer, in so many runs."""
    subject = NamespaceSubject(load_answers(path))
    verdicts = [judge(path.parts[-3], subject) for _ in range(runs)]
    return [f"{path}: {verdict.message}" for verdict in verdicts if not verdict.passed]


def named(wrong: WrongAnswer) -> tuple[bool, str | None]:
    """Whether a wrong answer is rejected, and the name of the mistake that the check gives."""
    verdict = judge(wrong.todo, NamespaceSubject(wrong.load()))
    return not verdict.passed, verdict.misconception


def is_alive(mutant: Mutant) -> bool:
    """Whether a mutant passes, and is not known to be equivalent."""
    return mutant.name not in EQUIVALENT.get(mutant.todo, {}) and judge_mutant(mutant).passed


def passes(number: int) -> bool:
    """Whether the check overlooks this one of the slips, by its number: functions cannot be pickled."""
    slip = slips()[number]
    return judge(slip.todo, NamespaceSubject({slip.todo: slip.answer})).passed


@cache
def sampled(todo: str, number: int) -> list[Slipped]:
    """So many pairs of slips in a TODO's formula; all, where there are fewer."""
    every = [pair for pair in pairs(todo) if pair.changes_numbers]
    return random.Random(todo).sample(every, min(number, len(every)))


def explained(todo: str, which: int, number: int) -> bool | None:
    """Whether the formula that the check writes down has an answer's numbers; None where it writes none."""
    pair = sampled(todo, number)[which]
    explanation = judge(todo, NamespaceSubject({todo: pair.answer()})).explanation
    return explanation and pair.is_what(explanation)


def has_name(todo: str, seed: int) -> bool:
    """Whether factors that are no edit of a TODO's formula are given a name."""
    rng, theory = np.random.default_rng(seed), THEORIES[todo]
    tables = Tables.of(random_betas(rng, 20))
    wrong = theory.factors(tables) * rng.uniform(0.5, 1.5, (2, 20))
    return theory.explain(partial(np.allclose, wrong, rtol=5e-4, atol=3e-5), tables) is not None


def seconds(todo: str) -> float:
    """Of one check of a right answer."""
    subject = NamespaceSubject(load_answers(sorted((TESTS / "answers" / todo / "right").glob("*.py"))[0]))
    judge(todo, subject)
    start = time.perf_counter()
    judge(todo, subject)
    return time.perf_counter() - start


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="of each right answer (default 1000)")
    parser.add_argument("--pairs", type=int, default=300, help="of slips, for each formula (default 300)")
    args = parser.parse_args()
    if args.runs < 1 or args.pairs < 1:
        parser.error("--runs and --pairs must be at least 1")

    torch.set_num_threads(1)
    err = Console(stderr=True)
    took = [seconds(todo) for todo in TODOS]
    right = sorted((TESTS / "answers").glob("*/right/*.py"))
    wrong = [one for todo in TODOS for one in wrong_answers(todo).values()]
    every = [mutant for todo in TODOS for mutant in mutants(todo)]
    with ProcessPoolExecutor(
        mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:

        def all_of(function, items, *more):
            results = pool.map(function, items, *([value] * len(items) for value in more), chunksize=4)
            return list(track(results, function.__name__, total=len(items), console=err))

        alive = [m for m, lives in zip(every, all_of(is_alive, every), strict=True) if lives]
        small = slips()
        overlooked = [s for s, over in zip(small, all_of(passes, range(len(small))), strict=True) if over]
        verdicts = all_of(named, wrong)
        twice = [(todo, k) for todo in THEORIES for k in range(len(sampled(todo, args.pairs)))]
        todos, numbers = zip(*twice, strict=True)
        told = list(pool.map(explained, todos, numbers, [args.pairs] * len(twice), chunksize=4))
        tables = [(todo, seed) for todo in THEORIES for seed in range(args.pairs // len(THEORIES) + 1)]
        false_names = sum(pool.map(has_name, *zip(*tables, strict=True), chunksize=4))
        rejected = [text for texts in all_of(rejections, right, args.runs) for text in texts]

    found = [name for _, name in verdicts]
    misnamed = [w for w, f in zip(wrong, found, strict=True) if f not in (None, w.misconception)]
    report = {
        "right": len(right),
        "right_runs": len(right) * args.runs,
        "right_rejected": len(rejected),
        "wrong": len(wrong),
        "wrong_rejected": sum(is_rejected for is_rejected, _ in verdicts),
        "named": sum(name is not None for name in found) - len(misnamed),
        "misnamed": len(misnamed),
        "pairs": len(told),
        "pairs_named": sum(one is True for one in told),
        "pairs_misnamed": sum(one is False for one in told),
        "false_names": false_names,
        "mutants": len(every),
        "mutants_equivalent": sum(map(len, EQUIVALENT.values())),
        "mutants_alive": len(alive),
        "slips": len(small),
        "slips_overlooked": len(overlooked),
        "seconds_all": round(sum(took), 1),
        "seconds_slowest": round(max(took), 2),
        "machine": command.machine(),
    }
    overlooked_too = [w for w, (is_rejected, _) in zip(wrong, verdicts, strict=True) if not is_rejected]
    for text in [
        *rejected,
        *(f"{one.todo}: {one.name}" for one in [*misnamed, *overlooked_too, *alive, *overlooked]),
    ]:
        err.print(text, markup=False, highlight=False, soft_wrap=True)
    command.say(report, args.json)


if __name__ == "__main__":
    main()
