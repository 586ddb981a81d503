"""What the coefficients should be (Ho et al. 2020): q(x_t | x_0) Eq. 4, q(x_{t−1} | x_t, x_0) Eq. 6–7."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tables:
    """A schedule's tables in float64, each [T]; `prev` is ᾱ_{t−1}."""

    betas: np.ndarray
    alphas: np.ndarray
    cumprod: np.ndarray
    prev: np.ndarray

    @classmethod
    def of(cls, betas: np.ndarray) -> "Tables":
        """From β_t [T]."""
        cumprod = np.cumprod(1 - betas)
        return cls(betas, 1 - betas, cumprod, np.concatenate([[1.0], cumprod[:-1]]))

    def at(self, index: np.ndarray) -> "Tables":
        """The same tables read at other timesteps: what an off-by-one slip sees."""
        return Tables(self.betas[index], self.alphas[index], self.cumprod[index], self.prev[index])


def shifted(length: int) -> list[np.ndarray]:
    """The index of every timestep under the usual slips by one: clamped and wrapped, down and up."""
    t = np.arange(length)
    return [np.maximum(t - 1, 0), t - 1, np.minimum(t + 1, length - 1), (t + 1) % length]


LESSONS_BETAS = np.linspace(1e-4, 0.02, 1000)


def misread(truth: Tables, decoy: np.ndarray) -> list[tuple[str, Tables]]:
    """(id, tables) of an answer that reads the schedule at other timesteps, or reads another schedule."""
    every = np.arange(len(truth.betas))
    others = {"reads_global": Tables.of(decoy), "lessons_schedule": Tables.of(LESSONS_BETAS)}
    return [
        *[("off_by_one_t", truth.at(index)) for index in shifted(len(every))],
        ("reversed_t", truth.at(every[::-1])),
        *[(name, tables.at(every)) for name, tables in others.items() if len(tables.betas) >= len(every)],
    ]


def posterior_variance(tables: Tables) -> np.ndarray:
    """β̃_t (Eq. 7); zero at t = 0."""
    return tables.betas * (1 - tables.prev) / (1 - tables.cumprod)
