"""What each process does in test_two_processes.py: `torchrun … two_processes.py OUT`."""

import sys
from pathlib import Path

import tiny
import tiny_images
from accelerate import Accelerator


def train(out: Path) -> None:
    """Points for 400 steps, and images with all that `fit` offers."""
    tiny.tiny_fit(out / "points")
    tiny_images.tiny_fit(out / "images", preview=tiny_images.preview)
    tiny_images.tiny_fit(out / "dropout", network=tiny_images.network(dropout=0.5))


if __name__ == "__main__":
    out = Path(sys.argv[1])
    train(out)
    (out / f"done_{Accelerator().process_index + 1}_of_{Accelerator().num_processes}").touch()
