"""Where a step back leads if x_0 were known, in one dimension: a product of two bells."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labkit.appearance import BLUE, GREEN, VERMILLION
from labkit.plots.style import WIDTH, Picture, in_style, picture
from labkit.plots.widgets import has_front_end, live, time_slider
from labkit.schedules import Schedule

LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "linestyle": "--"},
    {"color": VERMILLION, "linestyle": ":", "linewidth": 2},
    {"color": GREEN, "linestyle": "-", "linewidth": 3, "zorder": 1.5},
)
"""Of what x_t says, what x_0 says, and both together, which lies behind the two."""


class Bell(NamedTuple):
    """A Gaussian in one dimension; with variance 0 all of it lies at its mean."""

    mean: float
    variance: float

    def times(self, other: "Bell") -> "Bell":
        """The Gaussian that the product of two is proportional to: the narrower one counts more."""
        both = self.variance + other.variance
        mean = (self.mean * other.variance + other.mean * self.variance) / both
        return Bell(mean, self.variance * other.variance / both)

    def height(self, x: np.ndarray) -> np.ndarray:
        """Its density at `x`, as a share of that at its mean."""
        return np.exp(-((x - self.mean) ** 2) / (2 * self.variance))

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.variance**0.5:.3f}"


def two_voices(schedule: Schedule, t: int, x_t: float, x_0: float) -> tuple[Bell, Bell]:
    """What x_t and what x_0 say about x_{t−1}, each alone: the steps of the forward process, read backwards.

    x_t = √α_t x_{t−1} + √β_t ε is a bell over x_{t−1} (Ho et al. 2020, Equation 2), and so is
    q(x_{t−1} | x_0) (Equation 4), which has the variance 0 at t = 0: x_{−1} is x_0.
    """
    alpha, before = schedule.alphas[t].item(), schedule.alphas_cumprod_prev[t].item()
    return Bell(x_t / alpha**0.5, schedule.betas[t].item() / alpha), Bell(before**0.5 * x_0, 1 - before)


def _draw(axes: Axes, bells: Mapping[str, Bell]) -> None:
    """Each bell as high as the others, in a window that holds all of them."""
    ends = [bell.mean + side * 4 * bell.variance**0.5 for bell in bells.values() for side in (-1, 1)]
    low, high = min(ends), max(ends)
    for (label, bell), look in zip(bells.items(), LOOKS, strict=True):
        if bell.variance == 0:
            axes.plot([bell.mean] * 2, [0, 1], label=label, **look)
            continue
        near = bell.mean + bell.variance**0.5 * np.linspace(-4, 4, 161)  # else a narrow one has no peak
        x = np.union1d(np.linspace(low, high, 201), near)
        axes.plot(x, bell.height(x), label=label, **look)
    margin = 0.04 * (high - low)
    axes.set(xlabel="$x_{t-1}$", yticks=[], ylim=(0, 1.08), xlim=(low - margin, high + margin))
    axes.locator_params(axis="x", nbins=5)


def _bells(schedule: Schedule, t: int, x_t: float, x_0: float) -> dict[str, Bell]:
    by_x_t, by_x_0 = two_voices(schedule, t, x_t, x_0)
    return {"what x_t says": by_x_t, "what x_0 says": by_x_0, "both: their product": by_x_t.times(by_x_0)}


def explore_posterior(schedule: Schedule) -> ipywidgets.VBox | Picture:
    """Choose t, x_t and x_0, and see what each of the two says about x_{t−1}, and both together.

    In one dimension q(x_{t−1} | x_t, x_0) is drawn as the product of q(x_t | x_{t−1}), read as a function of
    x_{t−1}, and q(x_{t−1} | x_0); each bell is drawn as high as the others. Without a front end: a still
    picture of four timesteps.
    """
    last = schedule.num_train_timesteps - 1
    if not has_front_end():
        return _still(schedule, sorted({0, round(0.005 * last), round(0.05 * last), last}))

    @in_style()
    def draw(t: int, x_t: float, x_0: float) -> tuple[bytes, str]:
        bells = _bells(schedule, t, x_t, x_0)
        figure = Figure(figsize=(5.5, 2.9))
        axes = figure.subplots()
        _draw(axes, bells)
        axes.set_title(f"t = {t}")
        figure.legend(loc="outside lower center", ncols=3)
        by_x_t, by_x_0, _ = bells.values()
        word = by_x_t.variance / (by_x_t.variance + by_x_0.variance)
        said = "; ".join(f"{label} {bell}" for label, bell in bells.items())
        return picture(figure, said).data, f"{said}. The word of x_0 counts {word:.1%}, that of x_t the rest."

    labels = {"style": {"description_width": "5em"}, "layout": {"width": "26em"}}
    controls: dict[str, ipywidgets.Widget] = {
        "t": time_slider(last, "timestep t"),
        "x_t": ipywidgets.FloatSlider(0.96, min=-3, max=3, step=0.01, description="x_t", **labels),
        "x_0": ipywidgets.FloatSlider(1.0, min=-2, max=2, step=0.01, description="x_0", **labels),
    }
    controls["t"].value = round(0.005 * last)
    return live(controls, draw, width=440)


@in_style()
def _still(schedule: Schedule, timesteps: list[int]) -> Picture:
    figure = Figure(figsize=(WIDTH, 2.5))
    told = []
    for axes, t in zip(figure.subplots(1, len(timesteps), squeeze=False)[0], timesteps, strict=True):
        bells = _bells(schedule, t, x_t=0.96, x_0=1.0)
        _draw(axes, bells)
        axes.set_title(f"t = {t}")
        told.append(f"t = {t}: " + ", ".join(f"{label} {bell}" for label, bell in bells.items()))
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return picture(figure, f"Bells over x_{{t−1}} for x_t = 0.96 and x_0 = 1. {'; '.join(told)}.")
