"""What was drawn, in words and as a picture: both come from the same numbers."""

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labkit.appearance import BLUE
from labkit.data import points
from labkit.plots.images import as_pictures
from labkit.plots.points import scatter
from labkit.plots.style import DATA_COLOR, in_style, png
from mistakes.drawing import NOISED_AT, faces

ROLL = points("swiss_roll", 2048, seed=2).numpy()
FRAME = 5.0
NEAR = 0.3
EXACTLY = "What is drawn is exactly what a right answer draws: here, nothing shows it."


def in_words(todo: str, drawn: np.ndarray | None, right: np.ndarray) -> str:
    """What there is to see in what an answer drew, beside what a right one draws."""
    if drawn is None:
        return "An error stops it before anything is drawn."
    if drawn.shape == right.shape and np.allclose(drawn, right, atol=1e-4):
        return EXACTLY
    if not np.isfinite(drawn).any():
        return "What comes out is NaN or infinite."
    if len(drawn) < len(right):
        return f"Only {len(drawn)} of {len(right)} samples come out."
    if todo == "cosine_betas":
        return _of_a_schedule(drawn, right)
    return _of_points(drawn, right) if drawn.ndim == 2 else _of_faces(drawn)


def in_sight(drawn: np.ndarray) -> bool:
    """Whether a picture would show anything of it."""
    shown = np.isfinite(drawn)
    if drawn.ndim == 2:
        shown = (np.abs(drawn) < FRAME).all(axis=1)
    return bool(shown.sum() > 6)


def _beside(samples: np.ndarray) -> float:
    """The share of points that lie further than NEAR from the data."""
    return float((_nearest(samples, ROLL) > NEAR).mean())


def _empty(samples: np.ndarray) -> float:
    """The share of the data that have no sample within NEAR."""
    return float((_nearest(ROLL, samples) > NEAR).mean())


