"""Getting the images ready."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from labkit.cli.app import OUT, JsonOption, command, print_json

if TYPE_CHECKING:
    from labkit.data import ImageSet


class Images(StrEnum):
    """The sets of images that the course knows."""

    TOY = "toy"
    AFHQ = "afhq"


@command
def data(
    images: Annotated[Images, typer.Argument(help="toy: drawn in seconds; afhq: photographs, 730 MB")],
    size: Annotated[int | None, typer.Option("--size", min=8, help="pixels: toy 32, afhq 64")] = None,
    root: Annotated[Path | None, typer.Option("--root", help="your own folder in AFHQ's layout")] = None,
    max_images_per_class: Annotated[int | None, typer.Option(min=1, help="the first so many")] = None,
    skip_corrupt: Annotated[bool, typer.Option("--skip-corrupt", help="leave corrupt images out")] = False,
    json_: JsonOption = False,
) -> None:
    """Download or draw images, check them, and make the arrays to train with.

    Example: labkit data afhq --size 64
    """
    from labkit.data import AFHQ, ToyFaces
    from labkit.data.afhq import published_folder, split_folders
    from labkit.data.toy_faces import SPLITS

    if images is Images.TOY:
        if root or max_images_per_class or skip_corrupt:
            raise typer.BadParameter("toy faces are drawn: only --size applies to them.")
        sets: dict[str, ImageSet] = {split: ToyFaces(split, size or 32) for split in SPLITS}
    else:
        root = root or published_folder()
        sets = {
            split: AFHQ(root, split, size or 64, max_images_per_class, skip_corrupt)
            for split in split_folders(root)
        }
    answer: dict[str, Any] = {
        "data": str(images),
        "size": next(iter(sets.values())).images.shape[-1],
        "splits": {split: _described(images_) for split, images_ in sets.items()},
    }
    if json_:
        print_json(answer)
        return
    for split, one in answer["splits"].items():
        counts = ", ".join(f"{name} {count:,}" for name, count in one["counts"].items())
        line = f"{split}: {one['images']:,} images of {answer['size']}×{answer['size']} ({counts})"
        OUT.print(line, markup=False, highlight=False, soft_wrap=True)
        OUT.print(f"  {one['array']}", markup=False, highlight=False, soft_wrap=True)
        for file in one["skipped"]:
            OUT.print(f"  left out, corrupt: {file}", style="yellow", markup=False, soft_wrap=True)


def _described(images: Any) -> dict[str, Any]:
    """What --json says about one split."""
    return {
        "images": len(images),
        "counts": images.counts(),
        "array": str(images.path),
        "skipped": [str(file) for file in getattr(images, "skipped", ())],
    }
