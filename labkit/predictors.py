"""What a network may be asked to guess, and what follows from that for training and sampling.

What each of them is, and how a step is taken with it, is the students' to write. The weights are known to
sandboxes, as trainings are looked up in them: they are squares of one factor of each target.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # commands list the names, and import what they need when they run
    import numpy as np
    from numpy.typing import NDArray

Table: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True)
class Predictor:
    """A target of training, all of which are affine in x_0 for a given x_t."""

    error_weight: Callable[[Table, Table, Table], Table]
    """(β_t, ᾱ_t, ᾱ_{t−1}), each [T] → how much a squared error of the guess at x_0 counts in that of the
    answer: the square of x_0's factor in it, [T]"""
    skips_timesteps: bool = True
    """Whether a trained network can be sampled with fewer timesteps than it learned"""


def _of_noise(betas: Table, alphas_cumprod: Table, alphas_cumprod_prev: Table) -> Table:
    return alphas_cumprod / (1 - alphas_cumprod)


def _of_x0(betas: Table, alphas_cumprod: Table, alphas_cumprod_prev: Table) -> Table:
    return alphas_cumprod**0


def _of_mean(betas: Table, alphas_cumprod: Table, alphas_cumprod_prev: Table) -> Table:
    return alphas_cumprod_prev * betas**2 / (1 - alphas_cumprod) ** 2


PREDICTORS = {
    "noise": Predictor(_of_noise),  # from Ho et al. 2020, Eq. 4, solved for ε
    "x0": Predictor(_of_x0),
    # Ho et al. 2020, Eq. 7. It is the mean of the neighbour x_{t−1}, so none can be left out.
    "mean": Predictor(_of_mean, skips_timesteps=False),
}
"""By the names that students, runs and commands call them"""


def find_predictor(name: str) -> Predictor:
    """Raises ValueError, with those that there are, for an unknown name."""
    if name not in PREDICTORS:
        raise ValueError(f"predictor must be {listed()}, got {name!r}")
    return PREDICTORS[name]


def listed(names: Iterable[str] = PREDICTORS) -> str:
    """The names, as in a sentence."""
    *first, last = (f'"{name}"' for name in names)
    return f"{', '.join(first)} or {last}"
