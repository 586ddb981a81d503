"""How a judge says no."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curve:
    """Numbers of the answer, beside what the theory says: mostly a coefficient over the timesteps."""

    name: str
    t: np.ndarray
    expected: np.ndarray
    found: np.ndarray
    over: str = "t"
    """What `t` holds, where it is no timesteps."""


@dataclass(frozen=True)
class Explanation:
    """The slips in a formula that explain an answer's numbers."""

    mistakes: tuple[str, ...]
    """Their ids in the catalogue: one, or two that were made at once"""
    text: str | None = None
    """What was done, in a sentence; None where the catalogue's own says it."""
    formula: str | None = None
    """What the answer computes, as it is written in a line; None where it reads other tables."""
    latex: str | None = None
    """The same in LaTeX"""


class Wrong(Exception):
    """The answer is wrong. `misconception` is an id of the catalogue, or None where none fits.

    `detail` gives the numbers: what was found, where it hurts most, and what was expected there.
    """

    def __init__(
        self,
        misconception: str | None,
        detail: str,
        curve: Curve | None = None,
        explanation: Explanation | None = None,
    ):
        super().__init__(detail)
        self.misconception, self.detail, self.curve, self.explanation = (
            misconception,
            detail,
            curve,
            explanation,
        )
