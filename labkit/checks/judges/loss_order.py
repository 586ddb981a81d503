"""What a loss asked, put in the order of its batch: it may ask in parts, in another order, or twice."""

from dataclasses import replace

import numpy as np
import scipy  # its parts load when they are first used

from labkit.checks.judges.forward import over
from labkit.checks.judges.tables import Tables
from labkit.checks.judges.targets import TARGETS
from labkit.checks.probes.losses import LossReply

_ASKED, _HELPED = ("network_x", "network_t"), ("q_noise", "q_x0", "q_t", "q_x")
"""Fields of a reply with a row for each sample"""


def _rows_of(seen: LossReply, names: tuple[str, ...], index: np.ndarray) -> LossReply:
    """The same reply, with these rows of some of its fields."""
    return replace(seen, **{name: getattr(seen, name)[index] for name in names})


def once(seen: LossReply) -> LossReply:
    """What the network was asked, each sample once: where it was asked again, its gradients add up."""
    rows = np.column_stack([seen.network_t, seen.network_x.reshape(len(seen.network_x), -1)])
    _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    gradient = np.zeros((len(first), *seen.gradient.shape[1:]))
    np.add.at(gradient, which.ravel(), seen.gradient)
    return _rows_of(replace(seen, gradient=gradient[order]), _ASKED, first[order])


def _rows_like(rows: np.ndarray, others: np.ndarray) -> np.ndarray | None:
    """The index that puts rows [B, …] in the order of `others`, where they are the same in another one."""
    if rows.shape != others.shape or np.abs(rows - others).max() < 1e-3:
        return None
    rows, others = (x.reshape(len(x), -1) for x in (rows, others))
    distance, index = scipy.spatial.cKDTree(rows).query(others)
    return index if distance.max() < 1e-2 and len(np.unique(index)) == len(rows) else None


def in_order_of_the_batch(seen: LossReply, x0: np.ndarray) -> LossReply:
    """The same record in the order of x0, in whatever order the helper and the network were asked."""
    order = _rows_like(seen.q_x0, x0)
    if order is not None:
        seen = _rows_of(seen, _HELPED, order)
    order = _rows_like(seen.network_x, seen.q_x)
    if order is not None:
        seen = _rows_of(seen, (*_ASKED, "gradient"), order)
    return seen


def order_of_asking(
    seen: LossReply, out: np.ndarray, x0: np.ndarray, truth: Tables, target: str
) -> np.ndarray:
    """x0 in the order in which the network was asked, where a right loss would tell of another one. `out` is
    what the network answered.

    The target of a mean squared error follows from its gradient, and x0 from the target and x_t.
    """
    t, x_t = seen.network_t.astype(int), seen.network_x
    goal = out - seen.gradient * x0.size / len(seen.loss) / 2
    of_x0, of_x_t = (over(factor[t], x0) for factor in TARGETS[target](truth))
    order = _rows_like(x0, (goal - of_x_t * x_t) / of_x0)
    return x0 if order is None else x0[order]
