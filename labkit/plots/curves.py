"""Figures of numbers over time: losses over training steps, schedules and waves over timesteps."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from labkit.appearance import COLORS
from labkit.plots.style import WIDTH, Picture, as_array, in_style, picture
from labkit.predictors import PREDICTORS
from labkit.schedules import Schedule

LINES = ("-", "--", ":", "-.")


def _smooth(values: np.ndarray) -> np.ndarray:
    """Average over a window of a fiftieth of the curve, which is cut short at both ends."""
    window = np.ones(max(1, len(values) // 50))
    return np.convolve(values, window, "same") / np.convolve(np.ones(len(values)), window, "same")


@in_style()
def plot_losses(losses: Mapping[str, ArrayLike]) -> Picture:
    """Draw the losses [steps] of each run on a logarithmic axis: raw faint, smoothed strong.

    Raises ValueError for an empty mapping, for another shape, and for a curve without a positive number.
    """
    if not losses:
        raise ValueError('losses must name at least one run, as in plot_losses({"mine": run.losses})')
    figure = Figure(figsize=(WIDTH, 3.8))
    axes = figure.subplots()
    for i, (label, values) in enumerate(losses.items()):
        curve, color = as_array(values), COLORS[i % len(COLORS)]
        if curve.ndim != 1:
            raise ValueError(
                f"losses[{label!r}] must be one number for each step; got shape {list(curve.shape)}"
            )
        if not (curve > 0).any():
            raise ValueError(
                f"losses[{label!r}] holds no positive number, so a logarithmic axis cannot show it"
            )
        steps = np.arange(1, len(curve) + 1)
        axes.plot(steps, curve, color=color, alpha=0.2, linewidth=0.6)
        axes.plot(steps, _smooth(curve), color=color, label=label, zorder=3)
    axes.set(yscale="log", xlabel="training step", ylabel="loss")
    axes.grid(which="both")
    axes.legend()
    return picture(figure, f"Training loss over steps, logarithmic, raw and smoothed: {', '.join(losses)}.")


@in_style()
def plot_over_time(panels: Mapping[str, ArrayLike]) -> Picture:
    """Draw values [T], or several curves [T, D], over t = 0 … T − 1, a panel each.

    Raises ValueError for an empty mapping and for another shape.
    """
    if not panels:
        raise ValueError('panels must name at least one, as in plot_over_time({"a wave": wave})')
    figure = Figure(figsize=(WIDTH, 2.2))
    for axes, (label, values) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        curves = as_array(values)
        if curves.ndim not in (1, 2) or len(curves) == 0:
            raise ValueError(f"panels[{label!r}] must have the shape [T] or [T, D], not {list(curves.shape)}")
        for i, curve in enumerate(curves.reshape(len(curves), -1).T):
            axes.plot(curve, color=COLORS[i % len(COLORS)], linewidth=1)
        axes.set(title=label, xlabel="timestep t")
    return picture(figure, f"Curves over the timesteps, a panel each: {', '.join(panels)}.")


@in_style()
def plot_loss_by_time(timesteps: Sequence[int], losses: Mapping[str, ArrayLike]) -> Picture:
    """Draw the loss of each network at the `timesteps` [K]; `losses` has for each label [K] numbers.

    Raises ValueError for an empty mapping and for another shape.
    """
    if not losses:
        raise ValueError('losses must name at least one network, as in {"mine": losses_by_time(…)}')
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.subplots()
    for i, (label, values) in enumerate(losses.items()):
        curve = as_array(values)
        if curve.shape != (len(timesteps),):
            raise ValueError(
                f"losses[{label!r}] must be one number for each of the {len(timesteps)} timesteps; "
                f"got shape {list(curve.shape)}"
            )
        axes.plot(timesteps, curve, LINES[i % len(LINES)], color=COLORS[i % len(COLORS)], label=label)
    axes.set(xlabel="timestep t", ylabel="loss at t")
    axes.set_ylim(bottom=0)
    axes.grid()
    axes.legend()
    ends = "; ".join(
        f"{label}: {as_array(one)[0]:.2f} at t = {timesteps[0]}, {as_array(one).max():.2f} at most, "
        f"{as_array(one)[-1]:.4f} at t = {timesteps[-1]}"
        for label, one in losses.items()
    )
    return picture(figure, f"Loss at single timesteps. {ends}.")


@in_style()
def plot_schedules(schedules: Mapping[str, Schedule]) -> Picture:
    """Draw β_t, ᾱ_t and the signal-to-noise ratio ᾱ_t / (1 − ᾱ_t) of each schedule over t.

    Raises ValueError for an empty mapping and for what is no schedule.
    """
    if not schedules:
        raise ValueError(
            'schedules must name at least one, as in plot_schedules({"linear": Schedule.linear(1000)})'
        )
    for label, schedule in schedules.items():
        if not isinstance(schedule, Schedule):
            raise ValueError(f"schedules[{label!r}] must be a Schedule, not a {type(schedule).__name__}")
    figure = Figure(figsize=(WIDTH, 2.9))
    panels = figure.subplots(1, 3)
    for i, (label, schedule) in enumerate(schedules.items()):
        alphas_cumprod = as_array(schedule.alphas_cumprod)
        # A first step that adds no noise has an infinite ratio: no point on the curve.
        noise = np.where(alphas_cumprod < 1, 1 - alphas_cumprod, np.nan)
        for axes, values in zip(
            panels, (as_array(schedule.betas), alphas_cumprod, alphas_cumprod / noise), strict=True
        ):
            axes.plot(values, LINES[i % len(LINES)], color=COLORS[i % len(COLORS)], label=label)
    titles = ("noise added by a step, β_t", "signal left, ᾱ_t", "signal-to-noise ratio, ᾱ_t / (1 − ᾱ_t)")
    for axes, title in zip(panels, titles, strict=True):
        axes.set(title=title, xlabel="t")
        axes.grid()
    # The last betas of a cosine schedule rise to 1: they leave the panel, so that the others can be seen.
    tops = [np.percentile(as_array(schedule.betas), 95) for schedule in schedules.values()]
    panels[0].set_ylim(0, 1.1 * max(tops))
    panels[1].set_ylim(0, 1.02)
    panels[2].set_yscale("log")
    panels[2].set_ylim(bottom=max(1e-8, panels[2].get_ylim()[0]))
    panels[1].legend()
    ends = ", ".join(
        f"{label} (ᾱ ends at {s.alphas_cumprod[-1].item():.1e})" for label, s in schedules.items()
    )
    return picture(figure, f"β_t, ᾱ_t and the signal-to-noise ratio over t: {ends}.")


@in_style()
def plot_error_weights(schedule: Schedule) -> Picture:
    """Draw how much an error in the guess at x_0 counts in the loss of each predictor, over t.

    Noise and mean are affine in x_0 for a given x_t, so a squared error of the guess at x_0 appears in their
    losses times a factor, `error_weight` of labkit/predictors.py.
    """
    betas, signal, before = (
        as_array(table) for table in (schedule.betas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    weights = {name: one.error_weight(betas, signal, before) for name, one in PREDICTORS.items()}
    figure = Figure(figsize=(WIDTH, 3.2))
    axes = figure.subplots()
    for i, (label, weight) in enumerate(weights.items()):
        axes.plot(weight, LINES[i], color=COLORS[i], label=label)
    axes.set(yscale="log", xlabel="t", ylabel="weight of an error in the guess at x_0")
    axes.grid()
    axes.legend()
    return picture(figure, "The weight of an error at each t, logarithmic: it falls for noise and mean.")
