"""Finds the two shares with which an update mixes an average and a network.

Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992), with the exponential
shares that diffusion models take: average ← decay · average + (1 − decay) · network. After n updates towards
the same network, decayⁿ is left of the start.
"""

from dataclasses import dataclass

import numpy as np

from labkit.checks.judges.draw import Rng, normal
from labkit.checks.judges.replies import demand_shapes
from labkit.checks.probes.training import EmaReply, averaged_network
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

_CLOSE = 2e-5
"""Float32 loses so much of numbers around 1."""


@dataclass(frozen=True)
class Case:
    """What was given, and what came back."""

    given: Values
    seen: EmaReply

    @property
    def shares(self) -> tuple[float, float]:
        """What should be left of the average, and come from the network."""
        left = float(self.given["decay"]) ** int(self.given["calls"])
        return left, 1 - left

    @property
    def right(self) -> np.ndarray:
        left, new = self.shares
        return left * self.given["average"] + new * self.given["network"]


@JUDGES.add("ema_update")
def judge_ema_update(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    first, second = rng.uniform(0.55, 0.95), rng.uniform(0.1, 0.45)
    asked = [
        (first, 1, True),
        (second, 1, False),
        (1 - 10 ** rng.uniform(-3, -2), 1, True),
        (rng.uniform(0.8, 0.95), int(rng.integers(5, 9)), True),
        (0.0, 1, False),
        (1.0, 1, True),
    ]
    for decay, calls, frozen in asked:
        _judge(_ask(subject, rng, float(decay), calls, frozen))
    return "both shares, for six values of decay, in all weights; decayⁿ after n updates; the copied buffers"


def _ask(subject: Subject, rng: Rng, decay: float, calls: int, frozen: bool) -> Case:
    example = averaged_network()
    size, buffers = (sum(x.numel() for x in some) for some in (example.parameters(), example.buffers()))
    given = {name: normal(rng, size) for name in ("network", "average")}
    for name in given.copy():  # the last one counts batches
        statistics = np.append(np.abs(normal(rng, buffers - 1)), rng.integers(20, 10_000))
        given[f"{name}_buffers"] = statistics
    values = given | {"decay": decay, "calls": calls, "frozen": int(frozen)}
    seen = subject.call("ema_update", values, EmaReply)
    demand_shapes(seen, average=(size,), network=(size,), average_buffers=(buffers,))
    return Case(values, seen)


def _judge(case: Case) -> None:
    given, seen = case.given, case.seen
    if not np.array_equal(seen.network, given["network"]):
        raise Wrong(
            "network_changed", "After the call, the network's weights held other numbers than before."
        )
    off = np.abs(seen.average - case.right)
    if not (off < _CLOSE).all():
        raise _explain(case, off)
    if seen.in_graph:
        raise Wrong("average_in_graph", "The numbers are right, but the average's weights have a `grad_fn`.")
    _judge_buffers(case)


def _explain(case: Case, off: np.ndarray) -> Wrong:
    given, found = case.given, case.seen.average
    decay, calls = float(given["decay"]), int(given["calls"])
    sides = np.stack([given["average"], given["network"]], axis=1)
    shares, *_ = np.linalg.lstsq(sides, found, rcond=None)
    left, new = case.shares
    asked = f"For decay = {decay:.4g}" + (f" and {calls} updates" if calls > 1 else "")
    if np.abs(sides @ shares - found).max() > 10 * _CLOSE:
        unchanged = np.abs(found - given["average"]) < _CLOSE
        if (unchanged | (off < _CLOSE)).all():
            share = np.mean(unchanged & (off > _CLOSE))
            return Wrong(
                "some_weights_left", f"{asked}, {share:.0%} of the average's weights did not change."
            )
        return Wrong(None, f"{asked}, the new average is no mixture of the average and the network.")
    detail = (
        f"{asked}, the new average is {shares[0]:.4f} · average + {shares[1]:.4f} · network; "
        f"it should be {left:.4f} · average + {new:.4f} · network."
    )
    return Wrong(_name(shares, decay, calls), detail)


def _name(shares: np.ndarray, decay: float, calls: int) -> str | None:
    if calls > 1:  # one update is right, and several are not
        return None
    if decay in (0.0, 1.0):
        return "decay_as_condition"
    known = {
        "average_unchanged": (1, 0),
        "average_copies_network": (0, 1),
        "average_swapped": (1 - decay, decay),
    }
    named = next((name for name, wrong in known.items() if np.allclose(shares, wrong, atol=1e-4)), None)
    if named is None:
        named = "decay_ignored" if abs(shares.sum() - 1) < 1e-4 else "average_shares"
    return named


def _judge_buffers(case: Case) -> None:
    given, found = case.given, case.seen.average_buffers
    network, average = given["network_buffers"], given["average_buffers"]
    wrong = ~np.isclose(found, network, rtol=1e-6, atol=1e-6)
    if not wrong.any():
        return
    k = int(wrong.argmax())
    named = "buffers_left" if np.allclose(found[wrong], average[wrong]) else "buffers_averaged"
    buffers = f"A buffer of the average is {found[k]:.4g}; the network's is {network[k]:.4g}."
    raise Wrong(named, f"The weights are right. {buffers}")
