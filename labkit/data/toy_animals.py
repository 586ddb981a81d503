"""The toy animals: how each kind of face is put together.

Faces are drawn in a frame of their own, y downwards, where the head has a radius of about 1; most shapes
are drawn on |x|, that is on both sides at once. The order of the draws is part of a face: to change it is to
change all faces.
"""

import torch
from torch import Tensor

from labkit.data.toy_canvas import Canvas, Draws, ellipse, triangle

NUM_DRAWS = 80
"""How many uniform numbers a face takes at most."""

_CAT_FURS = (
    (0.95, 0.62, 0.28),
    (0.58, 0.60, 0.66),
    (0.20, 0.19, 0.22),
    (0.95, 0.93, 0.90),
    (0.93, 0.82, 0.64),
    (0.56, 0.42, 0.31),
)
_CAT_EYES = ((0.50, 0.80, 0.30), (0.92, 0.78, 0.20), (0.35, 0.70, 0.95), (0.35, 0.75, 0.55))
_DOG_FURS = (
    (0.88, 0.66, 0.36),
    (0.45, 0.28, 0.18),
    (0.20, 0.18, 0.18),
    (0.94, 0.91, 0.86),
    (0.72, 0.50, 0.30),
    (0.62, 0.60, 0.60),
)
_WHITE, _BLACK, _PINK = (0.97, 0.95, 0.92), (0.07, 0.06, 0.07), (0.93, 0.60, 0.60)
_SPOTS = (
    (0.00, -0.72),
    (0.26, -0.62),
    (0.12, -0.45),
    (0.52, -0.50),
    (0.76, -0.22),
    (0.64, 0.06),
    (0.82, 0.20),
    (0.60, 0.34),
    (0.72, 0.55),
    (0.50, 0.62),
)


def _head(face: Canvas, fur: Tensor, rx, ry) -> Tensor:
    """Shoulders and a round head, its rim in shade; gives the head's distance."""
    face.paint(ellipse(face.x, face.y, -0.5 * face.turn, 1.75, 0.95, 0.95), fur * 0.75)
    head = ellipse(face.x, face.y, 0.0, 0.0, rx, ry)
    face.paint(head, fur * 0.78)
    face.paint(head + 0.14, fur, soft=0.3)
    return head


def _eyes(face: Canvas, iris: Tensor, x: float, y, rx, ry, pupil: tuple, slant: float = 0.0) -> None:
    """Two eyes with rims, pupils and a glint each; `slant` lifts their outer corners."""
    side = face.side(1.0)
    height = face.y + slant * (side - x)
    face.paint(ellipse(side, height, x, y, rx + 0.045, ry + 0.045), _BLACK, strength=0.85)
    face.paint(ellipse(side, height, x, y, rx, ry), iris)
    face.paint(ellipse(side, height, x, y, *pupil), _BLACK)
    right = face.x - face.turn  # the light stands on one side: the glint is not mirrored
    for eye in (-x, x):
        face.paint(ellipse(right, face.y, eye + 0.05, y - 0.06, 0.045), _WHITE)


def _nose(face: Canvas, color, y: float, width, height) -> None:
    """A nose that narrows downwards, and the line of the mouth below it."""
    side = face.side(1.5)
    lips = ellipse(side, face.y, 0.13, y + 0.19, 0.17, 0.11).abs() - 0.022
    face.paint(lips, _BLACK, strength=0.55 * (face.y > y + 0.2))
    nose = triangle(side, face.y, (-width, y - height), (width, y - height), (0.0, y + height), rounding=0.03)
    face.paint(nose, color)


