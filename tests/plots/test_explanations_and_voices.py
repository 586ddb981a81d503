"""Averages of explanations, and the posterior as a product of two voices: what theory says they are."""

import numpy as np
import pytest
import torch

from labkit.data import points
from labkit.networks.perfect import PerfectNetwork
from labkit.plots import plot_explanations
from labkit.plots.explanations import explanations
from labkit.plots.posterior import Bell, explore_posterior, two_voices
from labkit.plots.style import Picture
from labkit.schedules import Schedule

SCHEDULE = Schedule.linear(1000)
DATA = points("swiss_roll", 2000, seed=3)


def test_the_average_of_all_explanations_is_what_the_perfect_network_answers() -> None:
    x = torch.tensor([[1.7, 0.2]])
    for t in (5, 20, 200, 600, 999):
        alpha_bar = SCHEDULE.alphas_cumprod[t].item()
        shares = explanations(DATA.double().numpy(), x[0].double().numpy(), alpha_bar)
        assert shares.sum() == pytest.approx(1) and (shares >= 0).all()
        average = shares @ DATA.double().numpy()
        perfect = PerfectNetwork(DATA, SCHEDULE, "x0")(x, torch.tensor([t]))[0]
        assert np.allclose(average, perfect, atol=2e-3)


def test_the_figure_says_what_it_shows() -> None:
    shown = plot_explanations(DATA, SCHEDULE, (1.7, 0.2), (600, 20))
    assert "at t = 600 1994 of 2000 points" in shown.alt and "at t = 20 61 of 2000 points" in shown.alt
    assert plot_explanations(DATA, SCHEDULE, (1.7, 0.3), (600, 20)).data != shown.data
    one = plot_explanations(DATA[:1], SCHEDULE, (1.7, 0.2), [0])
    assert "1 of 1 points" in one.alt


@pytest.mark.parametrize(
    ("x_t", "timesteps", "sentence"),
    [
        ((1.0,), [5], r"\[x_t\] must hold points"),
        ((1.0, 2.0), [], "timesteps"),
        ((1.0, 2.0), [1000], "0 … 999"),
    ],
)
def test_wrong_input_is_named(x_t: tuple, timesteps: list[int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        plot_explanations(DATA, SCHEDULE, x_t, timesteps)


@pytest.mark.parametrize("t", [0, 1, 5, 50, 500, 999])
def test_both_voices_together_are_the_posterior(t: int) -> None:
    """Ho et al. 2020, Equations 6 and 7, in float64."""
    x_t, x_0 = 0.7, -1.1
    beta, alpha, a_bar, before = (
        table[t].item()
        for table in (SCHEDULE.betas, SCHEDULE.alphas, SCHEDULE.alphas_cumprod, SCHEDULE.alphas_cumprod_prev)
    )
    by_x_t, by_x_0 = two_voices(SCHEDULE, t, x_t, x_0)
    both = by_x_t.times(by_x_0)
    mean = before**0.5 * beta / (1 - a_bar) * x_0 + alpha**0.5 * (1 - before) / (1 - a_bar) * x_t
    assert both.mean == pytest.approx(mean, rel=2e-3)  # the schedule's tables are float32
    assert both.variance == pytest.approx((1 - before) / (1 - a_bar) * beta, rel=2e-3)
    if t == 0:
        assert both == Bell(x_0, 0.0)


def test_a_product_of_bells_is_their_product() -> None:
    one, other = Bell(0.3, 0.5), Bell(-1.0, 0.2)
    x = np.linspace(-3, 3, 7)
    product = one.height(x) * other.height(x)
    both = one.times(other).height(x)
    assert np.allclose(product / product[3], both / both[3])


def test_the_widget_answers_every_slider_from_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "lesson.ipynb")
    bar, text, image = explore_posterior(SCHEDULE).children
    t, x_t, x_0 = bar.children
    assert [one.description for one in bar.children] == ["timestep t", "x_t", "x_0"]
    assert (t.min, t.max) == (0, 999)
    for control, value in ((x_t, -3.0), (x_0, 2.0), (t, 999), (t, 0)):
        before = image.value
        control.value = value
        assert image.value != before
    assert "both: their product 2.000 ± 0.000" in text.value and "counts 100.0%" in text.value


@pytest.mark.parametrize("T", [1, 2, 1000])
def test_without_a_front_end_it_is_a_small_still_picture(monkeypatch: pytest.MonkeyPatch, T: int) -> None:
    for name in ("JPY_SESSION_NAME", "VSCODE_PID", "VSCODE_CWD", "KAGGLE_KERNEL_RUN_TYPE"):
        monkeypatch.delenv(name, raising=False)
    still = explore_posterior(Schedule.linear(T))
    assert isinstance(still, Picture) and len(still.data) < 40 * 1024
    assert "t = 0: what x_t says" in still.alt and f"t = {T - 1}: " in still.alt
