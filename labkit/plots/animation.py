"""The reverse process as a small moving picture."""

from io import BytesIO

import numpy as np
from matplotlib.figure import Figure

from labkit.plots.points import FOLLOWED, rank_across, scatter
from labkit.plots.style import Picture, as_points, frame_plane, in_style, pixels
from labkit.sampling import Trajectory

FRAMES = 24
FRAME_MS, LAST_FRAME_MS = 90, 2000


def snapshot_points(trajectory: Trajectory, at_most: int) -> list[np.ndarray]:
    """Read the snapshots of a trajectory of points, each [N, 2], thinned to `at_most`.

    Raises ValueError where it is not one of points in the plane.
    """
    if trajectory.x_ts.ndim != 3 or len(trajectory.x_ts) != len(trajectory.timesteps):
        raise ValueError(
            "a trajectory of points has x_ts of shape [snapshots, N, 2] with one timestep for each; "
            f"got x_ts {list(trajectory.x_ts.shape)} and {len(trajectory.timesteps)} timesteps"
        )
    return [
        as_points(f"the snapshot at t = {t}", x_t, at_most)
        for t, x_t in zip(trajectory.timesteps, trajectory.x_ts, strict=True)
    ]


def snapshot_title(t: int) -> str:
    """Name the snapshot at `t`, which is −1 for the finished samples."""
    return f"t = {t}" if t >= 0 else "samples x_0"


class MovingPoints:
    """A panel that shows one snapshot at a time; a point keeps the colour of where it is in `colored_by`."""

    def __init__(self, colored_by: np.ndarray, window: list[np.ndarray], inches: float, dpi: int):
        self.figure = Figure(figsize=(inches, inches), dpi=dpi)
        self.axes = self.figure.subplots()
        self.dots = scatter(self.axes, colored_by, c=rank_across(colored_by), **FOLLOWED)
        frame_plane(self.axes, *window)
        self.axes.set_title("t = 0")
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")  # to lay out every frame anew would take most of its time

    def show(self, points: np.ndarray, title: str) -> Figure:
        """Move the points to `points` [N, 2]."""
        self.dots.set_offsets(points)
        self.axes.set_title(title)
        return self.figure


@in_style()
def animate_trajectory(trajectory: Trajectory) -> Picture:
    """Turn a trajectory of points (x_ts [snapshots, N, 2]) into an animation that loops and rests on its end.

    It is an animated PNG; whatever cannot play one shows the finished samples. A point keeps its
    colour, which says how far left or right it ends. At most 250 points are drawn, to keep it small.

    Raises ValueError where the trajectory is not one of points in the plane.
    """
    snapshots = snapshot_points(trajectory, at_most=250)
    moving = MovingPoints(snapshots[-1], [snapshots[0], snapshots[-1]], inches=3, dpi=80)
    chosen = np.unique(np.linspace(0, len(snapshots) - 1, FRAMES).round().astype(int))
    frames = [
        pixels(moving.show(snapshots[i], snapshot_title(trajectory.timesteps[i])), colors=12) for i in chosen
    ]
    buffer = BytesIO()
    frames[-1].save(
        buffer,
        "png",
        save_all=True,
        append_images=frames,
        default_image=True,  # the first image is what a viewer shows that cannot animate
        duration=[FRAME_MS] * (len(frames) - 1) + [LAST_FRAME_MS],
        loop=0,
        optimize=True,
    )
    alt = f"Animation: points move from noise at t = {trajectory.timesteps[0]} to the finished samples."
    return Picture(buffer.getvalue(), format="png", alt=alt)
