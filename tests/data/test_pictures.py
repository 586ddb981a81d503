"""Pictures of every kind are read as a person sees them, by training and by the metrics alike."""

import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labkit.data import ImageFolder
from labkit.data.pictures import PictureError, read_picture
from labkit.errors import CourseError
from labkit.metrics import open_images

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16)
Write = Callable[[Path], object]


def saved(pixels: np.ndarray) -> Write:
    return lambda path: Image.fromarray(pixels).save(path)


def pgm(pixels: np.ndarray, white: int) -> Write:
    return lambda path: path.write_bytes(b"P5 16 16 %d\n" % white + pixels.astype(">u2").tobytes())


def png16(pixels: np.ndarray, color_type: int) -> Write:
    """A PNG of 16 bits a sample, [H, W, samples], which Pillow cannot write in color."""

    def chunk(name: bytes, content: bytes) -> bytes:
        whole = name + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    H, W = pixels.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", W, H, 16, color_type, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)


def tiff12(pixels: np.ndarray) -> Write:
    """A grey TIFF of 12 bits, as cameras of microscopes write it."""
    a, b = pixels.reshape(-1, 2).astype(int).T
    packed = np.stack([a >> 4, (a & 15) << 4 | b >> 8, b & 255], axis=1).astype(np.uint8).tobytes()
    H, W = pixels.shape
    tags = {256: W, 257: H, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: H, 279: len(packed)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    directory = struct.pack("<H", len(tags)) + entries + b"\0\0\0\0"
    return lambda path: path.write_bytes(b"II*\0" + struct.pack("<I", 8 + len(packed)) + packed + directory)


DEEP = {
    "8 bits.png": saved(RAMP),
    "16 bits.png": saved(RAMP.astype(np.uint16) * 257),
    "16 bits.tif": saved(RAMP.astype(np.uint16) * 257),
    "16 bits of a Mac.tiff": saved((RAMP.astype(np.uint16) * 257).astype(">u2")),
    "16 bits.pgm": pgm(RAMP.astype(np.uint16) * 257, 65535),
    "10 bits.pgm": pgm(np.round(RAMP * (1023 / 255)), 1023),
    "12 bits.tif": tiff12(np.round(RAMP * (4095 / 255))),
    "floats.tif": saved(RAMP.astype(np.float32) / 255),
    "16 bits of color.png": png16(np.stack([RAMP.astype(np.uint16) * 257] * 3, axis=2), 2),
    "16 bits and opaque.png": png16(
        np.stack([RAMP.astype(np.uint16) * 257] * 3 + [np.full_like(RAMP, 65535, np.uint16)], axis=2), 6
    ),
}


@pytest.mark.parametrize("name", DEEP)
def test_more_bits_than_8_are_scaled(tmp_path: Path, name: str) -> None:
    DEEP[name](tmp_path / name)
    read = np.asarray(read_picture(tmp_path / name)).astype(int)
    assert read.shape == (16, 16, 3)
    assert np.abs(read - RAMP[..., None]).max() <= 1


def uniform(mode: str, color: object, **options: object) -> Write:
    return lambda path: Image.new(mode, (16, 16), color).save(path, **options)


def palette(*colors: tuple[int, int, int], **options: object) -> Write:
    def write(path: Path) -> None:
        image = Image.new("P", (16, 16), 1)
        image.putpalette([level for color in colors for level in color])
        image.save(path, **options)

    return write


def animated(path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])


COLORS = {
    "black and white.png": (uniform("1", 1), (255, 255, 255)),
    "grey.jpg": (uniform("L", 200), (200, 200, 200)),
    "grey, half transparent.png": (uniform("LA", (0, 128)), (127, 127, 127)),
    "grey, one of them transparent.png": (uniform("L", 7, transparency=7), (255, 255, 255)),
    "transparent.png": (uniform("RGBA", (1, 2, 3, 0)), (255, 255, 255)),
    "transparent.webp": (uniform("RGBA", (1, 2, 3, 0), lossless=True), (255, 255, 255)),
    "half transparent.png": (uniform("RGBA", (255, 0, 0, 128)), (255, 127, 127)),
    "opaque.png": (uniform("RGBA", (1, 2, 3, 255)), (1, 2, 3)),
    "a transparent color.png": (uniform("RGB", (9, 8, 7), transparency=(9, 8, 7)), (255, 255, 255)),
    "palette.png": (palette((0, 0, 0), (10, 200, 30)), (10, 200, 30)),
    "palette, transparent.png": (palette((0, 0, 0), (10, 200, 30), transparency=1), (255, 255, 255)),
    "palette, half transparent.png": (
        palette((0, 0, 0), (0, 0, 255), transparency=b"\xff\x80"),
        (127, 127, 255),
    ),
    "palette, transparent.gif": (palette((0, 0, 0), (10, 200, 30), transparency=1), (255, 255, 255)),
    "animated.gif": (animated, (255, 0, 0)),
    "printed.jpg": (uniform("CMYK", (0, 255, 255, 0)), (255, 0, 0)),
    "printed.tif": (uniform("CMYK", (0, 0, 0, 255)), (0, 0, 0)),
    "video.tif": (uniform("YCbCr", (128, 128, 128)), (128, 128, 128)),
    "PHOTO.JFIF": (lambda path: Image.new("RGB", (16, 16), (50, 60, 70)).save(path, "JPEG"), (50, 60, 70)),
}


