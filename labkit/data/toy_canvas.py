"""What the toy faces are drawn with: uniform draws, a canvas, soft-edged ellipses and triangles.

A whole batch is drawn at a time. Every number that varies comes from a row of uniform draws, one row a face.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

_SUPERSAMPLING = 2

Color = tuple[float, float, float]
"""Red, green and blue in 0 … 1."""


class Draws:
    """Hands out the columns of uniform draws [B, any number], one after the other."""

    def __init__(self, draws: Tensor):
        self._columns = iter(draws.unbind(1))

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Numbers in [low, high): [B, 1, 1]."""
        return (low + (high - low) * next(self._columns))[:, None, None]

    def chance(self, probability: float) -> Tensor:
        """1 with this probability, else 0: [B, 1, 1]."""
        return (self.uniform() < probability).float()

    def color(self, palette: tuple[Color, ...], jitter: float = 0.05) -> Tensor:
        """One color of the palette for each face, slightly changed: [B, 3, 1, 1]."""
        chosen = torch.tensor(palette)[(next(self._columns) * len(palette)).long()][:, :, None, None]
        tint = torch.cat([self.uniform(-jitter, jitter) for _ in range(3)], dim=1)[..., None]
        return ((chosen + tint) * self.uniform(0.85, 1.1)[..., None]).clamp(0.03, 1)


class Canvas:
    """A batch of pictures [B, 3, S, S], seen through the frame of the face in them."""

    def __init__(self, draws: Draws, fur: Tensor, size: int):
        self.pixels = size * _SUPERSAMPLING
        line = (torch.arange(self.pixels) + 0.5) / self.pixels * 2 - 1
        self._down, self._right = torch.meshgrid(line, line, indexing="ij")
        # Like AFHQ's, the faces are nearly aligned: a small network then learns them in minutes.
        scale, tilt = draws.uniform(0.71, 0.77), draws.uniform(-0.08, 0.08)
        right, down = self._right - draws.uniform(-0.04, 0.04), self._down - draws.uniform(0.07, 0.13)
        cos, sin = tilt.cos(), tilt.sin()
        self.x, self.y = (cos * right + sin * down) / scale, (cos * down - sin * right) / scale
        self.turn = draws.uniform(-0.06, 0.06)
        """How far the middle of the face is off the head's: it looks left or right."""
        self.edge = 3 / self.pixels / scale
        self.image = self._background(draws, fur)

    def _background(self, draws: Draws, fur: Tensor) -> Tensor:
        """A gradient of two related colors, lighter or darker than the fur."""
        luminance = fur.mean(dim=1)
        bright = torch.where(luminance < 0.5, draws.uniform(0.65, 0.95), draws.uniform(0.3, 0.55))
        hue, saturation = draws.uniform(), draws.uniform(0.15, 0.5)
        top = _hsv(hue, saturation, bright)
        bottom = _hsv(hue + draws.uniform(-0.1, 0.1), saturation, bright * draws.uniform(0.7, 1.1))
        return torch.lerp(top, bottom, self._down / 2 + 0.5)

    def paint(
        self, distance: Tensor, color: Tensor | Color, soft: float = 0.0, strength: Tensor | float = 1
    ) -> None:
        """Fill where the distance [B, S, S] is negative; the edge is `soft` wide, at least one pixel."""
        if not isinstance(color, Tensor):
            color = torch.tensor(color)[:, None, None]
        cover = _inside(distance, self.edge.clamp(min=soft)) * strength
        self.image = torch.lerp(self.image, color.expand_as(self.image), cover[:, None])

    def side(self, depth: float = 0.0) -> Tensor:
        """|x| from the face's middle, for shapes on both sides; what lies further out turns further."""
        return (self.x - depth * self.turn).abs()

    def finished(self, draws: Draws) -> Tensor:
        """Lit from one side and scaled down: uint8 [B, 3, size, size]."""
        light = 1 + draws.uniform(-0.22, 0.22) * self._right + draws.uniform(-0.15, 0.15) * self._down
        image = F.avg_pool2d(self.image * (light * draws.uniform(0.88, 1.08))[:, None], _SUPERSAMPLING)
        return (image.clamp(0, 1) * 255).round().byte()


def _inside(distance: Tensor, width: Tensor) -> Tensor:
    """1 inside, 0 outside, a smooth step of this width at the edge."""
    cover = (0.5 - distance / width).clamp(0, 1)
    return cover * cover * (3 - 2 * cover)


def ellipse(x: Tensor, y: Tensor, cx, cy, rx, ry=None) -> Tensor:
    """About the distance to an ellipse's edge, negative inside; a circle where ry is not given."""
    ry = rx if ry is None else ry
    radius = (((x - cx) / rx).square() + ((y - cy) / ry).square()).sqrt()
    return (radius - 1) * torch.minimum(torch.as_tensor(rx), torch.as_tensor(ry))


def triangle(x: Tensor, y: Tensor, *corners: tuple, rounding: float = 0.0) -> Tensor:
    """Distance to a triangle's nearest side, negative inside; corners (x, y) in either direction."""
    (ax, ay), (bx, by), (cx, cy) = corners
    turn = torch.as_tensor((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)).sign()
    distance: Tensor | None = None
    for (px, py), (qx, qy) in ((corners[0], corners[1]), (corners[1], corners[2]), (corners[2], corners[0])):
        dx, dy = qx - px, qy - py
        length = torch.as_tensor(dx * dx + dy * dy).sqrt()
        side = turn * ((x - px) * dy - (y - py) * dx) / length
        distance = side if distance is None else torch.maximum(distance, side)
    assert distance is not None  # there are three sides
    return distance - rounding


def _hsv(hue: Tensor, saturation: Tensor, value: Tensor) -> Tensor:
    """Color from hue (in turns), saturation and value, each [B, 1, 1]: [B, 3, 1, 1]."""
    offsets = torch.tensor([5.0, 3.0, 1.0])[None, :, None]
    k = (offsets + hue * 6) % 6
    ramp = torch.minimum(k, 4 - k).clamp(0, 1)
    return (value * (1 - saturation * ramp)).clamp(0, 1)[..., None]
