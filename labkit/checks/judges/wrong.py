"""How a judge says no."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curve:
    """A coefficient over the timesteps: what the answer uses, beside what the theory says."""

    name: str
    t: np.ndarray
    expected: np.ndarray
    found: np.ndarray


class Wrong(Exception):
    """The answer is wrong. `misconception` is an id of the catalogue, or None where none fits.

    `detail` gives the numbers: what was found, where it hurts most, and what was expected there.
    """

    def __init__(self, misconception: str | None, detail: str, curve: Curve | None = None):
        super().__init__(detail)
        self.misconception, self.detail, self.curve = misconception, detail, curve
