"""Makes docs/screenshots/, the README's pictures, from what the browser tests saw: `make screenshots`."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
SEEN, KEPT = ROOT / "build" / "screenshots", ROOT / "docs" / "screenshots"
PICTURES = {
    "mistake": "student-2-mistake-light",
    "right": "student-5-slider-light",
    "formgrader": "instructor-3-graded-by-hand",
    "feedback": "instructor-5-feedback-light",
}
"""name → the test's picture"""


def main() -> None:
    """Each with 256 colours of its own: a third of the bytes, and no difference to the eye."""
    KEPT.mkdir(exist_ok=True)
    for name, seen in PICTURES.items():
        with Image.open(SEEN / f"{seen}.png") as picture:
            small = picture.convert("RGB").quantize(256, kmeans=3, dither=Image.Dither.NONE)
            small.save(KEPT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
