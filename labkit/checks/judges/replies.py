"""What every reply must hold: the shapes that were asked for, and arguments as they were."""

from labkit.checks.reply import Reply
from labkit.checks.subject import AnswerError
from labkit.checks.wrong import Wrong


def demand_shapes(seen: Reply, **shapes: tuple[int, ...]) -> None:
    """Raise AnswerError unless these fields have these shapes: of no numbers, everything would be right."""
    for name, shape in shapes.items():
        found = getattr(seen, name).shape
        if found != shape:
            raise AnswerError(
                "unreadable",
                f"What came back from the answer cannot be judged: `{name}` has the shape {list(found)}; "
                f"expected {list(shape)}.",
            )


def judge_unchanged(seen: Reply) -> None:
    """Raise Wrong where the answer wrote into one of its arguments."""
    if seen.changed:
        raise Wrong("changes_its_input", f"After the call, `{seen.changed}` held other numbers than before.")
