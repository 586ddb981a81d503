"""Compares cosine_betas with its definition, number by number, for several T and s.

Nichol & Dhariwal, "Improved Denoising Diffusion Probabilistic Models" (2021), Eq. 17: with
f(u) = cos²((u/T + s)/(1 + s)·π/2), ᾱ(t) = f(t)/f(0) and β_t = 1 − f(t+1)/f(t), at most 0.999.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from labkit.checks.judges.cosine_mistakes import MOST, betas_of, mistakes_in_cosine, ratios, share
from labkit.checks.judges.draw import Rng
from labkit.checks.judges.formula.slips import Slip
from labkit.checks.judges.formula.theory import Found, Written, formula, told
from labkit.checks.judges.formula.tree import Node
from labkit.checks.judges.replies import demand_shapes
from labkit.checks.probes.cosine_betas import CosineBetasReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Curve, Explanation, Wrong

DEFAULT_S = 0.008

COSINE = Written(
    formula("1 - f(t + 1) / f(t)", **{"f(u)": "cos((u / T + s) / (1 + s) * π / 2)**2"}),
    {
        "f(t + 1)/f(t) is upside down": "ratio_upside_down",
        "f(t + 1)/f(t) stands where 1 − f(t + 1)/f(t) belongs": "returns_alphas",
        "s is left out of u/T + s": "s_not_normalised",
        "the square of cos((u/T + s)/(1 + s) · π/2) is missing": "cosine_not_squared",
        "not divided by 1 + s": "s_not_normalised",
        "not divided by 2": "half_pi_wrong",
    },
)
"""Without the bound of 0.999"""


@dataclass(frozen=True)
class Case:
    """What was asked for, and what came back."""

    length: int
    s: float
    betas: np.ndarray


@JUDGES.add("cosine_betas")
def judge_cosine_betas(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    asked: list[tuple[int, float | None]] = [
        (int(rng.integers(180, 400)), float(rng.uniform(0.02, 0.06))),
        (int(rng.integers(1100, 2200)), None),
        (int(rng.integers(700, 990)), float(rng.uniform(0.001, 0.005))),
        (int(rng.integers(8, 20)), float(rng.uniform(0.004, 0.1))),
    ]
    cases, in_float32 = [], True
    for length, s in asked:
        given = {"num_train_timesteps": length}
        seen = subject.call("cosine_betas", given if s is None else given | {"s": s}, CosineBetasReply)
        demand_shapes(seen, betas=(seen.betas.size,))
        cases.append(Case(length, DEFAULT_S if s is None else s, seen.betas))
        in_float32 = in_float32 and seen.float32
    _judge_lengths(cases)
    slips = [np.abs(case.betas - betas_of(case.length, case.s)) for case in cases]
    if any((slip > _float32_slip(case)).any() for slip, case in zip(slips, cases, strict=True)):
        raise _explain(cases, slips)
    if not in_float32:
        raise Wrong("not_float32", "The values are right, but they are of another type than torch.float32.")
    right = "the cosine schedule, number by number, for four T and s, and its bound of 0.999"
    worst = max(float(slip.max()) for slip in slips)
    if all((slip <= 2e-7 * case.betas + 1e-9).all() for slip, case in zip(slips, cases, strict=True)):
        return right
    return f"{right}; your numbers are off by up to {worst:.0e}, from computing in float32: float64 is exact"


def _judge_lengths(cases: list[Case]) -> None:
    lengths = {len(case.betas) for case in cases}
    wrong = next((case for case in cases if len(case.betas) != case.length), None)
    if wrong is None:
        return
    detail = f"For num_train_timesteps = {wrong.length}, {len(wrong.betas)} numbers came back."
    raise Wrong("hardcoded_timesteps" if len(lengths) == 1 else "wrong_shape", detail)


def _float32_slip(case: Case) -> np.ndarray:
    """How far float32 arithmetic may lead astray: the angle by 1e-6, the ratio by 1e-6.

    An angle off by δ changes f = cos² by 2·cos·sin·δ, and a ratio of two f by as much, relatively. Near
    t = T, where f is close to zero, that is much; elsewhere next to nothing.
    """
    u = np.arange(case.length + 1)
    angle = (u / case.length + case.s) / (1 + case.s) * np.pi / 2
    f, slope = np.cos(angle) ** 2, np.abs(np.sin(2 * angle))
    return 1e-6 * (1 + slope[1:] / f[:-1] + f[1:] * slope[:-1] / f[:-1] ** 2)


def _explain(cases: list[Case], slips: list[np.ndarray]) -> Wrong:
    """Name the mistake that explains every number of every case; show where one number is far off."""
    excess = [(slip - _float32_slip(case)).max() for slip, case in zip(slips, cases, strict=True)]
    case, slip = max(zip(cases, slips, excess, strict=True), key=lambda found: found[2])[:2]
    bounded, t = _name_by_bounds(cases), int(slip.argmax())
    named, explanation = bounded, None
    if not bounded and any(one.betas.any() for one in cases):
        # Several mistakes make negative numbers, which a bound turns into zeros: those have no name.
        named, explanation = _name(cases), _slips(cases)
    if named == "betas_floored":  # shows where betas are small, and not by the largest slip
        case = max(cases, key=lambda one: one.betas.min() / betas_of(one.length, one.s).min())
        t = int(betas_of(case.length, case.s).argmin())
    right = betas_of(case.length, case.s)
    detail = (
        f"For num_train_timesteps = {case.length} and s = {case.s:.4g}, β at t = {t} is {case.betas[t]:.6g}; "
        f"it should be {right[t]:.6g}."
    )
    curve = Curve("β", np.arange(case.length), right, case.betas)
    if named and explanation:  # what is known by name may be written down all the same
        explanation = replace(explanation, mistakes=(named,), text=None)
    elif explanation:
        named = explanation.mistakes[0]
    return Wrong(named, detail, curve, explanation)


def _slips(cases: list[Case]) -> Explanation | None:
    """The slips in the formula that explain every number of every case, up to its bounds."""
    single: Iterator[tuple[tuple[Slip, ...], Node]] = (((slip,), tree) for slip, tree in COSINE.edited())
    for search in (single, COSINE.edited_twice()):
        found: list[Found] = [(slips, tree) for slips, tree in search if _fits(cases, tree)]
        if found:
            return told(found, set(COSINE.ids.values()))
    return None


def _fits(cases: list[Case], tree: Node) -> bool:
    numbers = [_numbers(tree, case) for case in cases]
    return any(
        all(_close(case, np.clip(betas, low, high)) for case, betas in zip(cases, numbers, strict=True))
        for low, high in itertools.product(_LOWS, _HIGHS)
    )


def _numbers(tree: Node, case: Case) -> np.ndarray:
    values = {"t": np.arange(case.length), "T": case.length, "s": case.s, "π": np.pi}
    with np.errstate(all="ignore"):
        return np.nan_to_num(tree.at(values) + np.zeros(case.length), nan=1.0, posinf=1.0, neginf=-1.0)


_LOWS, _HIGHS = (-np.inf, 0, 1e-4), (np.inf, MOST, 0.9999, 0.02)
"""Bounds to which wrong numbers are clipped too"""


def _close(case: Case, other: np.ndarray) -> bool:
    """Whether these are the numbers that came back; of very large ones only the sign counts."""
    found, other = (np.clip(betas, -5, 5) for betas in (case.betas, other))
    # A mistake in float32 is still that mistake; where f is near zero, float32 says little.
    slack = 1e-3 * np.abs(other) + 3 * np.minimum(_float32_slip(case), 0.01)
    return bool((np.abs(found - other) <= slack).all())


def _name_by_bounds(cases: list[Case]) -> str | None:
    """The definition, but clipped to another interval than [0, 0.999]?"""
    bounds = [(case.betas.min(), case.betas.max()) for case in cases]
    for case, (low, high) in zip(cases, bounds, strict=True):
        plain = ratios(share(case.length, case.s, np.arange(case.length + 1)))
        if high == 0 or not _close(case, np.clip(plain, low, high)):
            return None
    lows, highs = np.array(bounds).T
    smallest = np.array([betas_of(case.length, case.s).min() for case in cases])
    if ((lows > 1.01 * smallest + 1e-6) & (lows < highs)).any():
        return "betas_floored"
    if abs(highs.max() - MOST) < 1e-5:
        return None
    if highs.max() < MOST:
        return "clipped_too_low"
    return "clipped_too_high" if highs.max() < 1 - 1e-6 else "not_clipped"


def _name(cases: list[Case]) -> str | None:
    tables = [mistakes_in_cosine(case.length, case.s, case.betas) for case in cases]
    for mistakes in zip(*tables, strict=True):
        for low, high in itertools.product(_LOWS, _HIGHS):
            pairs = zip(cases, mistakes, strict=True)
            if all(_close(case, np.clip(betas, low, high)) for case, (_, betas) in pairs):
                return mistakes[0][0]
    return None
