"""The image UNet: sees a noisy image and its timestep, and answers with an image.

The shape is DDPM's (Ho et al., "Denoising Diffusion Probabilistic Models", 2020, Appendix B): residual blocks
that know the time, on feature maps that are halved level by level and doubled again on the way back, where
each block also sees what the block opposite to it left on the way down.
"""

import math
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from labkit.networks.time import TimeEmbedding

PRESETS: dict[str, dict[str, Any]] = {
    # The original lab's network, for 64×64: attention at its second level; 58.76 M parameters.
    "lab": dict(channels=128, multipliers=(1, 2, 2, 2), blocks=4, attention_at=(32,), dropout=0.1),
    # For 64×64 with a fifth of the arithmetic; 26.4 M parameters.
    "fast": dict(
        channels=64, multipliers=(1, 2, 4, 4), blocks=2, attention_at=(16,), dropout=0.1, scale=True
    ),
    # For a CPU and 32×32: the stem folds 2×2 pixels into channels, so that most work happens at 16×16.
    "toy": dict(channels=32, multipliers=(1, 2, 2), blocks=1, attention_at=(8,), patch=2, scale=True),
}


class UNet(nn.Module):
    """Maps `x_t` [B, 3, H, W] and `t` [B] to an image like `x_t`; zero everywhere before it is trained.

    `scale` lets the time scale each block's channels. `attention_at` names the widths of the feature maps
    whose blocks attend to all positions; the middle always does. With `patch` = 2, the stem folds each 2×2
    pixels into channels, and the head unfolds them.

    A shortcut around everything adds `x_t` itself to what the layers answer, and each of these two has a gain
    that is learned for each time. Most of ε at high t, and of the mean of x_{t−1} at every t, is x_t, and
    layers that normalise what they see are slow to learn to copy it; and behind the last norm everything is
    as large at one time as at another, while what is to be predicted is not.

    Raises ValueError where the image size cannot be halved as often as there are levels, or `attention_at`
    names a width that no level has.
    """

    def __init__(
        self,
        image_size: int,
        *,
        channels: int,
        multipliers: tuple[int, ...],
        blocks: int,
        attention_at: tuple[int, ...],
        dropout: float = 0.0,
        scale: bool = False,
        patch: int = 1,
        num_timesteps: int = 1000,
        image_channels: int = 3,
    ):
        super().__init__()
        self.patch = patch
        self.divisor = patch * 2 ** (len(multipliers) - 1)
        self._demand_divisible(image_size, image_size)
        widths = [image_size // patch // 2**level for level in range(len(multipliers))]
        if missing := set(attention_at) - set(widths):
            raise ValueError(
                f"attention_at names {sorted(missing)}; choose among {widths}, the widths of the feature maps"
            )
        dim = 4 * channels
        self.time_embedding = TimeEmbedding(dim, num_timesteps)
        self.gains = nn.Sequential(nn.SiLU(), zeroed(nn.Linear(dim, 2 * image_channels)))
        folded = image_channels * patch**2
        self.stem = nn.Conv2d(folded, channels, 3, padding=1)

        # Each layer on the way down leaves its output for the block opposite to it on the way up.
        self.down, left = nn.ModuleList(), [channels]
        for level, (width, multiplier) in enumerate(zip(widths, multipliers, strict=True)):
            for _ in range(blocks):
                self.down.append(
                    Block(left[-1], multiplier * channels, dim, dropout, width in attention_at, scale)
                )
                left.append(multiplier * channels)
            if level < len(widths) - 1:
                self.down.append(Downsample(left[-1]))
                left.append(left[-1])

        now = left[-1]
        self.middle = nn.ModuleList(
            [Block(now, now, dim, dropout, True, scale), Block(now, now, dim, dropout, False, scale)]
        )

        self.up = nn.ModuleList()
        for level, (width, multiplier) in reversed(list(enumerate(zip(widths, multipliers, strict=True)))):
            for _ in range(blocks + 1):
                out = multiplier * channels
                self.up.append(Block(now + left.pop(), out, dim, dropout, width in attention_at, scale))
                now = out
            if level > 0:
                self.up.append(Upsample(now))

        self.head = nn.Sequential(group_norm(now), nn.SiLU(), zeroed(nn.Conv2d(now, folded, 3, padding=1)))

    @classmethod
    def preset(cls, name: str, image_size: int, num_timesteps: int = 1000) -> Self:
        """Make the network `lab`, `fast` or `toy`. Raises ValueError where there is no such preset."""
        if name not in PRESETS:
            raise ValueError(f"there is no preset {name!r}: choose one of {', '.join(PRESETS)}")
        return cls(image_size, num_timesteps=num_timesteps, **PRESETS[name])

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        """`x_t` [B, 3, H, W] and `t` [B], integers in 0 … num_timesteps − 1 → like `x_t`.

        Raises ValueError where the image cannot be halved as often as there are levels.
        """
        self._demand_divisible(*x_t.shape[-2:])
        time = self.time_embedding(t)
        h = self.stem(F.pixel_unshuffle(x_t, self.patch))
        left = [h]
        for layer in self.down:
            h = layer(h, time)
            left.append(h)
        for layer in self.middle:
            h = layer(h, time)
        for layer in self.up:
            if isinstance(layer, Block):
                h = torch.cat([h, left.pop()], dim=1)
            h = layer(h, time)
        gain, gain_of_x_t = self.gains(time)[:, :, None, None].chunk(2, dim=1)
        predicted = (1 + gain) * F.pixel_shuffle(self.head(h), self.patch) + gain_of_x_t * x_t
        return predicted.to(x_t.dtype)  # autocast would leave a half

    def _demand_divisible(self, height: int, width: int) -> None:
        if height % self.divisor or width % self.divisor:
            raise ValueError(
                f"images of {height}×{width} do not fit this network: "
                f"height and width must be multiples of {self.divisor}"
            )


class Block(nn.Module):
    """A residual block [B, dim_in, H, W] → [B, dim_out, H, W] that knows its time, then attention if asked.

    The time shifts the channels; with `scale` it scales them too, behind their norm (Dhariwal and Nichol,
    "Diffusion Models Beat GANs", 2021, Section 3.1).
    """

    def __init__(
        self, dim_in: int, dim_out: int, dim_time: int, dropout: float, attention: bool, scale: bool
    ):
        super().__init__()
        self.scale = scale
        self.first = nn.Sequential(group_norm(dim_in), nn.SiLU(), nn.Conv2d(dim_in, dim_out, 3, padding=1))
        time = nn.Linear(dim_time, 2 * dim_out if scale else dim_out)
        self.time = nn.Sequential(nn.SiLU(), zeroed(time) if scale else time)
        self.norm = group_norm(dim_out)
        self.second = nn.Sequential(
            nn.SiLU(),
            nn.Dropout(dropout),
            zeroed(nn.Conv2d(dim_out, dim_out, 3, padding=1)),
        )
        self.shortcut = nn.Identity() if dim_in == dim_out else nn.Conv2d(dim_in, dim_out, 1)
        self.attention = Attention(dim_out) if attention else nn.Identity()

    def forward(self, h: Tensor, time: Tensor) -> Tensor:
        """`h` [B, dim_in, H, W] and `time` [B, dim_time] → [B, dim_out, H, W]."""
        inner, time = self.first(h), self.time(time)[:, :, None, None]
        if self.scale:
            scale, shift = time.chunk(2, dim=1)
            inner = self.norm(inner) * (1 + scale) + shift
        else:
            inner = self.norm(inner + time)
        return self.attention(self.shortcut(h) + self.second(inner))


class Attention(nn.Module):
    """Adds to each position what it finds at all others; heads of 64 channels (Dhariwal and Nichol 2021)."""

    def __init__(self, dim: int):
        super().__init__()
        self.heads = max(1, dim // 64)
        self.norm = group_norm(dim)
        self.to_qkv = nn.Conv2d(dim, 3 * dim, 1)
        self.to_out = zeroed(nn.Conv2d(dim, dim, 1))

    def forward(self, h: Tensor) -> Tensor:
        """`h` [B, dim, H, W] → the same shape."""
        B, C, H, W = h.shape
        qkv = self.to_qkv(self.norm(h))
        q, k, v = qkv.reshape(B, 3, self.heads, -1, H * W).transpose(-1, -2).unbind(1)  # [B, heads, H·W, C']
        found = F.scaled_dot_product_attention(q, k, v)
        return h + self.to_out(found.transpose(-1, -2).reshape(B, C, H, W))


class Downsample(nn.Conv2d):
    """Halves height and width."""

    def __init__(self, dim: int):
        super().__init__(dim, dim, 3, stride=2, padding=1)

    def forward(self, h: Tensor, time: Tensor) -> Tensor:  # type: ignore[override]  # as all blocks
        """`h` [B, dim, H, W] → [B, dim, H/2, W/2], whatever the time."""
        return super().forward(h)


class Upsample(nn.Conv2d):
    """Doubles height and width."""

    def __init__(self, dim: int):
        super().__init__(dim, dim, 3, padding=1)

    def forward(self, h: Tensor, time: Tensor) -> Tensor:  # type: ignore[override]  # as all blocks
        """`h` [B, dim, H, W] → [B, dim, 2·H, 2·W], whatever the time."""
        return super().forward(F.interpolate(h, scale_factor=2.0, mode="nearest"))


def group_norm(dim: int) -> nn.GroupNorm:
    """At most 32 groups, of four channels at least."""
    return nn.GroupNorm(math.gcd(32, dim // 4), dim)


def zeroed(layer: nn.Conv2d | nn.Linear) -> nn.Conv2d | nn.Linear:
    """The same layer with weights of zero: its block begins by changing nothing, which steadies training."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
