"""Follows train_step through the steps of SGD with momentum on a square, whose gradient is known.

Of the loss ½ Σ c·(w − x)², the mean over the batch, the gradient is c·(w − mean x). With momentum m
(Sutskever et al., 2013, as PyTorch writes it) v ← m·v + gradient and w ← w − lr·v. Learning rate, momentum
and curvature c are secret; what each call leaves behind is what the next one begins with.
"""

from dataclasses import dataclass

import numpy as np

from labkit.checks.judges.draw import Rng, normal
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.probes.training import TrainStepReply, trained_network
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

_CALLS = 5
_RELATIVE, _ABSOLUTE = 1e-4, 2e-5
"""What float32 may lose in so many steps"""


@dataclass(frozen=True)
class Path:
    """Where some way to make the steps leads."""

    loss: np.ndarray
    """[K]"""
    network: np.ndarray
    """[K, N]"""


@JUDGES.add("train_step")
def judge_train_step(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    for _ in range(2):
        given = _draw(rng)
        seen = subject.call("train_step", given, TrainStepReply)
        steps, size = len(given["x0"]), len(given["network"])
        both = (steps, size)
        demand_shapes(seen, loss=(steps,), losses_asked=(steps,), network=both, average=both)
        judge_unchanged(seen)
        _judge_asking(seen)
        _judge_network(given, seen)
        _judge_loss(given, seen)
        _judge_average(given, seen)
    return (
        "the optimizer's steps on a loss with a known gradient, that loss without its record, and the average"
    )


def _draw(rng: Rng) -> Values:
    size = sum(weight.numel() for weight in trained_network().parameters())
    return {
        "network": normal(rng, size),
        "average": normal(rng, size),
        "x0": normal(rng, _CALLS, int(rng.integers(3, 8)), size),
        "curvature": rng.uniform(0.5, 1.5, size),
        "draws": normal(rng, 3 * _CALLS, size),
        "lr": float(rng.uniform(0.05, 0.2)),
        "momentum": float(rng.uniform(0.3, 0.7)),
        "decay": float(rng.uniform(0.3, 0.8)),
        "shares": rng.uniform(0.2, 0.6, 3),
    }


def _judge_asking(seen: TrainStepReply) -> None:
    """What can be told from what was asked: here the numbers would not say what happened."""
    if (seen.losses_asked == 0).any():
        raise Wrong("loss_not_asked", "A call came back without having called `loss_fn`.")
    if "loss:average" in seen.events.split():
        raise Wrong(
            "loss_of_the_average", "`loss_fn` was given another network than the one that is trained."
        )
    if (seen.losses_asked > 1).any():
        detail = f"In one call, `loss_fn` was called {seen.losses_asked.max():.0f} times."
        raise Wrong("loss_asked_again", detail)
    if "average:other" in seen.events.split():
        raise Wrong("average_gets_other_arguments", "`ema_update` got other networks, or in another order.")


def _follow(given: Values, gradients: str = "fresh", momentum: bool = True, times: int = 1) -> Path:
    """Where SGD leads. `gradients` says which one a step sees: the "fresh" one, all so far "added", or the
    one of the step "before"."""
    weights, speed = given["network"].copy(), np.zeros_like(given["network"])
    kept = np.zeros_like(weights)
    losses, path = [], []
    for x0, draw in zip(given["x0"], given["draws"], strict=False):
        away = weights - x0 - draw
        losses.append((given["curvature"] * away**2).sum(axis=1).mean() / 2)
        fresh = given["curvature"] * away.mean(axis=0)
        used = {"fresh": fresh, "added": kept + fresh, "before": kept}[gradients]
        kept = fresh if gradients == "before" else kept + fresh
        for _ in range(times):
            speed = (given["momentum"] * speed if momentum else 0) + used
            weights = weights - given["lr"] * speed
        path.append(weights)
    return Path(np.array(losses), np.array(path))


def _same(found: np.ndarray, right: np.ndarray) -> bool:
    return bool(np.allclose(found, right, rtol=_RELATIVE, atol=_ABSOLUTE))


def _judge_network(given: Values, seen: TrainStepReply) -> None:
    right = _follow(given).network
    if _same(seen.network, right):
        return
    call = int(np.abs(seen.network - right).max(axis=1).round(4).astype(bool).argmax())
    place = int(np.abs(seen.network[call] - right[call]).argmax())
    detail = (
        f"After call {call + 1} with SGD, a weight is {seen.network[call, place]:.4f}; "
        f"it should be {right[call, place]:.4f}."
    )
    raise Wrong(_name(given, seen), detail)


def _name(given: Values, seen: TrainStepReply) -> str | None:
    calls = [call.split() for call in seen.events.split("|")[1:]]
    middle = calls[len(calls) // 2]
    if np.array_equal(seen.network, np.broadcast_to(given["network"], seen.network.shape)):
        if "step" not in middle:
            return "step_missing"
        if "backward" not in middle:
            return "backward_missing"
        if middle.index("step") < middle.index("backward"):
            return "step_before_backward"
        between = middle[middle.index("backward") : middle.index("step")]
        return "gradients_cleared" if "zero" in between else None
    if "step" not in middle or _same(seen.network, _follow(given, momentum=False).network):
        return "optimizer_bypassed"
    if middle.count("step") > 1 and _same(seen.network, _follow(given, times=middle.count("step")).network):
        return "stepped_twice"
    named = {"added": "gradients_add_up", "before": "step_before_backward"}
    for way, name in named.items():
        if _same(seen.network, _follow(given, way).network):
            return name
    return "gradients_changed" if _is_limited(given, seen) else None


def _is_limited(given: Values, seen: TrainStepReply) -> bool:
    """Whether the first step took another length of the gradient, or less of its large entries."""
    before, lr = given["network"], given["lr"]
    right, used = before - _follow(given).network[0], before - seen.network[0]
    if np.allclose(used, right, rtol=_RELATIVE, atol=_ABSOLUTE * lr):
        return False
    share = float(used @ right / (right @ right))
    limit = np.abs(used).max()
    return np.allclose(used, share * right, rtol=1e-3, atol=_ABSOLUTE) or np.allclose(
        used, right.clip(-limit, limit), rtol=1e-3, atol=_ABSOLUTE
    )


def _judge_loss(given: Values, seen: TrainStepReply) -> None:
    right = _follow(given).loss
    if not _same(seen.loss, right):
        call = int(np.nan_to_num(np.abs(seen.loss - right), nan=np.inf).argmax())
        detail = f"Call {call + 1} returned {seen.loss[call]:.4f}; the loss was {right[call]:.4f}."
        raise Wrong(None, detail)
    if seen.loss_has_graph:
        raise Wrong("loss_keeps_its_graph", "What came back has a `grad_fn`.")


def _averages(given: Values, shares: tuple[float, float], times: int = 1, late: int = 0) -> np.ndarray:
    """The average [K, N] after each call, made of the weights then, or of those `late` calls before."""
    weights = np.concatenate([given["network"][None], _follow(given).network])
    average, found = given["average"], []
    for call in range(len(given["x0"])):
        for _ in range(times):
            average = shares[0] * average + shares[1] * weights[call + 1 - late]
        found.append(average)
    return np.array(found)


def _judge_average(given: Values, seen: TrainStepReply) -> None:
    decay, (own, of_decay, new) = given["decay"], given["shares"]
    stood_in = "average" in seen.events.split() and not seen.own_helper
    shares = (own + of_decay * decay, new) if stood_in else (decay, 1 - decay)
    right = _averages(given, shares)
    if _same(seen.average, right):
        if seen.in_graph:
            raise Wrong("average_in_graph", "The average's weights have a `grad_fn`.")
        return
    first, before = seen.average[0], given["average"]
    place = int(np.abs(first - right[0]).argmax())
    detail = (
        f"The steps are right. After the first, a weight of the average is {first[place]:.4f}; "
        f"it should be {right[0, place]:.4f}."
    )
    if np.array_equal(first, before):
        raise Wrong("average_left_out", detail)
    if _same(seen.average, _averages(given, shares, late=1)):
        raise Wrong("average_before_step", detail)
    if _same(seen.average, _averages(given, shares, times=2)):
        raise Wrong("average_updated_twice", detail)
    if _same(seen.average, _averages(given, (1 - decay, decay))):
        raise Wrong("average_swapped", detail)
    # Of the average and the network, as if only the decay were another one.
    sides = np.stack([before, seen.network[0]], axis=1)
    mixed, *_ = np.linalg.lstsq(sides, first, rcond=None)
    is_mixture = np.abs(sides @ mixed - first).max() < 1e-3
    other_decay = abs(mixed[1] - new) < 1e-3 if stood_in else abs(mixed.sum() - 1) < 1e-3
    raise Wrong("decay_ignored" if is_mixture and other_decay else None, detail)