def _cat(draws: Draws, size: int) -> Tensor:
    """Pointed ears, big bright eyes with slits, a small pink nose; plain, tabby, bicolor or point."""
    fur = draws.color(_CAT_FURS)
    face = Canvas(draws, fur, size)
    point, tabby, bicolor = draws.chance(0.1), draws.chance(0.5), draws.chance(0.2)
    dark = torch.lerp(fur * 0.5, torch.tensor([0.30, 0.22, 0.18])[:, None, None], point[..., None])
    tip, height = draws.uniform(0.66, 0.88), draws.uniform(-1.42, -1.2)
    side = face.side()
    ears = ((0.92, -0.2), (0.16, -0.72), (tip, height))
    face.paint(triangle(side, face.y, *ears, rounding=0.04), torch.lerp(fur * 0.85, dark, point[..., None]))
    inner = ((0.78, -0.3), (0.36, -0.66), (tip - 0.02, height + 0.22))
    face.paint(triangle(side, face.y, *inner), _PINK, strength=1 - 0.6 * point)
    head = _head(face, fur, draws.uniform(0.9, 1.0), draws.uniform(0.78, 0.88))

    face.paint(ellipse(face.side(1.0), face.y, 0.0, 0.2, 0.5, 0.6), dark, soft=0.35, strength=0.8 * point)
    stripes = tabby * (1 - point) * 0.85
    for x, top, bottom in ((0.0, -0.84, -0.34), (0.25, -0.8, -0.42)):
        bar = triangle(
            face.side(0.7), face.y, (x - 0.09, top), (x + 0.09, top), (x * 0.8, bottom), rounding=0.02
        )
        face.paint(torch.maximum(bar, head + 0.04), dark, strength=stripes)
    for y in (0.12, 0.38):
        bar = triangle(side, face.y, (1.0, y - 0.09), (1.0, y + 0.09), (0.6, y + 0.05))
        face.paint(torch.maximum(bar, head + 0.03), dark, strength=stripes)
    blaze = triangle(face.side(1.0), face.y, (0.0, -0.75), (0.45, 0.5), (-0.45, 0.5))
    face.paint(torch.maximum(blaze, head), _WHITE, soft=0.06, strength=bicolor * (1 - point))

    light = torch.lerp(fur, torch.tensor(_WHITE)[:, None, None], 0.75)
    face.paint(
        ellipse(face.side(1.4), face.y, 0.15, 0.42, 0.24, 0.2), light, soft=0.08, strength=1 - 0.7 * point
    )
    face.paint(
        ellipse(face.side(1.4), face.y, 0.0, 0.6, 0.18, 0.12), light, soft=0.08, strength=1 - 0.7 * point
    )
    _nose(face, _PINK, 0.27, 0.1, 0.07)
    wide, open_ = draws.uniform(0.18, 0.23), draws.uniform(0.15, 0.21)
    slit = (draws.uniform(0.05, 0.1), open_)
    _eyes(face, draws.color(_CAT_EYES), 0.42, -0.08, wide, open_, slit, slant=0.25)
    return face.finished(draws)


def _dog(draws: Draws, size: int) -> Tensor:
    """Hanging ears, a long light muzzle with a big black nose, dark eyes; many with a patch or a tongue."""
    fur = draws.color(_DOG_FURS)
    face = Canvas(draws, fur, size)
    head = _head(face, fur, draws.uniform(0.7, 0.8), draws.uniform(0.84, 0.94))
    blaze, patch, panting = draws.chance(0.3), draws.chance(0.1), draws.chance(0.5)
    face.paint(ellipse(face.side(0.8), face.y, 0.0, -0.35, 0.14, 0.55), _WHITE, soft=0.08, strength=blaze)
    other = draws.color(_DOG_FURS)
    eye_side = 0.36 * (2 * draws.chance(0.5) - 1)
    patched = ellipse(face.x - face.turn, face.y, eye_side, -0.18, 0.3, 0.34)
    face.paint(torch.maximum(patched, head + 0.02), other * 0.8, soft=0.06, strength=patch)

    ear_color = torch.lerp(fur * draws.uniform(0.4, 0.75)[..., None], other * 0.7, patch[..., None])
    out, length = draws.uniform(0.72, 0.86), draws.uniform(0.42, 0.66)
    top, flare = draws.uniform(-0.72, -0.5), draws.uniform(0.1, 0.45)
    side = face.side() - flare * (face.y - top)  # hanging ears lean outwards
    ear = ellipse(side, face.y, out - 0.1, top + length * 0.85, draws.uniform(0.2, 0.28), length)
    face.paint(ear - 0.035, ear_color * 0.7)
    face.paint(ear, ear_color)

    light = torch.lerp(fur, torch.tensor(_WHITE)[:, None, None], draws.uniform(0.3, 0.9)[..., None])
    wide = draws.uniform(0.36, 0.46)
    face.paint(ellipse(face.side(1.3), face.y, 0.0, 0.45, wide, 0.42), light, soft=0.08)
    face.paint(ellipse(face.side(1.5), face.y, 0.0, 0.82, 0.13, 0.22), (0.93, 0.42, 0.48), strength=panting)
    side = face.side(1.5)
    lips = ellipse(side, face.y, 0.17, 0.5, 0.19, 0.15).abs() - 0.03
    face.paint(lips, _BLACK, strength=0.8 * (face.y > 0.52))
    face.paint(ellipse(side, face.y, 0.0, 0.26, draws.uniform(0.17, 0.23), draws.uniform(0.12, 0.16)), _BLACK)
    face.paint(ellipse(face.x - 1.5 * face.turn, face.y, 0.05, 0.2, 0.06, 0.035), _WHITE, strength=0.7)
    brown, round_ = draws.color(((0.36, 0.21, 0.10), (0.50, 0.30, 0.12))), draws.uniform(0.12, 0.16)
    _eyes(face, brown, 0.34, -0.14, round_, round_, (0.08, 0.08))
    return face.finished(draws)


