"""Pictures of images: what is shown is what was given; alive with a front end, still without."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from labkit.errors import CourseError
from labkit.plots import image_widgets, plot_error_weights, plot_images, plot_rows
from labkit.plots.images import as_pictures
from labkit.plots.style import Picture
from labkit.sampling import Trajectory
from labkit.schedules import Schedule

SCHEDULES = {"linear": Schedule.linear(50), "quad": Schedule.quad(50)}
RED = torch.tensor([255, 0, 0], dtype=torch.uint8).reshape(1, 3, 1, 1).expand(5, 3, 8, 8)
BLUE = torch.tensor([-1.0, -1.0, 1.0]).reshape(1, 3, 1, 1).expand(5, 3, 8, 8)


@pytest.fixture(autouse=True)
def no_front_end(monkeypatch):
    for name in ("JPY_SESSION_NAME", "VSCODE_PID", "VSCODE_CWD", "KAGGLE_KERNEL_RUN_TYPE"):
        monkeypatch.delenv(name, raising=False)


def half_noise(schedule, x0, t, eps):
    """Some way to mix (the course's is another one)."""
    return (x0 + eps) / 2, eps


def shares(shown: Picture) -> tuple[float, float]:
    """Which share of the picture is pure red, and pure blue."""
    pixels = np.asarray(Image.open(io.BytesIO(shown.data)).convert("RGB"))
    return tuple(float((pixels == color).all(axis=2).mean()) for color in ((255, 0, 0), (0, 0, 255)))


def test_pixels_and_numbers_in_minus_one_to_one_are_the_same_picture():
    numbers = torch.tensor([-1.0, 0.0, 1.0, 7.0, -9.0, float("nan")]).reshape(1, 1, 1, 6).expand(2, 3, 4, 6)
    assert as_pictures("x", numbers)[0, 0, :, 0].tolist() == [0, 128, 255, 255, 0, 128]
    assert (as_pictures("x", RED)[..., 0] == 255).all()


def test_every_row_is_shown_with_its_colour_and_named_in_words():
    shown = plot_rows({"red": RED, "blue": BLUE}, ["a", "b", "c", "d", "e"])
    red, blue = shares(shown)
    assert red > 0.2 and abs(red - blue) < 0.02
    assert "red, blue" in shown.alt and "a, b, c, d, e" in shown.alt
    assert plot_rows({"red": RED, "blue": BLUE}, ["a", "b", "c", "d", "e"]).data == shown.data
    assert shares(plot_images(RED, columns=3))[0] > 0.2  # beside white, in a figure as wide as the others


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plot_images(torch.zeros(3, 8, 8)), r"\[N, 3, H, W\]"),
        (lambda: plot_rows({}), "at least one"),
        (lambda: plot_rows({"a": RED, "b": RED[:2]}), r"a: \[5, 3, 8, 8\], b: \[2, 3, 8, 8\]"),
        (lambda: plot_rows({"a": RED}, ["one"]), "1 headings cannot stand above 5"),
        (lambda: image_widgets.play_images({"a": Trajectory([0, -1], RED)}), "trajectories"),
    ],
)
def test_other_shapes_are_refused_in_words(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


def test_the_slider_shows_what_add_noise_makes(monkeypatch):
    still = image_widgets.explore_image_noise(half_noise, SCHEDULES, BLUE)
    assert isinstance(still, Picture) and "t = 49" in still.alt
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")

    def by_time(schedule, x0, t, eps):
        return x0 * (1 if t[0] == 0 else -1), eps

    bar, text, image = image_widgets.explore_image_noise(by_time, SCHEDULES, BLUE).children
    first = bytes(image.value)
    bar.children[0].value = 49
    assert bytes(image.value) != first and "t = 49" in text.value


@pytest.mark.parametrize(
    ("add_noise", "words"),
    [
        (lambda schedule, x0, t, eps: x0, "must return"),
        (lambda schedule, x0, t, eps: (x0[:, :1], eps), "shaped like x0"),
        (lambda schedule, x0, t, eps: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_is_wrong_with_add_noise_is_one_sentence(add_noise, words):
    with pytest.raises(CourseError, match=words):
        image_widgets.explore_image_noise(add_noise, SCHEDULES, BLUE)


def test_the_player_moves_through_the_snapshots(monkeypatch):
    trajectory = Trajectory([1, 0, -1], torch.stack([BLUE, -BLUE, BLUE.flip(1)]))
    still = image_widgets.play_images({"one": trajectory, "two": trajectory})
    assert isinstance(still, Picture) and "samples x_0" in still.alt
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    bar, text, image = image_widgets.play_images({"one": trajectory}).children
    seen = []
    for snapshot in range(3):
        bar.children[1].value = snapshot
        seen.append(bytes(image.value))
    assert len(set(seen)) == 3 and "samples x_0" in text.value


def test_error_weights_are_described():
    assert "noise and mean" in plot_error_weights(SCHEDULES["linear"]).alt
