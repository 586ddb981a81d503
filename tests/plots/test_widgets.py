"""Widgets: alive where somebody can move them, a still picture elsewhere."""

import os
import sys

import ipywidgets
import nbclient
import nbformat
import pytest
import torch

from labkit.data import points
from labkit.errors import CourseError
from labkit.plots import widgets
from labkit.plots.style import Picture
from labkit.sampling import Trajectory
from labkit.schedules import Schedule

SCHEDULE = Schedule.linear(100)
X0 = points("eight_gaussians", 300, seed=0)
TRAJECTORY = Trajectory([2, 1, 0, -1], torch.randn(4, 200, 2, generator=torch.Generator().manual_seed(0)))
FRONT_ENDS = ("JPY_SESSION_NAME", "VSCODE_PID", "VSCODE_CWD", "KAGGLE_KERNEL_RUN_TYPE")


def straight_line(schedule, x0, t, noise=None):
    """Some path from data to noise (the course's is another one): enough to see points move."""
    share = (t / (schedule.num_train_timesteps - 1))[:, None]
    return (1 - share) * x0 + share * noise


@pytest.fixture(autouse=True)
def no_front_end(monkeypatch):
    for name in FRONT_ENDS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def front_end(monkeypatch, no_front_end):
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")


def parts(box):
    """The controls, the line of text and the image of a live widget."""
    bar, text, image = box.children
    return bar.children, text, image


@pytest.mark.parametrize(
    ("name", "value", "there"),
    [
        ("JPY_SESSION_NAME", "lesson.ipynb", True),
        ("VSCODE_PID", "1", True),
        ("VSCODE_CWD", "folder", True),
        ("KAGGLE_KERNEL_RUN_TYPE", "Interactive", True),
        ("KAGGLE_KERNEL_RUN_TYPE", "Batch", False),
    ],
)
def test_front_ends_are_known_by_their_environment(monkeypatch, name, value, there):
    assert not widgets.has_front_end()
    monkeypatch.setenv(name, value)
    assert widgets.has_front_end() is there


