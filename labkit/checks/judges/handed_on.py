"""What became of numbers that a loop should hand on as they are."""

import numpy as np

from labkit.checks.judges.coefficients import solve
from labkit.checks.wrong import Wrong


def same(left: np.ndarray, right: np.ndarray) -> bool:
    """Up to what float32 forgets."""
    return np.allclose(left, right, atol=1e-5)


def in_order_of(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The same rows [B, 2] in the order of `others`, where they are the others in another order."""
    here, there = np.lexsort(rows.T), np.lexsort(others.T)
    if not same(rows[here], others[there]):
        return rows
    ordered = np.empty_like(rows)
    ordered[there] = rows[here]
    return ordered


def _is_clipped(x: np.ndarray, original: np.ndarray) -> bool:
    return same(x, np.clip(original, x.min(), x.max()))


def explain_change(found: np.ndarray, returned: np.ndarray, again: np.ndarray | None, text: str) -> Wrong:
    """Name what became of p_sample's results, [B, 2] or [K, B, 2].

    `again` is the same of a second run in which p_sample returns the same: what differs there, was drawn.
    """
    if _is_clipped(found, returned):
        return Wrong("clamped", f"{text}. They never leave [{found.min():.3g}, {found.max():.3g}].")
    if rescaled := _rescaled(found, returned):
        return Wrong("result_rescaled", f"{text}, but {rescaled}.")
    far = np.unravel_index(np.abs(found - returned).argmax(), found.shape)
    numbers = f"{text}: {found[far]:.4f}, for example, where it returned {returned[far]:.4f}."
    if same(np.sort(found, axis=-2), np.sort(returned, axis=-2)):
        return Wrong(None, f"{text}: its samples are in another order.")
    if again is None or again.shape != found.shape or same(again, found):
        return Wrong(None, numbers)
    rest = found - returned
    if abs(np.corrcoef(found.ravel(), returned.ravel())[0, 1]) < 0.1:
        return Wrong("fresh_x_each_step", numbers)
    unrelated = all(
        abs(np.corrcoef(change(rest).ravel(), change(returned).ravel())[0, 1]) < 0.1
        for change in (np.copy, np.abs)
    )
    return Wrong("extra_noise" if unrelated else None, numbers)


def _rescaled(found: np.ndarray, returned: np.ndarray) -> str:
    """How each coordinate was scaled and shifted, where that, and clipping, explains all numbers."""
    low, high = found.min(), found.max()
    factors, explained = [], np.empty_like(found)
    for axis in range(found.shape[-1]):
        y, x = found[..., axis], returned[..., axis]
        inside = (y > low) & (y < high)
        if inside.sum() < 3:
            return ""
        fit, _ = solve([x[inside], np.ones(inside.sum())], y[inside])
        factors.append(fit)
        explained[..., axis] = np.clip(fit[0] * x + fit[1], low, high)
    if not np.allclose(found, explained, rtol=1e-5, atol=1e-5 * max(1.0, np.abs(found).max())):
        return ""
    how = " and ".join(dict.fromkeys(f"{scale:.4g} times that plus {shift:.4g}" for scale, shift in factors))
    is_clipped = min(np.mean(found == low), np.mean(found == high)) > 0.01
    return f"{how}, clipped to [{low:.4g}, {high:.4g}]" if is_clipped else how
