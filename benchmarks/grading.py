"""Our isolated class run against stock `nbgrader autograde`, on the same right submissions to Task 1.

Both grade copies of one submission, the example class's `ada`: stock in a row, as `nbgrader autograde` does;
ours with a worker for each core. Stock runs student code and tests in one kernel, without isolation.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import command
import psutil
from rich.console import Console

from labkit.grading.course_folder import Course
from labkit.grading.demo import make_class
from labkit.grading.report import read_class

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "task1_swiss_roll"
sys.path.insert(0, str(ROOT / "tests" / "grading"))

from against_stock import STOCK  # noqa: E402


class Peak(threading.Thread):
    """The most memory, in MB, that processes of a run held at once: the largest one of each kind."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.trusted_mb = self.sandbox_mb = 0.0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.2):
            for child in psutil.Process().children(recursive=True):
                try:
                    inside, held = "zygote" in " ".join(child.cmdline()), child.memory_info().rss / 1e6
                except psutil.Error:
                    continue
                if inside:
                    self.sandbox_mb = max(self.sandbox_mb, held)
                else:
                    self.trusted_mb = max(self.trusted_mb, held)

    def stop(self) -> None:
        self._done.set()
        self.join()


def make_courses(folder: Path, submissions: int) -> tuple[Path, Path]:
    """The same submissions in two courses: stock's settings, and ours."""
    err = Console(stderr=True)
    ours = folder / "ours"
    course = make_class(Course.open(ROOT), ours, lambda text: err.print(text, markup=False), [ASSIGNMENT])
    submitted = course.step("submitted")
    kept = submitted / "ada"
    for path in submitted.iterdir():
        if path != kept:
            shutil.rmtree(path)
    for number in range(submissions):
        shutil.copytree(kept, submitted / f"student{number:03d}")
    shutil.rmtree(kept)
    stock = folder / "stock"
    shutil.copytree(ours, stock)
    (stock / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
    return stock, ours


def grade(words: list[str], folder: Path) -> float:
    """Seconds of a command, as somebody types it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "LABKIT_TRAINING": "off"}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def scores(folder: Path) -> list[float]:
    return [one.score for one in read_class(Course.open(folder), ASSIGNMENT)]


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--submissions", type=int, default=30, help="default: 30")
    args = parser.parse_args()
    if args.submissions < 1:
        parser.error("--submissions must be at least 1")

    with tempfile.TemporaryDirectory() as scratch:
        stock, ours = make_courses(Path(scratch), args.submissions)
        peak = Peak()
        peak.start()
        seconds_ours = grade(["labkit", "grade", ASSIGNMENT], ours)
        peak.stop()
        seconds_stock = grade(["nbgrader", "autograde", ASSIGNMENT], stock)
        same = scores(stock) == scores(ours)
    report = {
        "submissions": args.submissions,
        "seconds_stock": round(seconds_stock, 1),
        "seconds_ours": round(seconds_ours, 1),
        "speedup": round(seconds_stock / seconds_ours, 2),
        "same_scores": same,
        "peak_trusted_mb": round(peak.trusted_mb),
        "peak_worker_mb": round(peak.sandbox_mb),
        "machine": command.machine(),
    }
    command.say(report, args.json)


if __name__ == "__main__":
    main()
