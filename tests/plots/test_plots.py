"""Figures: one small PNG each, described, always the same bytes; clear words about wrong input."""

import io

import matplotlib
import numpy as np
import pytest
import torch
from PIL import Image

from labkit import plots
from labkit.data import points
from labkit.plots import score as score_module
from labkit.plots.style import FULL_WIDTH
from labkit.sampling import Trajectory
from labkit.schedules import Schedule

KIB = 1024
DATA = points("swiss_roll", 2048, seed=0)
SCHEDULE = Schedule.linear(100)
NOISE = torch.randn(24, 2048, 2, generator=torch.Generator().manual_seed(0))
TRAJECTORY = Trajectory([*range(22, -1, -1), -1], NOISE)


def toward_origin(x, t):
    """The exact noise prediction for data that are all at the origin: x_t = √(1 − ᾱ_t) ε."""
    return x / (1 - SCHEDULE.alphas_cumprod[t]).sqrt()[:, None]


FIGURES = {
    "data_and_prior": lambda: plots.plot_data_and_prior(DATA),
    "forward": lambda: plots.plot_forward(NOISE[:10], range(10)),
    "losses": lambda: plots.plot_losses({"a": NOISE[0, :, 0].exp(), "b": NOISE[1, :, 0].exp().tolist()}),
    "over_time": lambda: plots.plot_over_time({"a": NOISE[0, :, 0].sin(), "b": NOISE[0].cos()}),
    "explanations": lambda: plots.plot_explanations(DATA, SCHEDULE, (1.7, 0.2), (60, 20, 2)),
    "loss_by_time": lambda: plots.plot_loss_by_time(
        range(5), {"a": [3, 2, 1, 1, 0], "b": NOISE[0, :5, 0].exp()}
    ),
    "samples": lambda: plots.plot_samples({"a": NOISE[0], "b": NOISE[1], "c": NOISE[2]}, DATA),
    "schedules": lambda: plots.plot_schedules({"linear": SCHEDULE, "quad": Schedule.quad(1000)}),
    "score_field": lambda: plots.plot_score_field(toward_origin, SCHEDULE, 50, DATA),
    "animation": lambda: plots.animate_trajectory(TRAJECTORY),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_one_small_png_with_a_description(name):
    shown = FIGURES[name]()
    data, metadata = shown._repr_mimebundle_()
    assert list(data) == ["image/png"]
    assert metadata["image/png"]["alt"] == repr(shown) and len(repr(shown)) > 40
    assert len(shown.data) < (120 if name == "animation" else 45) * KIB
    with Image.open(io.BytesIO(shown.data)) as image:
        image.load()
        assert not {"Software", "Creation Time", "date"} & set(image.info)
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    "name", [*sorted(FIGURES.keys() - {"animation"}), "one_panel", "images", "error_weights"]
)
def test_a_figure_fills_a_notebooks_column_and_is_not_blown_up(name):
    """A front end shows a picture with as many pixels as it has, or shrinks it to its column."""
    more = {
        "one_panel": lambda: plots.plot_samples({"a": NOISE[0]}, DATA),
        "images": lambda: plots.plot_images(torch.zeros(3, 3, 8, 8)),
        "error_weights": lambda: plots.plot_error_weights(SCHEDULE),
    }
    shown = (FIGURES | more)[name]()
    _, metadata = shown._repr_mimebundle_()
    assert not {"width", "height"} & set(metadata["image/png"])
    with Image.open(io.BytesIO(shown.data)) as image:
        assert image.width == FULL_WIDTH == 1296 and image.height < 0.7 * image.width


@pytest.mark.parametrize("name", FIGURES)
def test_same_inputs_give_the_same_bytes_whatever_matplotlib_is_set_to(name):
    before = FIGURES[name]().data
    with matplotlib.rc_context({"axes.facecolor": "black", "figure.dpi": 30, "font.size": 20}):
        assert FIGURES[name]().data == before
        assert matplotlib.rcParams["font.size"] == 20


def test_other_inputs_give_another_picture():
    assert plots.plot_data_and_prior(DATA).data != plots.plot_data_and_prior(-DATA).data


def test_the_animation_loops_over_24_frames_and_rests_on_the_samples():
    with Image.open(io.BytesIO(plots.animate_trajectory(TRAJECTORY).data)) as image:
        assert image.n_frames == 25 and image.info["loop"] == 0  # one more: the still for other viewers
        still = np.asarray(image.convert("RGB"))
        image.seek(1)
        first, first_ms = np.asarray(image.convert("RGB")), image.info["duration"]
        image.seek(24)
        last, last_ms = np.asarray(image.convert("RGB")), image.info["duration"]
    assert last_ms > 10 * first_ms
    assert (still == last).all() and (first != last).any()


