"""Pictures that a student can move through time; where nobody can, the same as still pictures."""

from collections.abc import Callable, Mapping
from functools import cache

import ipywidgets
import torch
from torch import Tensor

from labkit.errors import CourseError
from labkit.plots.animation import snapshot_title
from labkit.plots.images import as_pictures, rows_figure
from labkit.plots.style import FULL_WIDTH, Picture, in_style
from labkit.plots.widgets import has_front_end, live, time_slider
from labkit.sampling import Trajectory
from labkit.schedules import Schedule

AddNoise = Callable[[Schedule, Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


def explore_image_noise(
    add_noise: AddNoise, schedules: Mapping[str, Schedule], x0: Tensor
) -> ipywidgets.VBox | Picture:
    """Move a slider over t and see x_t = `add_noise(schedule, x0, t, eps)[0]` under each schedule.

    `x0` [B, 3, H, W] in [−1, 1]; the noise is drawn once, so that the pictures change continuously. What
    goes wrong in `add_noise` is shown as one sentence. All schedules have the same number of timesteps.
    Without a front end: a still picture of the first image at eight timesteps, and a CourseError with that
    sentence.

    Raises ValueError where `x0` does not hold images.
    """
    as_pictures("x0", x0)
    eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0)).to(x0)
    last = min(schedule.num_train_timesteps for schedule in schedules.values()) - 1

    def noised(schedule: Schedule, t: int, images: Tensor) -> Tensor:
        times = torch.full((len(images),), t, device=images.device, dtype=torch.long)
        try:
            made = add_noise(schedule, images, times, eps[: len(images)])
        except Exception as error:
            raise CourseError(f"add_noise stopped at t = {t} with {type(error).__name__}: {error}") from error
        x_t = made[0] if isinstance(made, tuple) and len(made) == 2 else made
        if x_t is made or not isinstance(x_t, Tensor) or x_t.shape != images.shape:
            found = f"shape {list(x_t.shape)}" if isinstance(x_t, Tensor) else f"a {type(x_t).__name__}"
            raise CourseError(
                f"add_noise must return (x_t, eps), x_t shaped like x0, {list(images.shape)}; it gave {found}"
            )
        return x_t

    if not has_front_end():
        timesteps = [round(last * share) for share in (0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1)]
        rows = {
            name: torch.cat([noised(schedule, t, x0[:1]) for t in timesteps])
            for name, schedule in schedules.items()
        }
        with in_style():
            return rows_figure(rows, [f"t = {t}" for t in timesteps])

    @in_style()
    def draw(t: int) -> tuple[bytes, str]:
        rows = {name: noised(schedule, t, x0) for name, schedule in schedules.items()}
        left = ", ".join(f"{name} {s.alphas_cumprod[t].item() ** 0.5:.3f}" for name, s in schedules.items())
        return rows_figure(rows).data, f"t = {t}. What is left of the signal, √ᾱ_t: {left}"

    return live({"t": time_slider(last, "timestep t")}, draw, width=FULL_WIDTH)


def play_images(trajectories: Mapping[str, Trajectory]) -> ipywidgets.VBox | Picture:
    """Play reverse processes of images side by side, a row each (x_ts [snapshots, B, 3, H, W]).

    All have the same number of snapshots. Without a front end: a still picture of the first image of each
    at eight moments.

    Raises ValueError where a trajectory is not one of images.
    """
    times = next(iter(trajectories.values())).timesteps
    for name, trajectory in trajectories.items():
        if trajectory.x_ts.ndim != 5 or len(trajectory.x_ts) != len(times):
            raise ValueError(
                f"trajectories[{name!r}] must have x_ts of shape [{len(times)}, B, 3, H, W]; "
                f"got {list(trajectory.x_ts.shape)}"
            )
    last = len(times) - 1
    if not has_front_end():
        chosen = [round(last * share / 7) for share in range(8)]
        rows = {name: trajectory.x_ts[chosen, 0] for name, trajectory in trajectories.items()}
        with in_style():
            return rows_figure(rows, [snapshot_title(times[i]) for i in chosen])

    @cache
    @in_style()
    def draw(snapshot: int) -> tuple[bytes, str]:
        rows = {name: trajectory.x_ts[snapshot, :8] for name, trajectory in trajectories.items()}
        return rows_figure(rows).data, f"The reverse process: {snapshot_title(times[snapshot])}"

    slider = time_slider(last, "snapshot")
    play = ipywidgets.Play(max=last, interval=250, description="play the reverse process")
    ipywidgets.jslink((play, "value"), (slider, "value"))
    return live({"snapshot": slider}, draw, width=FULL_WIDTH, bar=ipywidgets.HBox([play, slider]))
