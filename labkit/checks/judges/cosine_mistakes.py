"""The cosine schedule (Nichol & Dhariwal 2021, Eq. 17), and what it becomes under the usual mistakes."""

import numpy as np

LESSON_T, LESSON_S, MOST = 1000, 0.008, 0.999


def share(length: int, s: float, u: np.ndarray) -> np.ndarray:
    """f(u), up to a factor the share of the signal's variance that is left."""
    return np.cos(_quarter_turns(length, s, u) * np.pi / 2) ** 2


def _quarter_turns(length: int, s: float, u: np.ndarray) -> np.ndarray:
    return (u / length + s) / (1 + s)


def ratios(f: np.ndarray) -> np.ndarray:
    """1 − f(t+1)/f(t) for neighbours in f [T + 1]."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(1 - f[1:] / f[:-1], nan=1.0, posinf=1.0, neginf=-1.0)


def betas_of(length: int, s: float) -> np.ndarray:
    """β_t [T], clipped."""
    return np.clip(ratios(share(length, s, np.arange(length + 1))), 0, MOST)


def mistakes_in_cosine(length: int, s: float, found: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """(id, the numbers [T] that it leads to, before they are clipped); `found` is what came back."""
    f = share(length, s, np.arange(length + 1))
    betas = ratios(f)
    root = np.sqrt(abs(found[[0, -1]]))
    return [
        *[(name, ratios(other)) for name, other in _other_shares(length, s)],
        ("returns_alphas_cumprod", f[1:] / f[0]),
        ("returns_alphas_cumprod", f[:-1] / f[0]),
        ("returns_alphas_cumprod", f[1:]),
        ("returns_alphas_cumprod", f[:-1]),
        ("returns_alphas_cumprod", 1 - f[1:] / f[0]),
        ("returns_alphas", 1 - betas),
        ("returns_alphas", 1 - np.clip(betas, 0, MOST)),
        ("difference_for_ratio", -np.diff(f) / f[0]),
        ("difference_for_ratio", -np.diff(f)),
        ("ratio_upside_down", 1 - f[:-1] / f[1:]),
        ("not_divided_by_first", np.append(1 - f[1], betas[1:])),
        ("reversed_t", betas[::-1]),
        *[("betas_misplaced", other) for other in _misplaced(length, s, f)],
        ("betas_follow_cosine", _between(found, np.linspace(0, np.pi, length))),
        ("not_the_cosine_schedule", np.linspace(found[0], found[-1], length)),
        ("not_the_cosine_schedule", np.linspace(root[0], root[1], length) ** 2),
    ]


def _other_shares(length: int, s: float) -> list[tuple[str, np.ndarray]]:
    """(id, f [T + 1]) of the mistakes in f itself."""
    u = np.arange(length + 1)
    turns = _quarter_turns(length, s, u)
    return [
        ("s_left_out", share(length, 0, u)),
        ("s_ignored", share(length, LESSON_S, u)),
        ("s_not_normalised", np.cos((u / length + s) * np.pi / 2) ** 2),
        ("s_not_normalised", np.cos(u / length / (1 + s) * np.pi / 2) ** 2),
        ("s_not_normalised", np.cos((u / length + s / (1 + s)) * np.pi / 2) ** 2),
        ("cosine_not_squared", np.cos(turns * np.pi / 2)),
        ("cosine_not_squared", np.cos(turns * np.pi / 2) ** 4),
        ("cosine_not_squared", np.cos((turns * np.pi / 2) ** 2)),
        *[
            ("half_pi_wrong", np.cos(turns * factor) ** 2)
            for factor in (1, 0.5, np.pi, np.pi / 4, 2 * np.pi, 90, 180)
        ],
        *[("pi_rounded", np.cos(turns * pi / 2) ** 2) for pi in (3.14, 3.1416, 3.1415, 3.14159, 22 / 7)],
        ("sine_for_cosine", np.sin(turns * np.pi / 2) ** 2),
        ("hardcoded_timesteps", share(LESSON_T, s, u)),
    ]


def _misplaced(length: int, s: float, f: np.ndarray) -> list[np.ndarray]:
    """A neighbour's β, or T points where T + 1 are needed: with something put in front or at the end."""
    betas = ratios(f)
    shifted = [np.append(first, betas[:-1]) for first in (0, MOST, 1 - f[0], betas[0])]
    shifted.append(ratios(share(length, s, np.arange(1, length + 2))))
    shifted += [np.append(betas[1:], last) for last in (MOST, betas[0], betas[-1])]
    for intervals in (length - 1, length + 1):
        other = share(intervals, s, np.arange(length + 1))
        inner = ratios(other[:-1])
        shifted += [ratios(other), *[np.append(first, inner) for first in (0, 1 - other[0], inner[0])]]
        shifted += [np.append(inner, last) for last in (0, MOST, inner[-1])]
    return shifted


def _between(found: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Half a wave between the first and the last number that came back."""
    return found[0] + (found[-1] - found[0]) * (1 - np.cos(angle)) / 2
