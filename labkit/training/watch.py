"""What a person sees of a run while it trains. Watching changes nothing in the run.

Any run has a progress bar in a terminal and in a notebook. A run with previews is long, so it has more: in
a notebook a live page, elsewhere a line of text at each checkpoint, for a terminal or a log; and a log for
TensorBoard where that is installed. A program that executes a notebook is shown nothing.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from PIL import Image
from tqdm.auto import tqdm

from labkit.appearance import img
from labkit.progress import progress, running_kernel, watched
from labkit.training.recipe import Recipe
from labkit.training.run import RunFolder
from labkit.training.state import TrainingState

_EVERY = 50
"""Steps between two looks at the losses, each of which waits for the GPU."""
_SECONDS = 3.0
_SHARE = 0.01
"""The page is redrawn at most this often, and takes at most this share of the time."""


class Watcher(Protocol):
    """Somebody who looks at a run on its main process."""

    def step(self, checkpoint: bool) -> None:
        """Take note of a step, after which a checkpoint was written or not."""

    def close(self) -> None:
        """Take note that the training ended, well or not."""


def watchers(folder: RunFolder, recipe: Recipe, state: TrainingState, previews: bool) -> list[Watcher]:
    """Everybody who looks at the run that `state` begins with, or goes on with."""
    pace = Pace(recipe, state)
    looked_at: list[Watcher] = []
    if previews and find_spec("tensorboard"):
        looked_at.append(TensorBoard(folder, recipe, state))
    if not watched():
        return looked_at
    if not previews:
        return [Bar(recipe, state)]
    if running_kernel() is None:
        return [*looked_at, Bar(recipe, state), Lines(pace)]
    from labkit.plots.widgets import has_front_end  # widgets and figures take a second to import

    return [*looked_at, Page(folder, pace, _notebook_display()) if has_front_end() else Bar(recipe, state)]


class Pace:
    """How far a run is, how fast, and how long it will take."""

    def __init__(self, recipe: Recipe, state: TrainingState):
        self.state = state
        self._recipe = recipe
        self._first, self._began = state.done, time.monotonic()

    def line(self) -> str:
        """One line for a person."""
        done, steps = self.state.done, self._recipe.steps
        parts = [f"step {done:,} of {steps:,}"]
        if done > 0:
            parts.append(f"loss {self.state.losses[max(0, done - _EVERY) : done].mean().item():.4f}")
        if done > self._first:
            seconds = (time.monotonic() - self._began) / (done - self._first)
            speed = self._recipe.batch_size / seconds
            parts.append(f"{speed:,.0f} images/s" if speed >= 10 else f"{speed:.2g} images/s")
            if done < steps:
                parts.append(f"{_duration(seconds * (steps - done))} left")
        return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


class Bar:
    """A progress bar, which disappears in the end."""

    def __init__(self, recipe: Recipe, state: TrainingState):
        self._state = state
        self._bar = progress(total=recipe.steps, initial=state.done)

    def step(self, checkpoint: bool) -> None:
        self._bar.update()
        done = self._state.done
        if done % _EVERY == 0:
            self._bar.set_postfix(loss=f"{self._state.losses[done - 1].item():.4f}")

    def close(self) -> None:
        self._bar.close()


class Lines:
    """A line on stderr for each checkpoint, above the bar where there is one."""

    def __init__(self, pace: Pace):
        self._pace = pace

    def step(self, checkpoint: bool) -> None:
        if checkpoint:
            tqdm.write(self._pace.line(), file=sys.stderr)

    def close(self) -> None:
        pass


class Page:
    """The curve of the losses, the latest preview and the time left, in one place of a notebook.

    Args:
        folder: the run's.
        pace: the run's.
        show: is given the page as HTML, again and again.
    """

    def __init__(self, folder: RunFolder, pace: Pace, show: Callable[[str], None]):
        self._folder, self._pace, self._show = folder, pace, show
        self._drawn = pace.state.done
        self._draw()

    def step(self, checkpoint: bool) -> None:
        if checkpoint:
            self._drawn = self._pace.state.done
        if time.monotonic() >= self._next:
            self._draw()

    def close(self) -> None:
        self._draw()

    def _draw(self) -> None:
        began = time.monotonic()
        self._show(self._html())
        now = time.monotonic()
        self._next = now + max(_SECONDS, (now - began) / _SHARE)

    def _html(self) -> str:
        from labkit.plots.curves import plot_losses

        losses = self._pace.state.losses[: self._pace.state.done].cpu()
        figures = []
        if (losses > 0).any():
            curve = plot_losses({"loss": losses})
            figures.append(img(curve.data, curve.alt, "max-width: 100%; width: 36em"))
        what = f"what the network draws after {self._drawn:,} steps"
        drawn = self._folder.preview(self._drawn).read_bytes()
        picture = img(drawn, what, "max-width: 100%; min-width: 16em; image-rendering: pixelated")
        figures.append(f'<figure style="margin: 0">{picture}<figcaption>{what}</figcaption></figure>')
        return (
            f"<p>{escape(self._pace.line())}</p>"
            f'<div style="display: flex; flex-wrap: wrap; gap: 1em">{"".join(figures)}</div>'
        )


def _notebook_display() -> Callable[[str], None]:
    """Something that shows HTML in the running cell, always at the same place."""
    from IPython.display import HTML, display

    handle = display(HTML(""), display_id=True)
    return lambda html: handle.update(HTML(html))


class TensorBoard:
    """Loss, learning rate and previews for `tensorboard --logdir <folder>`.

    Where the disk is full nothing is said here: the next checkpoint does.
    """

    def __init__(self, folder: RunFolder, recipe: Recipe, state: TrainingState):
        from torch.utils.tensorboard import SummaryWriter  # takes a second to import

        self._folder, self._recipe, self._state = folder, recipe, state
        # What a killed run logged after its last checkpoint is logged again.
        self._writer = SummaryWriter(folder.path / "tensorboard", purge_step=state.done + 1)

    def step(self, checkpoint: bool) -> None:
        with suppress(OSError):
            self._log(checkpoint)

    def close(self) -> None:
        with suppress(OSError):
            self._writer.close()

    def _log(self, checkpoint: bool) -> None:
        done = self._state.done
        if done % _EVERY == 0:
            loss = self._state.losses[done - _EVERY : done].mean().item()
            self._writer.add_scalar("loss", loss, done)
            self._writer.add_scalar("lr", self._recipe.lr * self._recipe.lr_factor(done - 1), done)
        if checkpoint:
            with Image.open(self._folder.preview(done)) as picture:
                self._writer.add_image("samples", np.asarray(picture), done, dataformats="HWC")
