"""System identification: which numbers does an affine answer multiply its inputs with?"""

from collections.abc import Callable

import numpy as np

from labkit.checks.judges.formula.theory import Fits
from labkit.checks.wrong import Curve, Explanation, Wrong

Table = dict[str, np.ndarray]
"""name of a coefficient → its value at each judged timestep, [K]"""


def solve(columns: list[np.ndarray], y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least squares: the coefficients of `columns` in `y` (all flattened) and what remains of `y`."""
    design = np.stack([column.ravel() for column in columns], axis=1)
    found, *_ = np.linalg.lstsq(design, y.ravel(), rcond=None)
    return found, (y.ravel() - design @ found).reshape(y.shape)


def tolerance(expected: np.ndarray) -> np.ndarray:
    """How far a right answer's float32 arithmetic may stray: √(1 − ᾱ_t) loses digits where ᾱ_t is near 1."""
    return 5e-4 * np.abs(expected) + 3e-5


def judge_coefficients(
    t: np.ndarray,
    found: Table,
    expected: Table,
    slack: Table,
    explain: Callable[[Fits], Explanation | None] = lambda fits: None,
) -> None:
    """Raise Wrong unless every coefficient is as expected, up to `slack`.

    `explain` looks for what explains every number, of coefficients in the order of `expected`.
    """

    def fits(coefficients: np.ndarray) -> bool:
        return all(
            np.all(np.abs(found[name] - other) <= slack[name] + tolerance(other))
            for name, other in zip(expected, coefficients, strict=True)
        )

    if fits(np.array(list(expected.values()))):
        return
    off = {
        name: np.abs(found[name] - right) - slack[name] - tolerance(right) for name, right in expected.items()
    }
    worst = max(off, key=lambda name: float(off[name].max()))
    k = int(off[worst].argmax())
    curve = Curve(worst, t, expected[worst], found[worst])
    detail = f"At t = {t[k]}, {worst} is {found[worst][k]:.4f}; it should be {expected[worst][k]:.4f}."
    explanation = explain(fits)
    if explanation is None:
        raise Wrong(None, f"{detail} {_describe(found, expected, off)}", curve)
    raise Wrong(explanation.mistakes[0], detail, curve, explanation)


def _describe(found: Table, expected: Table, off: Table) -> str:
    """Say what is off where no mistake of the catalogue fits."""
    parts = []
    for name, right in expected.items():
        wrong = off[name] > 0
        if not wrong.any():
            parts.append(f"{name} is right")
            continue
        where = "at every t" if wrong.all() else f"at {wrong.sum()} of {len(wrong)} timesteps"
        usable = np.abs(right) > 1e-6
        ratio = found[name][usable] / right[usable]
        steady = wrong.all() and len(ratio) and np.ptp(ratio) < 0.02 * abs(ratio.mean())
        factor = f"{ratio.mean():.3g} times what it should be" if steady else "off"
        parts.append(f"{name} is {factor} {where}")
    return (text := "; ".join(parts))[0].upper() + text[1:] + "."
