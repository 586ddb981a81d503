"""Figures that a student can move; where nobody can, the same figures as still pictures."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from html import escape

import ipywidgets
import torch
from torch import Tensor

from labkit.errors import CourseError
from labkit.plots.animation import MovingPoints, snapshot_points, snapshot_title
from labkit.plots.curves import plot_schedules
from labkit.plots.points import GRID_POINTS, plot_forward, rank_across, snapshot_grid
from labkit.plots.style import FULL_WIDTH, MAX_POINTS, Picture, as_points, in_style, picture, png
from labkit.sampling import Trajectory, walk_into_noise
from labkit.schedules import Schedule


def has_front_end() -> bool:
    """Tell whether somebody sits at this notebook: a Jupyter server, VS Code, Colab or Kaggle started it.

    A kernel that nbclient, nbval or nbgrader started has nobody to move a slider.
    """
    return (
        any(name in os.environ for name in ("JPY_SESSION_NAME", "VSCODE_PID", "VSCODE_CWD"))
        or "google.colab" in sys.modules
        or os.environ.get("KAGGLE_KERNEL_RUN_TYPE") == "Interactive"
    )


def live(
    controls: Mapping[str, ipywidgets.Widget],
    draw: Callable[..., tuple[bytes, str]],
    width: int,
    bar: ipywidgets.Widget | None = None,
) -> ipywidgets.VBox:
    """Show the PNG and the line of text that `draw(**values of the controls)` returns, anew at every change.

    A CourseError of `draw` is shown as its text in place of the picture. `bar` lays the controls out
    where they shall not just stand below each other.
    """
    image = ipywidgets.Image(format="png", layout={"width": f"{width}px", "max_width": "100%"})
    text = ipywidgets.HTML()

    def redraw(_change=None) -> None:
        try:
            image.value, line = draw(**{name: control.value for name, control in controls.items()})
            image.layout.display = None
        except CourseError as error:
            line = str(error)
            image.layout.display = "none"
        text.value = escape(line)

    for control in controls.values():
        control.observe(redraw, "value")
    redraw()
    return ipywidgets.VBox([bar or ipywidgets.VBox([*controls.values()]), text, image])


def time_slider(last: int, description: str) -> ipywidgets.IntSlider:
    return ipywidgets.IntSlider(
        0, 0, last, description=description, style={"description_width": "initial"}, layout={"width": "26em"}
    )


def explore_forward(
    q_sample: Callable[[Schedule, Tensor, Tensor, Tensor], Tensor], schedule: Schedule, x0: Tensor
) -> ipywidgets.VBox | Picture:
    """Move a slider over t and see x_t = `q_sample(schedule, x0, t, noise)` for points `x0` [N, 2].

    The noise is drawn once, so that the points move continuously. What goes wrong in `q_sample` is
    shown as one sentence. Without a front end: a still picture of five timesteps, and a CourseError
    with that sentence.

    Raises ValueError where `x0` does not hold points in the plane.
    """
    as_points("x0", x0)
    x0 = x0[:MAX_POINTS]
    noise = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0)).to(x0)
    last = schedule.num_train_timesteps - 1

    def noised(t: int) -> Tensor:
        try:
            x_t = q_sample(schedule, x0, torch.full((len(x0),), t, device=x0.device, dtype=torch.long), noise)
        except Exception as error:
            raise CourseError(f"q_sample stopped at t = {t} with {type(error).__name__}: {error}") from error
        if not isinstance(x_t, Tensor) or x_t.shape != x0.shape:
            found = f"shape {list(x_t.shape)}" if isinstance(x_t, Tensor) else f"a {type(x_t).__name__}"
            raise CourseError(
                f"q_sample must return x_t shaped like x0, {list(x0.shape)}; at t = {t} it gave {found}"
            )
        if not x_t.isfinite().all():
            raise CourseError(f"q_sample's x_t is not finite at t = {t}: it holds NaN or infinity")
        return x_t

    if not has_front_end():
        timesteps = [round(last * share) for share in (0, 0.1, 0.25, 0.5, 1)]
        return plot_forward(torch.stack([noised(t) for t in timesteps]), timesteps)

    start = as_points("x0", x0)
    with in_style():
        moving = MovingPoints(start, [1.2 * start, as_points("noise", noise)], inches=4.5, dpi=160)

    @in_style()
    def draw(t: int) -> tuple[bytes, str]:
        alpha_bar = schedule.alphas_cumprod[t].item()
        frame = png(moving.show(as_points("x_t", noised(t)), f"x_t at t = {t}"))
        return (
            frame,
            f"√ᾱ_t = {alpha_bar**0.5:.3f} (signal), √(1 − ᾱ_t) = {(1 - alpha_bar) ** 0.5:.3f} (noise)",
        )

    return live({"t": time_slider(last, "timestep t")}, draw, width=360)


def explore_noising(x0: Tensor) -> ipywidgets.VBox | Picture:
    """Move a slider over how many of 1,000 small steps of noise points `x0` [N, 2] have taken.

    The steps are DDPM's (`Schedule.linear(1000)`), and all belong to one walk. A point keeps the colour of
    where it began. Without a front end: a still picture of five moments.

    Raises ValueError where `x0` does not hold points in the plane.
    """
    schedule = Schedule.linear(1000)
    as_points("x0", x0)
    if not has_front_end():
        counts = [0, 50, 150, 350, 1000]
        walk = [as_points("x", x, GRID_POINTS) for x in walk_into_noise(x0, schedule, counts)]
        with in_style():
            figure = snapshot_grid(walk, [f"{count} steps" for count in counts], rank_across(walk[0]))
            return picture(
                figure, f"The same points after {', '.join(map(str, counts))} small steps of noise."
            )

    walk = [as_points("x", x) for x in walk_into_noise(x0, schedule, range(schedule.num_train_timesteps + 1))]
    with in_style():
        moving = MovingPoints(walk[0], [1.2 * walk[0], walk[-1]], inches=4.5, dpi=160)

    @in_style()
    def draw(steps: int) -> tuple[bytes, str]:
        line = f"The data after {steps} of {schedule.num_train_timesteps} small steps of noise."
        return png(moving.show(walk[steps], f"{steps} steps")), line

    return live({"steps": time_slider(schedule.num_train_timesteps, "steps of noise")}, draw, width=360)


def explore_schedule() -> ipywidgets.VBox | Picture:
    """Choose the kind of schedule, T, beta_start and beta_end, and see what becomes of the signal.

    Without a front end: a still picture of DDPM's linear schedule beside the quad one.
    """
    if not has_front_end():
        return plot_schedules({"linear": Schedule.linear(1000), "quad": Schedule.quad(1000)})

    def draw(kind: str, num_train_timesteps: int, beta_start: float, beta_end: float) -> tuple[bytes, str]:
        schedule = getattr(Schedule, kind)(num_train_timesteps, beta_start, beta_end)
        signal = schedule.alphas_cumprod[-1].item() ** 0.5
        return plot_schedules(
            {kind: schedule}
        ).data, f"At the last timestep, {signal:.2g} of the data's size is left: that is √ᾱ_t."

    labels = {"style": {"description_width": "6em"}, "layout": {"width": "26em"}}
    controls = {
        "kind": ipywidgets.Dropdown(options=["linear", "quad"], description="schedule", **labels),
        "num_train_timesteps": ipywidgets.IntSlider(1000, 10, 2000, 10, description="T", **labels),
        "beta_start": ipywidgets.FloatLogSlider(
            1e-4, min=-6, max=-1, description="beta_start", readout_format=".2g", **labels
        ),
        "beta_end": ipywidgets.FloatLogSlider(
            0.02, min=-4, max=-0.1, description="beta_end", readout_format=".2g", **labels
        ),
    }
    return live(controls, draw, width=FULL_WIDTH)


def play_trajectory(trajectory: Trajectory) -> ipywidgets.VBox | Picture:
    """Play the snapshots of a reverse process of points (x_ts [snapshots, N, 2]), or drag through them.

    A point keeps its colour, which says how far left or right it ends. Without a front end: a still
    picture of five snapshots.

    Raises ValueError where the trajectory is not one of points in the plane.
    """
    snapshots = snapshot_points(trajectory, at_most=MAX_POINTS if has_front_end() else GRID_POINTS)
    titles = [snapshot_title(t) for t in trajectory.timesteps]
    last = len(snapshots) - 1
    if not has_front_end():
        chosen = sorted({round(last * share) for share in (0, 0.25, 0.5, 0.75, 1)})
        with in_style():
            figure = snapshot_grid(
                [snapshots[i] for i in chosen], [titles[i] for i in chosen], rank_across(snapshots[-1])
            )
            return picture(
                figure, f"The points of a reverse process at {', '.join(titles[i] for i in chosen)}."
            )

    with in_style():
        moving = MovingPoints(snapshots[-1], [snapshots[0], snapshots[-1]], inches=4.5, dpi=160)

    @cache
    @in_style()
    def draw(snapshot: int) -> tuple[bytes, str]:
        return png(
            moving.show(snapshots[snapshot], titles[snapshot])
        ), f"Points of the reverse process: {titles[snapshot]}"

    slider = time_slider(last, "snapshot")
    play = ipywidgets.Play(max=last, interval=150, description="play the reverse process")
    ipywidgets.jslink((play, "value"), (slider, "value"))
    return live(
        {"snapshot": slider},
        draw,
        width=360,
        bar=ipywidgets.HBox([play, slider]),
    )
