"""What a training run is asked to do, apart from its network, loss and data."""

import math
from dataclasses import dataclass
from typing import Literal

Decay = Literal["none", "cosine"]
Precision = Literal["auto", "no", "bf16", "fp16"]


@dataclass(frozen=True)
class Recipe:
    """The numbers of a run; `fit` documents them.

    Raises ValueError where one of them makes no sense.
    """

    steps: int
    batch_size: int
    lr: float
    warmup: int
    decay: Decay
    ema_decay: float | None
    precision: Precision
    seed: int
    grad_clip: float | None = None

    def __post_init__(self) -> None:
        for name, least in {"steps": 1, "batch_size": 1, "warmup": 0, "seed": 0}.items():
            value = getattr(self, name)
            if not isinstance(value, int) or value < least:
                raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
        if not (self.lr > 0 and math.isfinite(self.lr)):
            raise ValueError(f"lr must be a positive number, got {self.lr!r}")
        if self.warmup > self.steps:
            raise ValueError(f"warmup ({self.warmup}) cannot last longer than steps ({self.steps})")
        if self.decay not in ("none", "cosine"):
            raise ValueError(f'decay must be "none" or "cosine", got {self.decay!r}')
        if self.ema_decay is not None and not 0 < self.ema_decay < 1:
            raise ValueError(f"ema_decay must lie between 0 and 1, or be None, got {self.ema_decay!r}")
        if self.precision not in ("auto", "no", "bf16", "fp16"):
            raise ValueError(f'precision must be "auto", "no", "bf16" or "fp16", got {self.precision!r}')
        if self.grad_clip is not None and not self.grad_clip > 0:
            raise ValueError(f"grad_clip must be positive, or None, got {self.grad_clip!r}")

    def lr_factor(self, step: int) -> float:
        """The learning rate at `step` (0 … steps − 1) as a share of `lr`.

        It rises in a straight line over `warmup` steps, then stays, or falls to 0 along half a cosine
        (Loshchilov & Hutter, "SGDR", 2017, Equation 5, without restarts).
        """
        if step < self.warmup:
            return (step + 1) / (self.warmup + 1)
        if self.decay == "none":
            return 1.0
        progress = (step - self.warmup) / max(1, self.steps - self.warmup)
        return (1 + math.cos(math.pi * progress)) / 2