def test_colab_is_a_front_end(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert widgets.has_front_end()


@pytest.mark.parametrize(
    "explore",
    [
        lambda: widgets.explore_forward(straight_line, SCHEDULE, X0),
        widgets.explore_schedule,
        lambda: widgets.explore_noising(X0),
        lambda: widgets.play_trajectory(TRAJECTORY),
    ],
)
def test_without_a_front_end_there_is_a_small_still_picture(explore):
    still = explore()
    assert isinstance(still, Picture) and len(still.data) < 40 * 1024
    assert explore().data == still.data


def test_the_forward_slider_moves_the_same_noise(front_end):
    seen = []
    box = widgets.explore_forward(
        lambda s, x0, t, noise: seen.append(noise) or straight_line(s, x0, t, noise), SCHEDULE, X0
    )
    (slider,), text, image = parts(box)
    assert slider.description == "timestep t" and (slider.min, slider.max) == (0, 99)
    at_start = image.value
    slider.value = 60
    assert image.value != at_start and bytes(image.value).startswith(b"\x89PNG")
    alpha_bar = SCHEDULE.alphas_cumprod[60].item()
    assert f"{alpha_bar**0.5:.3f}" in text.value and f"{(1 - alpha_bar) ** 0.5:.3f}" in text.value
    slider.value = 0
    assert image.value == at_start
    assert all(torch.equal(noise, seen[0]) for noise in seen)


def test_the_slider_of_small_steps_goes_from_the_data_into_noise(front_end):
    (slider,), text, image = parts(widgets.explore_noising(X0))
    assert (slider.min, slider.max, slider.description) == (0, 1000, "steps of noise")
    at_start = image.value
    slider.value = 1000
    assert image.value != at_start and "after 1000 of 1000 small steps" in text.value
    slider.value = 0
    assert image.value == at_start


def raises(*_):
    raise NotImplementedError("TODO <q_sample>: write it")


@pytest.mark.parametrize(
    ("q_sample", "sentence"),
    [
        (raises, "q_sample stopped at t = 0 with NotImplementedError: TODO <q_sample>: write it"),
        (lambda s, x0, t, noise: None, "at t = 0 it gave a NoneType"),
        (lambda s, x0, t, noise: x0[:, :1], r"at t = 0 it gave shape [300, 1]"),
        (lambda s, x0, t, noise: x0 * float("nan"), "not finite at t = 0"),
    ],
)
def test_a_broken_q_sample_becomes_a_sentence(monkeypatch, q_sample, sentence):
    with pytest.raises(CourseError) as stopped:
        widgets.explore_forward(q_sample, SCHEDULE, X0)
    assert sentence in str(stopped.value)
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    _, text, image = parts(widgets.explore_forward(q_sample, SCHEDULE, X0))
    assert sentence.replace("<", "&lt;").replace(">", "&gt;") in text.value
    assert image.layout.display == "none"


def test_the_picture_comes_back_where_q_sample_works_again(front_end):
    def fails_late(schedule, x0, t, noise):
        return raises() if t[0] > 50 else straight_line(schedule, x0, t, noise)

    (slider,), text, image = parts(widgets.explore_forward(fails_late, SCHEDULE, X0))
    slider.value = 70
    assert "stopped at t = 70" in text.value and image.layout.display == "none"
    slider.value = 40
    assert "√ᾱ_t" in text.value and image.layout.display is None


def test_every_control_of_the_schedule_changes_the_picture(front_end):
    controls, text, image = parts(widgets.explore_schedule())
    assert [c.description for c in controls] == ["schedule", "T", "beta_start", "beta_end"]
    for control, value in zip(controls, ("quad", 500, 1e-3, 0.1), strict=True):
        before = image.value
        control.value = value
        assert image.value != before
    left = Schedule.quad(500, 1e-3, 0.1).alphas_cumprod[-1].item() ** 0.5
    assert f"{left:.2g}" in text.value


def test_the_player_ends_at_the_samples(front_end):
    (play, slider), text, image = parts(widgets.play_trajectory(TRAJECTORY))
    assert isinstance(play, ipywidgets.Play) and play.max == slider.max == 3
    before = image.value
    slider.value = 3
    assert image.value != before and "samples x_0" in text.value


def test_wrong_points_are_named():
    with pytest.raises(ValueError, match=r"x0 must hold points .* \[5\]"):
        widgets.explore_forward(straight_line, SCHEDULE, torch.zeros(5))
    with pytest.raises(ValueError, match=r"x0 must hold points .* \[5\]"):
        widgets.explore_noising(torch.zeros(5))
    with pytest.raises(ValueError, match="a trajectory of points"):
        widgets.play_trajectory(Trajectory([1, -1], torch.zeros(2, 3, 4, 4)))


def test_a_notebook_cell_shows_each_figure_once_and_no_other_text(tmp_path):
    cells = [
        "import torch\nfrom labkit.plots import plot_losses, animate_trajectory\n"
        "from labkit.plots.widgets import explore_schedule, explore_forward\nfrom labkit.data import points\n"
        "from labkit.sampling import Trajectory\nfrom labkit.schedules import Schedule",
        "plot_losses({'a': [3.0, 2.0, 1.0]})",
        "%matplotlib inline\nanimate_trajectory(Trajectory([0, -1], torch.rand(2, 50, 2)))",
        "explore_schedule()",
        "explore_forward(lambda *_: 1 / 0, Schedule.linear(10), points('eight_gaussians', 50, 0))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = nbclient.NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}, allow_errors=True)
    client.execute(env=dict(os.environ))
    assert notebook.cells[0].outputs == []
    for cell in notebook.cells[1:4]:
        (output,) = cell.outputs
        assert set(output.data) == {"image/png", "text/plain"}
        assert output.data["text/plain"] == output.metadata["image/png"]["alt"]
    (broken,) = notebook.cells[4].outputs
    assert broken.traceback == [
        "CourseError: q_sample stopped at t = 0 with ZeroDivisionError: division by zero"
    ]
