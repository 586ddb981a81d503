"""Which files are pictures, and how one is read: for training, for the metrics and for the command line."""

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from labkit.errors import CourseError

SUFFIXES = frozenset(
    {".avif", ".bmp", ".gif", ".heic", ".heif", ".jfif", ".jpeg", ".jpg"}
    | {".pbm", ".pgm", ".png", ".pnm", ".ppm", ".tif", ".tiff", ".webp"}
)
"""What is taken for a picture. One that Pillow cannot open is named, not passed over."""
VERSION = 2
"""Goes up when the same file gives other pixels."""
_NAMED = 5
_BITS_PER_SAMPLE = 258  # TIFF's tag


class PictureError(CourseError):
    """A file that cannot be read as a picture; the text says why."""


def pictures_in(folder: Path) -> list[Path]:
    """The pictures that lie in the folder itself, sorted."""
    return _pictures(folder.iterdir())


def pictures_by_class(folder: Path) -> dict[str, list[Path]]:
    """The pictures in each folder of the folder, both sorted; those without pictures are left out."""
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not _hidden(path))
    found = {path.name: pictures_in(path) for path in classes}
    return {name: files for name, files in found.items() if files}


def warn_of_others(folder: Path, taken: Iterable[Path], place: str) -> None:
    """Warn of the pictures below `folder` that are not `taken`, because they lie in no such `place`."""
    others = sorted(set(_pictures(folder.rglob("*"))) - set(taken))
    inside = [path.relative_to(folder) for path in others]
    left_out = [path.as_posix() for path in inside if not any(map(_hidden, path.parents))]
    if left_out:
        number = f"{len(left_out):,} picture{'s were' if len(left_out) > 1 else ' was'}"
        warnings.warn(f"{folder}: {number} left out, not {place}: {some(left_out)}.", stacklevel=3)


def some(names: Sequence[str]) -> str:
    """The first few of many, for a sentence."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _pictures(paths: Iterable[Path]) -> list[Path]:
    # A link that leads nowhere counts: it is named when it is read.
    return sorted(p for p in paths if p.suffix.lower() in SUFFIXES and not _hidden(p) and not p.is_dir())


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def read_picture(file: Path, at_least: int | None = None) -> Image.Image:
    """The picture as a person sees it, in 8 bits of red, green and blue.

    It is turned as its EXIF data say, grey of more than 8 bits is scaled, and what is transparent lies on
    white. A JPEG may come smaller, with no side under `at_least` pixels, as it is decoded faster then.

    Raises PictureError where there is no such picture, and where nothing says which of its numbers is white.
    """
    try:
        with file.open("rb") as content, Image.open(content) as image:
            if at_least is not None:
                image.draft("RGB", (at_least, at_least))
            upright = _in_eight_bits(ImageOps.exif_transpose(image), image)
            if upright.has_transparency_data:
                upright = upright.convert("RGBA")
                upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
            return upright.convert("RGB")
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError("no picture that can be read here") from error
    except Exception as error:  # decoders raise all sorts of errors over damaged files
        raise PictureError(getattr(error, "strerror", None) or str(error) or type(error).__name__) from error


def _in_eight_bits(pixels: Image.Image, opened: Image.Image) -> Image.Image:
    """Grey pixels of more than 8 bits scaled to 8, as Pillow's convert() would clip them; the rest as it is.

    Color of 16 bits is scaled by Pillow itself.
    """
    if pixels.mode.startswith("I;16"):
        bits = getattr(opened, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))[0]
        white = 2**bits - 1
    elif pixels.mode == "I" and opened.format in ("PNG", "PPM"):  # so Pillow gives their 16 bits
        white = 2**16 - 1
    elif pixels.mode == "F":
        white = 1
    elif pixels.mode == "I":
        raise PictureError(
            "whole numbers of 32 bits, of which nothing says which is white: save it in 8 or 16 bits"
        )
    else:
        return pixels
    grey = np.asarray(pixels).astype(np.float64)
    if not (grey.min() >= 0 and grey.max() <= white):  # so NaN is refused too
        raise PictureError(f"numbers that are not between 0 and {white}: save it in 8 or 16 bits")
    return Image.fromarray((grey * (255 / white)).round().astype(np.uint8))
