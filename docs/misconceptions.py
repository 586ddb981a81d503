"""Makes notebooks/misconceptions.md, the page that explains every mistake which a check knows by name.

python docs/misconceptions.py

What a check says is shown with the numbers of a wrong answer of tests/answers/: those of the last time that
this script ran, since secrets are fresh. The pictures lie in notebooks/misconceptions/.
"""

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image
from rich.progress import track
from torch.nn import functional as F

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.checks.misconceptions import CHAPTERS, Misconception
from labkit.checks.verdict import PAGE, draw
from labkit.checks.wrong import Curve
from labkit.course.syllabus import TODOS

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "checks")]

from answers.mistakes import wrong_answers  # noqa: E402
from formulas import THEORIES, single  # noqa: E402

PICTURES = PAGE.with_suffix("")

HEAD = f"""# Mistakes that a check knows by name

Under its heading, which is the name that a program reads: what was done, what to look at again, and what a
check said to an answer with this mistake. In the pictures the line is the theory and the dots are that
answer, on secret inputs of its check. Where the numbers fit none of these mistakes, a check says what is off
and does not guess.

*Made by `{Path(__file__).relative_to(ROOT)}` from `labkit/checks/misconceptions/` and `tests/answers/`.*
"""

X = np.linspace(-4, 4, 33)
ACTIVATIONS = {
    "relu_for_silu": F.relu,
    "gelu_for_silu": F.gelu,
    "tanh_for_silu": torch.tanh,
    "sigmoid_for_silu": torch.sigmoid,
    "leaky_relu_for_silu": F.leaky_relu,
    "elu_for_silu": F.elu,
    "softplus_for_silu": F.softplus,
    "no_activation": lambda x: x,
    "activation_twice": lambda x: F.silu(F.silu(x)),
}
FORMS_OF_LOSS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "l1_loss": np.abs,
    "huber_loss": lambda d: np.where(np.abs(d) < 1, d**2 / 2, np.abs(d) - 0.5),
    "missing_square": lambda d: d,
    "root_mse": np.abs,
}
SHARED_ALONG = {
    "no_noise_drawn": (0, 1, 2, 3),
    "shared_noise": (0,),
    "noise_shared_by_channels": (1,),
    "noise_shared_by_pixels": (2, 3),
}
"""Along which axes of [B, C, H, W] the numbers are the same"""


@dataclass
class Example:
    """What a check said to an answer with a mistake."""

    verdict: Verdict
    todos: list[str]


def examples() -> dict[str, Example]:
    """A verdict for each mistake, with a curve where there is one, and all TODOs that it is known from."""
    found: dict[str, Example] = {}
    every = [wrong for todo in TODOS for wrong in wrong_answers(todo).values()]
    for wrong in track(every, "asking the checks"):
        name, todo = wrong.misconception, wrong.todo
        known = found.get(name)
        if known and todo in known.todos and known.verdict.curve:
            continue
        verdict = judge(todo, NamespaceSubject(wrong.load()), seed=1)
        if verdict.misconception != name:
            continue
        known = found.setdefault(name, Example(verdict, []))
        known.todos += [todo] if todo not in known.todos else []
        if not known.verdict.curve and verdict.curve:
            known.verdict = verdict
    for slipped in (one for todo in THEORIES for one in single(todo)):
        name, todo = slipped.slips[0].id, slipped.todo
        if slipped.changes_numbers and (name not in found or todo not in found[name].todos):
            verdict = judge(todo, NamespaceSubject({todo: slipped.answer()}), seed=1)
            if verdict.misconception == name:
                found.setdefault(name, Example(verdict, [])).todos.append(todo)
    return found


def picture(name: str, verdict: Verdict | None) -> Figure | None:
    """What the mistake looks like, where there is something to see."""
    if verdict and verdict.curve:
        return draw(verdict.curve)
    if name in ACTIVATIONS:
        x = torch.from_numpy(X)
        right, wrong = F.silu(x).numpy(), ACTIVATIONS[name](x).numpy()
        return draw(Curve("the activation", X, right, wrong, over="x"))
    if name in FORMS_OF_LOSS:
        return draw(Curve("the loss of one error", X, X**2, FORMS_OF_LOSS[name](X), over="answer − target"))
    if name in SHARED_ALONG:
        return noise_images(SHARED_ALONG[name])
    return None


def noise_images(axes: tuple[int, ...]) -> Figure:
    """Four images of noise drawn afresh for every number, and four where it is shared along `axes`."""
    rng, shape = np.random.default_rng(0), (4, 3, 12, 12)
    small = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    shared = np.zeros(shape) if len(axes) == 4 else np.broadcast_to(rng.standard_normal(small), shape)
    figure = Figure(figsize=(4.6, 2.6), dpi=80, layout="constrained")
    for row, (title, z) in zip(
        figure.subplots(2, 4), {"theory": rng.standard_normal(shape), "yours": shared}.items(), strict=True
    ):
        for axis, image in zip(row, z, strict=True):
            axis.imshow((0.5 + 0.2 * image).clip(0, 1).transpose(1, 2, 0))
            axis.set_axis_off()
        row[0].set_title(title, loc="left", fontsize="medium")
    return figure


def save(figure: Figure, path: Path) -> None:
    """As a PNG of few colours: a page has a hundred of them."""
    png = io.BytesIO()
    figure.savefig(png, format="png")
    Image.open(png).convert("RGB").quantize(32).save(path, optimize=True)


def entry(name: str, mistake: Misconception, example: Example | None) -> str:
    """The section of one mistake."""
    lines = [f"### {name}", f"**{mistake.text}** {mistake.hint}"]
    if example:
        todos = ", ".join(f"`{todo}`" for todo in example.todos)
        shows_code = name == "raised"  # the line that stopped may hold the rest of a right answer
        said = "" if shows_code else f" A check said: {_said(example.verdict)}"
        lines.append(f"Known from {todos}.{said}")
    figure = picture(name, example and example.verdict)
    if figure:
        path = PICTURES / f"{name}.png"
        save(figure, ROOT / "notebooks" / path)
        lines.append(f"![{figure.axes[0].get_title() or 'noise'}: theory and mistake]({path})")
    return "\n\n".join(lines)


def _said(verdict: Verdict) -> str:
    """The numbers, and the formula that explains them."""
    formula = verdict.explanation and verdict.explanation.formula
    return f"{verdict.detail} Your code computes: {formula}." if formula else verdict.detail


def main() -> None:
    """Write the page and its pictures."""
    folder = ROOT / "notebooks" / PICTURES
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known, parts = examples(), [HEAD.strip()]
    for chapter in CHAPTERS:
        parts.append(f"## {chapter.title}\n\n{chapter.why}")
        parts += [entry(name, mistake, known.get(name)) for name, mistake in chapter.mistakes.items()]
    (ROOT / "notebooks" / PAGE).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
