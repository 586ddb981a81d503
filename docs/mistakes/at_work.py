"""All of the plan's answers at work, in two processes."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tempfile import TemporaryDirectory

import numpy as np
from rich.progress import track

from mistakes.drawing import draw, quietly, right, trained_rightly
from mistakes.plan import Shown

PROCESSES = 2


def all_drawn(plan: Mapping[str, list[Shown]]) -> dict[tuple[str, str], np.ndarray | None]:
    """(mistake, TODO) → what that answer drew, as `draw` returns it; ("", TODO) → what a right one draws."""
    jobs = [(name, shown.todo, shown) for name, several in plan.items() for shown in several]
    todos = sorted({todo for _, todo, _ in jobs})
    jobs = [*(("", todo, None) for todo in todos), *jobs]
    with (
        TemporaryDirectory() as folder,
        ProcessPoolExecutor(PROCESSES, get_context("spawn"), quietly) as pool,
    ):
        pool.submit(_train, folder).result()
        futures = [(name, todo, pool.submit(_drawn, todo, shown, folder)) for name, todo, shown in jobs]
        return {(name, todo): future.result() for name, todo, future in track(futures, "drawing")}


def _train(folder: str) -> None:
    trained_rightly(folder)


def _drawn(todo: str, shown: Shown | None, folder: str) -> np.ndarray | None:
    drawn = draw(todo, shown.namespace() if shown else {todo: right(todo)}, folder)
    return None if drawn is None else drawn.numpy()