@pytest.mark.parametrize("name", COLORS)
def test_colors_are_those_that_a_person_sees(tmp_path: Path, name: str) -> None:
    write, color = COLORS[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write(tmp_path / name)
        read = np.asarray(read_picture(tmp_path / name)).astype(int)
    assert np.abs(read - color).max() <= 2


TURNED = {
    1: lambda stored: stored,
    2: np.fliplr,
    3: lambda stored: np.rot90(stored, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.rot90(stored, 2).T,
    8: np.rot90,
}


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("orientation", TURNED)
def test_pictures_are_turned_upright(tmp_path: Path, orientation: int, bits: int) -> None:
    stored = RAMP[:8] if bits == 8 else RAMP[:8].astype(np.uint16) * 257
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(stored).save(tmp_path / "1.png", exif=exif)
    assert np.array_equal(np.asarray(read_picture(tmp_path / "1.png"))[..., 0], TURNED[orientation](RAMP[:8]))


def test_training_and_metrics_read_the_same(tmp_path: Path) -> None:
    for name, write in (DEEP | {name: write for name, (write, _) in COLORS.items()}).items():
        (tmp_path / "in/cat").mkdir(parents=True, exist_ok=True)
        write(tmp_path / "in/cat" / name)
    trained_on = ImageFolder(tmp_path / "in", size=16)
    measured = open_images(tmp_path / "in")
    assert trained_on.files == tuple(measured.files) and len(measured) == len(DEEP) + len(COLORS)
    (pixels,) = measured.batches(100)
    assert np.array_equal(trained_on.images.numpy(), pixels.numpy())


def cut_short(path: Path) -> None:
    saved(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))(path)
    path.write_bytes(path.read_bytes()[:3000])


UNREADABLE = {
    "whole numbers.tif": (saved(RAMP.astype(np.int32) * 257), "32 bits"),
    "floats to 255.tif": (saved(RAMP.astype(np.float32)), "not between 0 and 1"),
    "floats below 0.tif": (saved(RAMP.astype(np.float32) / 127.5 - 1), "not between 0 and 1"),
    "floats with NaN.tif": (saved(np.where(RAMP == 7, np.nan, 0).astype(np.float32)), "not between 0 and 1"),
    "phone.heic": (lambda path: path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(40)), "no picture"),
    "web page.png": (lambda path: path.write_bytes(b"<html>not found</html>"), "no picture"),
    "empty.jpg": (lambda path: path.write_bytes(b""), "no picture"),
    "cut short.png": (cut_short, "truncated"),
    "link.png": (lambda path: path.symlink_to("nowhere.png"), "No such file"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str) -> None:
    write, why = UNREADABLE[name]
    folder = tmp_path / "in"
    (folder / "cat").mkdir(parents=True)
    for good in "ab":
        saved(RAMP)(folder / f"cat/{good}.png")
    write(folder / "cat" / name)
    with pytest.raises(PictureError, match=why):
        read_picture(folder / "cat" / name)
    for _ in range(2):  # the second time from what is known
        with pytest.raises(CourseError, match=rf"1 corrupt image: .*cat/{name} \(.*{why}"):
            ImageFolder(folder, size=8)
    assert len(ImageFolder(folder, size=8, skip_corrupt=True)) == 2
    with pytest.raises(CourseError, match=rf"cat/{name} cannot be read as an image \(.*{why}"):
        list(open_images(folder).batches(10))


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """Two cats and two dogs."""
    for name in ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        saved(RAMP)(tmp_path / "in" / name)
    return tmp_path / "in"


STRAY = ["README.md", "LICENSE", "labels.csv", ".DS_Store", "Thumbs.db", "desktop.ini", "._1.png", ".1.png"]


@pytest.mark.parametrize("place", [".", "cat", ".ipynb_checkpoints", "__MACOSX", "__MACOSX/._cat", "empty"])
@pytest.mark.parametrize("name", STRAY)
def test_files_that_are_no_pictures_are_passed_over(classes: Path, place: str, name: str) -> None:
    (classes / place).mkdir(parents=True, exist_ok=True)
    (classes / place / name).write_bytes(b"not a picture")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ImageFolder(classes, size=8).counts() == {"cat": 2, "dog": 2}
        assert len(open_images(classes)) == 4


@pytest.mark.parametrize(
    ("strays", "words"),
    [
        (["preview.png"], "1 picture was left out, not in the folder of a class: preview.png"),
        (["cat/old/1.png", "cat/old/2.JPG"], "2 pictures were left out, .*: cat/old/1.png, cat/old/2.JPG"),
        (["cat/folder.png/1.png"], "1 picture was left out, .*: cat/folder.png/1.png"),
        ([f"dog/more/{i}.png" for i in range(9)], "9 pictures were left out, .* and 4 more"),
    ],
)
def test_pictures_elsewhere_are_counted(classes: Path, strays: list[str], words: str) -> None:
    for stray in strays:
        (classes / stray).parent.mkdir(exist_ok=True)
        saved(RAMP)(classes / stray)
    with pytest.warns(UserWarning, match=words):
        assert ImageFolder(classes, size=8).counts() == {"cat": 2, "dog": 2}
    with pytest.warns(UserWarning, match=words):
        assert len(open_images(classes)) == 4


def test_pictures_without_classes_are_counted_too(tmp_path: Path) -> None:
    saved(RAMP)(tmp_path / "1.png")
    with pytest.raises(CourseError, match="holds no images in folders of a class, but 1 beside them"):
        ImageFolder(tmp_path, size=8)
