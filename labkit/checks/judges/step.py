"""Follows step(…, predictor) by which step it calls and how; where it calls none, by what it computes."""

import numpy as np

from labkit.checks.judges.draw import Rng, decoy_betas, normal, random_betas
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.judges.reverse_step import judge_reverse_step
from labkit.checks.judges.step_predict import PREDICTORS
from labkit.checks.probes.reverse_step import StepErrorReply, StepReply
from labkit.checks.registry import JUDGES
from labkit.checks.reply import Values
from labkit.checks.subject import AnswerError, Subject
from labkit.checks.wrong import Wrong

NAMES = list(PREDICTORS)
ARGUMENTS = ("schedule", "x_t", "t", "net_out")


@JUDGES.add("step")
def judge_step(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    asked = []
    for shape in ((3, 3, 6, 8), (1, 1, 5, 5)):
        arrays = _draw(rng, shape)
        asked.append([_ask(subject, arrays, name) for name in NAMES])
        _judge_dispatch(asked[-1], arrays["outputs"])
    inline = [name for name, seen in zip(NAMES, asked[0], strict=True) if not len(seen.calls)]
    for name in inline:
        _judge_inline(subject, rng, name)
    _judge_wrong_names(subject, rng)
    how = "what each predictor computes" if inline else "which step each predictor leads to"
    return f"{how}, and the error that an unknown predictor raises"


def _draw(rng: Rng, shape: tuple[int, ...]) -> Values:
    betas = random_betas(rng, 20)
    images = {name: normal(rng, *shape) for name in ("x_t", "net_out")}
    given = {"betas": betas, "decoy_betas": decoy_betas(rng), "t": 7, **images}
    return given | {"outputs": normal(rng, len(NAMES), *shape)}


def _ask(subject: Subject, given: Values, name: str) -> StepReply:
    """Ask for a step with a valid predictor."""
    try:
        seen = subject.call("step", given | {"predictor": name}, StepReply)
    except AnswerError as error:
        if error.kind == "raised":
            _judge_rejection(subject, given, name)
        raise
    demand_shapes(seen, x_prev=given["x_t"].shape, calls=(len(seen.calls), 5))
    judge_unchanged(seen)
    return seen


def _error(subject: Subject, given: Values, name: str) -> StepErrorReply:
    """Ask with a name that should raise."""
    return subject.call("step_error", given | {"predictor": name}, StepErrorReply)


def _judge_rejection(subject: Subject, given: Values, name: str) -> None:
    """Raise Wrong where a valid predictor raises the very error that an unknown one does."""
    unknown = "qqwx"
    texts = [_error(subject, given, asked).message for asked in (name, unknown)]
    texts = [text.replace(name, "").replace(unknown, "") for text in texts]
    if texts[0] == texts[1]:
        raise Wrong("rejects_valid_predictor", f'predictor="{name}" raises the error of an unknown one.')


def _judge_dispatch(asked: list[StepReply], outputs: np.ndarray) -> None:
    """Each predictor must get the result of its own step, called with the arguments as they came."""
    called = [seen.calls for seen in asked]
    results = [_index_of(seen.x_prev, outputs) for seen in asked]
    if all(len(calls) for calls in called):
        _judge_routes([[int(call[0]) for call in calls] for calls in called], results)
    for number, (name, calls, result) in enumerate(zip(NAMES, called, results, strict=True)):
        for call in calls:
            _judge_arguments(f"step_predict_{NAMES[int(call[0])]}", call[1:])
        if not len(calls) or result == number:
            continue
        routes = " and ".join(f"step_predict_{NAMES[int(call[0])]}" for call in calls)
        detail = f'With predictor="{name}", {routes} was called.'
        if result is not None or {int(call[0]) for call in calls} != {number}:
            named = "calls_several" if len(calls) > 1 else "other_step_called"
            raise Wrong(named, detail)
        if len(calls) > 1:
            raise Wrong("step_called_again", f"{detail} It was called {len(calls)} times.")
        named = _how_changed(asked[number].x_prev, outputs[number])
        raise Wrong(named, f"{detail} Its result was changed.")


def _index_of(x: np.ndarray, outputs: np.ndarray) -> int | None:
    """Which step's result this is."""
    return next((k for k, output in enumerate(outputs) if np.allclose(x, output, atol=1e-6)), None)


def _judge_routes(routes: list[list[int]], results: list[int | None]) -> None:
    """Raise Wrong where the three together show a mistake that one alone does not."""
    reached = [NAMES[k] for k in results if k is not None]
    if len(reached) < len(results) or results == [0, 1, 2] or max(map(len, routes)) > 1:
        return
    found = ", ".join(f'"{name}" → step_predict_{one}' for name, one in zip(NAMES, reached, strict=True))
    if len(set(reached)) == 1:
        raise Wrong("predictor_ignored", f"Every predictor leads to step_predict_{reached[0]}.")
    if len(set(reached)) == 3:
        raise Wrong("swapped_predictors", f"{found}.")


def _judge_arguments(step: str, which: np.ndarray) -> None:
    """Raise Wrong unless a step got schedule, x_t, t and net_out, in this order."""
    if np.array_equal(which, [0, 1, 2, 3]):
        return
    if np.array_equal(np.sort(which), [0, 1, 2, 3]):
        got = ", ".join(ARGUMENTS[int(k)] for k in which)
        raise Wrong("arguments_in_other_order", f"{step} got ({got}); it takes ({', '.join(ARGUMENTS)}).")
    if which[0] == 4:
        raise Wrong("reads_global", f"{step} got another schedule than step did.")
    if which[2] in (5, 6):
        raise Wrong("t_not_batched", f"{step} got a t that is not the tensor of shape [B] that step got.")
    if len(set(which)) < 4 and -1 not in which:
        k = next(k for k in range(4) if which[k] != k)
        raise Wrong("argument_passed_twice", f"{step} got {ARGUMENTS[int(which[k])]} as {ARGUMENTS[k]}.")
    wrong = " and ".join(name for k, name in enumerate(ARGUMENTS) if which[k] != k)
    raise Wrong("changes_arguments", f"{step} got another {wrong} than step did.")


def _how_changed(x: np.ndarray, output: np.ndarray) -> str:
    low, high = x.min(), x.max()
    if np.allclose(x, np.clip(output, low, high)) and high - low < np.ptp(output):
        return "clips_x_prev"
    return "changes_result"


def _judge_inline(subject: Subject, rng: Rng, name: str) -> None:
    """The answer writes this step out itself: judge what it computes."""

    def ask(
        betas: np.ndarray,
        decoy: np.ndarray,
        x_t: np.ndarray,
        net_out: np.ndarray,
        t: int,
        seed: int | None = None,
    ) -> np.ndarray:
        arrays = {"betas": betas, "decoy_betas": decoy, "x_t": x_t, "net_out": net_out, "t": t}
        arrays |= {"outputs": np.zeros((len(NAMES), *x_t.shape))}
        return _ask(subject, arrays if seed is None else arrays | {"seed": seed}, name).x_prev

    steep = rng.uniform(0.2, 0.6, 12)
    for betas, shape in (
        (random_betas(rng, int(rng.integers(30, 80))), (6, 3, 10, 14)),
        (steep, (5, 1, 16, 16)),
    ):
        judge_reverse_step(ask, PREDICTORS[name], rng, betas, shape, "step")


def _judge_wrong_names(subject: Subject, rng: Rng) -> None:
    """An unknown predictor must raise an error whose text holds the valid ones."""
    word = "".join(rng.choice(list("bcdfgkpqvwz"), 6))
    for name in (word, str(rng.choice(NAMES))[:-1]):
        seen = _error(subject, _draw(rng, (2, 3, 4, 5)), name)
        if seen.returned_none:
            raise Wrong("unknown_predictor_returns_none", f'predictor="{name}" returned None.')
        if not seen.raised:
            raise Wrong("unknown_predictor_passes", f'predictor="{name}" raised no error.')
        absent = [valid for valid in NAMES if valid not in seen.message.replace(f"'{name}'", "").lower()]
        if absent:
            said = f'said "{seen.message}"' if seen.message.strip() else "said nothing"
            raise Wrong("error_without_names", f'The error for predictor="{name}" {said}.')
