"""Secret random inputs: fresh for every check, like the lesson's own in size, unlike any stored number."""

import numpy as np

from labkit.checks.probes.common import num_portions

Rng = np.random.Generator


def random_betas(rng: Rng, num_train_timesteps: int) -> np.ndarray:
    """β_t [T] without any order, between 0.002 and 0.08: neighbouring timesteps differ clearly."""
    return np.exp(rng.uniform(np.log(0.002), np.log(0.08), num_train_timesteps))


def lesson_like_betas(rng: Rng) -> np.ndarray:
    """A linear schedule of about 1,000 steps, as in the lessons, with other ends."""
    return np.linspace(rng.uniform(1e-4, 4e-4), rng.uniform(0.012, 0.025), int(rng.integers(800, 1200)))


def decoy_betas(rng: Rng) -> np.ndarray:
    """A long schedule that stands in for any global one; no answer should ever read it."""
    return random_betas(rng, 1500) / 4


def normal(rng: Rng, *shape: int) -> np.ndarray:
    """Standard normal numbers that float32 holds exactly."""
    return rng.standard_normal(shape).astype(np.float32).astype(np.float64)


def image_size(rng: Rng, channels: int) -> tuple[int, int, int]:
    """(C, H, W): small, never square, new each time."""
    height, width = rng.choice(np.arange(3, 7), 2, replace=False)
    return channels, int(height), int(width)


def pixels(rng: Rng, *shape: int) -> np.ndarray:
    """Numbers in [−1, 1], as the pixels of an image, that float32 holds exactly."""
    return rng.uniform(-1, 1, shape).astype(np.float32).astype(np.float64)


def seconds_for(batch: int) -> float:
    """How long an answer may take for so many samples: more than usual where they are several calls."""
    return 30.0 if num_portions(batch) > 1 else 10.0