def _round_ears(face: Canvas, color: Tensor, inner, x: float, y: float, radius) -> None:
    """The round ears of the big cats."""
    face.paint(ellipse(face.side(), face.y, x, y, radius), color)
    face.paint(ellipse(face.side(), face.y, x, y + 0.03, radius * 0.55), inner)


def _big_cat_muzzle(face: Canvas, draws: Draws, light, y: float = 0.45) -> None:
    """A broad light muzzle and chin, a wide nose, amber eyes with round pupils."""
    face.paint(ellipse(face.side(1.4), face.y, 0.0, y + 0.24, 0.28, 0.2), light, soft=0.06)
    face.paint(ellipse(face.side(1.4), face.y, 0.2, y, 0.28, 0.24), light, soft=0.08)
    _nose(face, draws.color(((0.62, 0.32, 0.30), (0.20, 0.13, 0.12))), y - 0.17, 0.16, 0.09)
    amber = draws.color(((0.95, 0.75, 0.25), (0.80, 0.78, 0.35)))
    _eyes(
        face,
        amber,
        0.38,
        -0.12,
        draws.uniform(0.12, 0.16),
        draws.uniform(0.1, 0.13),
        (0.065, 0.075),
        slant=0.3,
    )


def _tiger(draws: Draws, size: int) -> Tensor:
    """Orange or white, black wedges from the rim and bars on the forehead, white brows and cheeks."""
    fur = draws.color(((0.95, 0.56, 0.16), (0.93, 0.62, 0.24), (0.98, 0.68, 0.30), (0.92, 0.90, 0.86)), 0.03)
    face = Canvas(draws, fur, size)
    _round_ears(face, fur * 0.8, _BLACK, 0.72, -0.72, draws.uniform(0.24, 0.32))
    head = _head(face, fur, draws.uniform(0.95, 1.03), draws.uniform(0.88, 0.96))
    face.paint(
        torch.maximum(ellipse(face.side(0.5), face.y, 0.72, 0.45, 0.3, 0.34), head + 0.05), _WHITE, soft=0.1
    )
    face.paint(ellipse(face.side(1.0), face.y, 0.36, -0.34, 0.2, 0.12), _WHITE, soft=0.08)
    thick, drop = draws.uniform(0.075, 0.11), draws.uniform(-0.05, 0.05)
    for height, inwards, lift in (
        (-0.4, 0.52, -0.12),
        (-0.02, 0.62, -0.02),
        (0.34, 0.58, 0.02),
        (0.66, 0.42, 0.06),
    ):
        y = height + drop
        wedge = triangle(face.side(), face.y, (1.08, y - thick), (1.08, y + thick), (inwards, y - lift))
        face.paint(torch.maximum(wedge, head + 0.02), _BLACK, strength=0.93)
    for height, wide in ((-0.78, 0.34), (-0.56, 0.26), (-0.36, 0.1)):
        bar = ellipse(face.side(0.7), face.y - 0.35 * face.side(0.7), 0.0, height, wide, thick * 0.8)
        face.paint(torch.maximum(bar, head + 0.03), _BLACK, strength=0.93)
    _big_cat_muzzle(face, draws, _WHITE)
    return face.finished(draws)


def _leopard(draws: Draws, size: int) -> Tensor:
    """Golden, or grey as a snow leopard, with dark spots all over."""
    fur = draws.color(((0.90, 0.70, 0.36), (0.86, 0.64, 0.34), (0.80, 0.78, 0.74)), 0.03)
    face = Canvas(draws, fur, size)
    _round_ears(face, fur * 0.75, _BLACK, 0.7, -0.68, draws.uniform(0.22, 0.28))
    head = _head(face, fur, draws.uniform(0.88, 0.96), draws.uniform(0.88, 0.96))
    spot = draws.uniform(0.07, 0.095)
    for x, y in _SPOTS:
        at = (x + draws.uniform(-0.05, 0.05), y + draws.uniform(-0.05, 0.05))
        dot = ellipse(face.side(0.5), face.y, *at, spot, spot * 0.85)
        face.paint(torch.maximum(dot, head + 0.03), (0.16, 0.10, 0.06))
    _big_cat_muzzle(face, draws, torch.lerp(fur, torch.tensor(_WHITE)[:, None, None], 0.8))
    return face.finished(draws)


