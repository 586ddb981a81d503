"""What the checks of this session said: how often a TODO has failed, and what was wrong with it last."""

from dataclasses import dataclass
from typing import Any

from labkit.checks.verdict import Verdict

_NO_TRY = ("missing", "empty", "stale")
"""Verdicts on an answer that is not there"""


@dataclass
class _Tries:
    failed: int = 0
    answer: Any = None
    verdict: Verdict | None = None


_TRIES: dict[str, _Tries] = {}


def keep(answer: Any, verdict: Verdict) -> int:
    """Remember the verdict on an answer; returns how many have failed at this TODO since one passed."""
    tries = _TRIES.setdefault(verdict.todo, _Tries())
    tries.answer, tries.verdict = answer, verdict
    if verdict.passed:
        tries.failed = 0
    elif verdict.misconception not in _NO_TRY:
        tries.failed += 1
    return tries.failed


def last_verdict(todo: str, answer: Any) -> Verdict | None:
    """What the last check said of this very answer; None where it was of another, or there was none."""
    tries = _TRIES.get(todo)
    return tries.verdict if tries and answer is not None and tries.answer is answer else None