def _nearest(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return torch.cdist(torch.tensor(ours).double(), torch.tensor(theirs).double()).amin(dim=1).numpy()


def _of_points(drawn: np.ndarray, right: np.ndarray) -> str:
    outside = float((~(np.abs(drawn) < FRAME)).any(axis=1).mean())
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    beside, empty = _beside(drawn), _empty(drawn)
    if outside > 0.5:
        return f"The points fly away: {outside:.0%} of them lie outside of the picture."
    if np.sqrt(drawn.var(axis=0).sum()) < 0.35 * np.sqrt(ROLL.var(axis=0).sum()):
        return f"The points crowd together, and {empty:.0%} of the roll stay empty."
    if beside > 0.45:
        return f"No roll: {beside:.0%} of the points lie beside it."
    if beside > 0.1:
        return f"{beside:.0%} of the points lie beside the roll, and {empty:.0%} of it stay empty."
    if empty > _empty(right) + 0.06:
        return f"The points lie on the roll, but {empty:.0%} of it stay empty."
    if beside > _beside(right) + 0.02:
        return f"The roll is there, and {beside:.0%} of the points lie beside it."
    width, aim = (np.quantile(_nearest(some, ROLL), 0.8) for some in (drawn, right))
    if width > 1.5 * aim:
        return f"The roll is there, and {width / aim:.1f} times as wide as that of a right answer."
    return "The roll is there: the samples hide this mistake."


def _of_faces(drawn: np.ndarray) -> str:
    known = faces().flatten(1).numpy().astype(float)
    said, seen = [], []
    for image in drawn.reshape(len(drawn), -1).astype(float):
        alike = np.array(
            [
                np.corrcoef(image, face)[0, 1] if np.isfinite(image).all() and image.std() else 0
                for face in known
            ]
        )
        likest = int(np.abs(alike).argmax())
        seen.append(likest)
        said.append(_of_a_face(image, known[likest], alike[likest]))
    if set(said) != {_A_FACE}:
        counted = ", ".join(f"{said.count(one)} × {one}" for one in dict.fromkeys(said))
        return f"Of {len(said)} pictures: {counted}."
    if len(set(seen)) == 1:
        return "Faces, but every picture shows the same one."
    return "Faces as they should be: the samples hide this mistake."


_A_FACE = "a face as it should be"


def _of_a_face(image: np.ndarray, likest: np.ndarray, alike: float) -> str:
    if not np.isfinite(image).all():
        return "NaN or infinite"
    if np.abs(image).max() > 1e3:
        return "numbers beyond all bounds (pixels end at 1, some are above 1,000)"
    if image.std() < 0.15 * likest.std():
        return "hardly a trace of a face"
    if not abs(alike) > 0.35:
        return "grain and no face"
    if alike < 0:
        return "the negative of a face"
    if alike < 0.9:
        return "a face that is changed or under grain"
    if image.std() > 1.3 * likest.std():
        return "a face with too much contrast"
    if image.std() < 0.75 * likest.std():
        return "a face with too little contrast"
    off = float(np.sqrt(((image - likest) ** 2).mean()))
    return _A_FACE if off < 0.08 else "a face with wrong colours or some grain"


def _of_a_schedule(drawn: np.ndarray, right: np.ndarray) -> str:
    clean = faces()[3].numpy().ravel()
    kept, aim = (
        np.array([np.corrcoef(clean, image.ravel())[0, 1] for image in images]) for images in (drawn, right)
    )
    worst = int(np.abs(kept - aim).argmax())
    if abs(kept[worst] - aim[worst]) < 0.03:
        return "The face drowns as it should: the eye does not see this mistake."
    more = "more" if kept[worst] > aim[worst] else "less"
    return f"At t = {NOISED_AT[worst]} clearly {more} of the face is left than should be."


Panel = tuple[str, np.ndarray]
"""A title, and points [N, 2] or images [K, 3, H, W]"""


@in_style()
def side_by_side(panels: Sequence[Panel]) -> bytes:
    """A PNG of what was drawn, one panel each."""
    figure = Figure(figsize=(1.75 * len(panels), 1.95), dpi=96)
    for axes, (title, drawn) in zip(np.ravel(figure.subplots(1, len(panels))), panels, strict=True):
        axes.set_title(title, fontsize=8)
        if drawn.ndim == 2:
            _draw_points(axes, drawn)
        else:
            _show(axes, _sheet(drawn, columns=2))
    return png(figure, colors=256 if any(drawn.ndim == 4 for _, drawn in panels) else 16)


@in_style()
def below_one_another(panels: Sequence[Panel]) -> bytes:
    """A PNG of rows of images."""
    figure = Figure(figsize=(5.2, 1.2 * len(panels)), dpi=96)
    for axes, (title, drawn) in zip(np.ravel(figure.subplots(len(panels), 1)), panels, strict=True):
        axes.set_title(title, fontsize=8, loc="left")
        _show(axes, _sheet(drawn, columns=len(drawn)))
    return png(figure, colors=256)


def _draw_points(axes: Axes, drawn: np.ndarray) -> None:
    scatter(axes, ROLL[::2], color=DATA_COLOR, s=2)
    scatter(axes, drawn, color=BLUE, s=2.5)
    axes.set(xlim=(-FRAME, FRAME), ylim=(-FRAME, FRAME), xticks=[], yticks=[])
    axes.set_box_aspect(1)
    axes.spines[:].set_visible(True)


def _show(axes: Axes, sheet: np.ndarray) -> None:
    axes.imshow(sheet, interpolation="nearest")
    axes.set_axis_off()


def _sheet(images: np.ndarray, columns: int) -> np.ndarray:
    """Images [K, 3, H, W] in rows, a white line between them."""
    shown = np.pad(
        as_pictures("images", torch.tensor(images)), ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=255
    )
    rows = [np.concatenate(list(shown[i : i + columns]), axis=1) for i in range(0, len(shown), columns)]
    return np.concatenate(rows)