def test_score_arrows_are_the_gradient_of_the_log_density(monkeypatch):
    figures = []
    monkeypatch.setattr(score_module, "picture", lambda figure, alt: figures.append(figure))
    plots.plot_score_field(toward_origin, SCHEDULE, 50, DATA)
    arrows = next(artist for artist in figures[0].axes[0].collections if hasattr(artist, "U"))
    spots, directions = np.asarray(arrows.XY), np.stack([arrows.U, arrows.V], axis=1)
    exact = -spots / (1 - SCHEDULE.alphas_cumprod[50].item())  # the gradient of log N(x; 0, (1 − ᾱ_t) I)
    strength = np.linalg.norm(exact, axis=1)
    np.testing.assert_allclose(directions, exact / strength[:, None], atol=1e-5)
    np.testing.assert_allclose(arrows.get_array(), strength, rtol=1e-5)


def test_samples_out_of_sight_are_not_hidden():
    few = DATA[:1000]
    half_nan = few.clone()
    half_nan[::2] = float("nan")
    assert plots.plot_samples({"a": half_nan}, few).data != plots.plot_samples({"a": few[1::2]}, few).data


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: plots.plot_data_and_prior(torch.zeros(5, 3)), r"data must hold points .* \[5, 3\]"),
        (lambda: plots.plot_data_and_prior(torch.zeros(0, 2)), r"\[0, 2\]"),
        (lambda: plots.plot_data_and_prior(torch.full((5, 2), float("nan"))), "data holds no finite point"),
        (lambda: plots.plot_forward(NOISE[:3], [1, 2]), r"each of the 2 timesteps; got shape \[3, 2048, 2\]"),
        (lambda: plots.plot_forward(NOISE[0], [1, 2]), r"x_ts must have shape \[K, N, 2\]"),
        (lambda: plots.plot_forward(torch.zeros(2, 4, 3), [1, 2]), r"x_t at t = 1 .* \[4, 3\]"),
        (lambda: plots.plot_losses({}), "at least one run"),
        (lambda: plots.plot_losses({"a": [[1.0]]}), r"losses\['a'\] must be one number for each step"),
        (lambda: plots.plot_losses({"a": [0.0, float("nan")]}), "no positive number"),
        (lambda: plots.plot_loss_by_time([0], {}), "at least one network"),
        (
            lambda: plots.plot_loss_by_time([0], {"a": [1.0, 2.0]}),
            r"each of the 1 timesteps; got shape \[2\]",
        ),
        (lambda: plots.plot_samples({}, DATA), "at least one set"),
        (lambda: plots.plot_samples({"a": torch.zeros(4)}, DATA), r"samples\['a'\] must hold points"),
        (lambda: plots.plot_schedules({}), "at least one"),
        (lambda: plots.plot_schedules({"a": SCHEDULE.betas}), "must be a Schedule, not a Tensor"),
        (lambda: plots.plot_score_field(toward_origin, SCHEDULE, 100, DATA), "t must lie in 0 … 99, got 100"),
        (lambda: plots.plot_score_field(toward_origin, SCHEDULE, -1, DATA), "got -1"),
        (
            lambda: plots.plot_score_field(lambda x, t: x[:1], SCHEDULE, 5, DATA),
            r"shaped like x, .* got \[1, 2\]",
        ),
        (lambda: plots.plot_score_field(lambda x, t: None, SCHEDULE, 5, DATA), "got NoneType"),
        (lambda: plots.animate_trajectory(Trajectory([1, -1], NOISE)), "24, 2048, 2.* and 2 timesteps"),
        (lambda: plots.animate_trajectory(Trajectory([1, -1], NOISE[:2, :, :1])), "snapshot at t = 1"),
    ],
)
def test_wrong_input_is_named(draw, sentence):
    with pytest.raises(ValueError, match=sentence):
        draw()


@pytest.mark.parametrize("panels", [{}, {"a": torch.zeros(2, 3, 4)}, {"a": torch.zeros(0)}, {"a": 1.0}])
def test_curves_over_time_need_timesteps(panels):
    with pytest.raises(ValueError, match="panels"):
        plots.plot_over_time(panels)