def _lion(draws: Draws, size: int) -> Tensor:
    """A sand-colored face in a darker mane of tufts."""
    fur = draws.color(((0.90, 0.70, 0.42), (0.82, 0.60, 0.34)), 0.03)
    face = Canvas(draws, fur, size)
    mane = draws.color(((0.52, 0.28, 0.12), (0.36, 0.20, 0.12), (0.70, 0.42, 0.16)), 0.03)
    full = draws.uniform(1.12, 1.25)
    for x, y in (
        (0.0, -1.0),
        (0.45, -0.93),
        (0.82, -0.62),
        (1.0, -0.18),
        (1.0, 0.28),
        (0.84, 0.7),
        (0.48, 1.0),
    ):
        face.paint(ellipse(face.side(), face.y, x * full, y * full, 0.3), mane * 0.8)
    face.paint(ellipse(face.x, face.y, 0.0, 0.0, full, full), mane)
    _round_ears(face, fur * 0.8, mane * 0.7, 0.68, -0.66, 0.2)
    _head(face, fur, draws.uniform(0.72, 0.8), draws.uniform(0.82, 0.9))
    face.paint(ellipse(face.side(1.2), face.y, 0.0, 0.0, 0.17, 0.5), (fur * 1.12).clamp(0, 1), soft=0.1)
    _big_cat_muzzle(face, draws, torch.lerp(fur, torch.tensor(_WHITE)[:, None, None], 0.7))
    return face.finished(draws)


def _fox(draws: Draws, size: int) -> Tensor:
    """A narrow face, large dark ears, white cheeks that meet at a black nose; red, or grey as a wolf."""
    fur = draws.color(((0.90, 0.44, 0.14), (0.85, 0.50, 0.20), (0.55, 0.54, 0.56)), 0.03)
    face = Canvas(draws, fur, size)
    tip, height = draws.uniform(0.68, 0.84), draws.uniform(-1.45, -1.25)
    face.paint(
        triangle(face.side(), face.y, (0.86, -0.2), (0.1, -0.65), (tip, height), rounding=0.03), _BLACK
    )
    face.paint(
        triangle(face.side(), face.y, (0.72, -0.3), (0.28, -0.6), (tip - 0.04, height + 0.3)), fur * 0.8
    )
    face.paint(ellipse(face.x, face.y, -0.5 * face.turn, 1.75, 0.9, 0.9), fur * 0.75)
    chin = draws.uniform(0.9, 1.0)
    skull = ellipse(face.x, face.y, 0.0, -0.2, 0.82, 0.62)
    jaw = triangle(face.side(0.6), face.y, (-0.98, 0.0), (0.98, 0.0), (0.0, chin), rounding=0.06)
    head = torch.minimum(skull, jaw)
    face.paint(head, fur * 0.8)
    face.paint(head + 0.1, fur, soft=0.22)
    cheek = triangle(face.side(0.9), face.y, (0.98, 0.1), (0.16, 0.2), (0.0, chin), rounding=0.05)
    face.paint(torch.maximum(cheek, head), _WHITE, soft=0.06)
    side = face.side(1.5)
    face.paint(triangle(side, face.y, (-0.3, 0.1), (0.3, 0.1), (0.0, 0.85), rounding=0.03), fur, soft=0.06)
    face.paint(ellipse(side, face.y, 0.0, 0.68, 0.15, 0.11), _BLACK)
    amber = draws.color(((0.90, 0.65, 0.15), (0.75, 0.60, 0.25)))
    _eyes(face, amber, 0.38, -0.08, 0.13, draws.uniform(0.08, 0.1), (0.07, 0.08), slant=0.4)
    return face.finished(draws)


_ANIMALS = {"cat": (_cat,), "dog": (_dog,), "wild": (_tiger, _lion, _fox)}


def draw(name: str, draws: Tensor, size: int) -> Tensor:
    """One face of class `name` for each row of `draws` [B, NUM_DRAWS] in [0, 1): uint8 [B, 3, size, size]."""
    animals = _ANIMALS[name]
    kinds = (draws[:, 0] * len(animals)).long()
    faces = torch.empty(len(draws), 3, size, size, dtype=torch.uint8)
    for kind, animal in enumerate(animals):
        if (ours := kinds == kind).any():
            faces[ours] = animal(Draws(draws[ours, 1:]), size)
    return faces
