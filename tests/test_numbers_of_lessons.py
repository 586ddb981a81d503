"""Numbers in the lessons' prose and model answers are those of the course's own schedules and data."""

from math import exp, log, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import make_swiss_roll

from labkit.data import points
from labkit.networks.perfect import PerfectNetwork
from labkit.plots.explanations import explanations
from labkit.plots.posterior import two_voices
from labkit.schedules import Schedule

ROOT = Path(__file__).parents[1]

LINEAR = Schedule.linear(1000)
SHORT = Schedule.linear(100)  # with the ends of the long one
A_BAR, BEFORE = LINEAR.alphas_cumprod.double(), LINEAR.alphas_cumprod_prev.double()
OF_X_0 = (BEFORE.sqrt() * LINEAR.betas / (1 - A_BAR)).tolist()
OF_X_T = (LINEAR.alphas.double().sqrt() * (1 - BEFORE) / (1 - A_BAR)).tolist()


def prose(lesson: str) -> str:
    """What a lesson says, on one line."""
    (script,) = (ROOT / "solutions").glob(f"*/{lesson}_*.py")
    return " ".join(script.read_text(encoding="utf-8").replace("\n#", "\n").split())


def cosine(T: int) -> torch.Tensor:
    """ᾱ_t [T] of the cosine schedule (Nichol & Dhariwal 2021, Equation 17)."""
    f = torch.cos((torch.arange(T + 1) / T + 0.008) / 1.008 * torch.pi / 2) ** 2
    return f[1:] / f[0]


def share_at_ratio_1(alphas_cumprod: torch.Tensor) -> float:
    """At which share of T signal and noise are equally strong."""
    return (alphas_cumprod > 0.5).sum().item() / len(alphas_cumprod)


def test_02_what_a_tenth_of_the_steps_leaves() -> None:
    said = prose("02")
    assert "${\\alpha}$" not in said  # formulas are written without doubled braces
    assert round(-log(SHORT.alphas_cumprod[-1])) == 1 and round(-log(A_BAR[-1])) == 10
    left, long = SHORT.alphas_cumprod[-1].item(), A_BAR[-1].item()
    assert f"So {100 * left:.0f} % is left, instead of {100 * long:.3f} %" in said
    assert (
        f"$\\alpha_{{500}}$ is {LINEAR.alphas[500]:.2f}, but $\\bar\\alpha_{{500}}$ only {A_BAR[500]:.2f}"
        in said
    )


def test_02_the_windings() -> None:
    """The roll is (φ cos φ, φ sin φ): a winding lies 2π behind the one before; the data have std 2."""
    raw = make_swiss_roll(100_000, random_state=0, hole=True)[0][:, [0, 2]]
    apart = 2 * (2 * pi) / raw.std()
    said = prose("02")
    signal, noise = sqrt(A_BAR[200]), sqrt(1 - A_BAR[200])
    assert f"multiplied by {signal:.2f} and the noise by {noise:.2f}" in said
    assert f"about {apart:.1f} apart, {apart * signal:.1f} after scaling" in said
    assert noise > apart * signal / 3


def test_01_the_average_of_all_explanations() -> None:
    said, guesses = prose("01"), torch.linspace(0, 1, 5)
    for answers, best in (([0.0, 1.0], 0.5), ([0.0, 0.0, 0.0, 1.0], 0.25)):
        errors = (guesses[:, None] - torch.tensor(answers)).square().mean(dim=1)
        assert guesses[errors.argmin()].item() == best == sum(answers) / len(answers)
        assert errors.min() > 0 and str(answers) in said.replace("torch.tensor(", "")
    assert "The best guess is 0.5" in said and "now 0.25 is best" in said


def test_03_who_explains_a_place() -> None:
    said, data = prose("03"), points("swiss_roll", 2000, seed=3)
    assert "x_t=(1.7, 0.2), timesteps=(600, 200, 20)" in said
    counted, between = {}, {}
    for t in (600, 200, 20):
        shares = explanations(data.double().numpy(), np.array([1.7, 0.2]), A_BAR[t].item())
        likeliest = shares.argsort()[::-1]
        counted[t] = likeliest[: int((shares[likeliest].cumsum() < 0.999).sum()) + 1]
        between[t] = np.linalg.norm(data.numpy() - shares @ data.numpy(), axis=1).min()
    assert len(counted[600]) > 0.99 * len(data) and between[200] > 0.3
    # Right of the middle, both windings pass: the inner one near x = 1.4, the outer one near 3.2.
    right = data[counted[200].copy()][:, 0]
    assert (right < 1.6).any() and (right > 3).any()
    assert f"there are {len(counted[20])} of the 2,000 points left that share 99.9 % of the weight" in said
    assert data[counted[20].copy()][:, 0].max() < 1.6


def eight_gaussians_by(schedule: Schedule, noisy: bool) -> tuple[torch.Tensor, float]:
    """How many of 2,048 walks with lesson 03's perfect network end at each Gaussian, and their width.

    By the posterior of lesson 06, with β_t as the steps' variance or without their noise.
    """
    torch.manual_seed(3)
    angles = torch.arange(8) * pi / 4
    centres, spread = 2.81 * torch.stack([angles.cos(), angles.sin()], dim=1), 0.21
    x = torch.randn(2048, 2)
    for t in reversed(range(schedule.num_train_timesteps)):
        beta, alpha, a_bar = schedule.betas[t], schedule.alphas[t], schedule.alphas_cumprod[t]
        before = schedule.alphas_cumprod_prev[t]
        variance = a_bar * spread**2 + 1 - a_bar
        away = x[:, None] - a_bar.sqrt() * centres
        shares = torch.softmax(-away.square().sum(dim=2) / (2 * variance), dim=1)[:, :, None]
        x_0 = (shares * (centres + a_bar.sqrt() * spread**2 / variance * away)).sum(dim=1)
        x = (before.sqrt() * beta * x_0 + alpha.sqrt() * (1 - before) * x) / (1 - a_bar)
        x += beta.sqrt() * torch.randn_like(x) * (noisy and t > 0)
    nearest = torch.cdist(x, centres).min(dim=1)
    width = nearest.values.square().mean().div(2).sqrt().item()
    return nearest.indices.bincount(minlength=8), width


def test_03_what_the_noise_on_the_way_is_good_for() -> None:
    said = prose("03")
    reached, width = eight_gaussians_by(LINEAR, noisy=False)
    assert reached.min() > 180
    assert f"each would come out {width:.2f} wide instead of 0.21" in said
    assert eight_gaussians_by(LINEAR, noisy=True)[1] == pytest.approx(0.21, abs=0.01)
    assert "try `Schedule.linear(20, 0.005, 0.9)`" in said
    few = Schedule.linear(20, 0.005, 0.9)
    assert few.alphas_cumprod[-1] < 1e-4  # it begins at pure noise, as the long one does
    assert eight_gaussians_by(few, noisy=True)[1] > 1.2 * 0.21


def test_04_the_floor_of_the_loss() -> None:
    """With other noise than the lesson's: what is said of the curve is no accident of one draw."""
    said, data = prose("04"), points("swiss_roll", 2**15, seed=1)
    assert (
        f"knows all {len(data):,} points of `data`" in said and 'points("swiss_roll", 2**15, seed=1)' in said
    )
    unseen, perfect = points("swiss_roll", 2048, seed=2), PerfectNetwork(data, LINEAR, "noise")
    floor = {}
    for t in (0, 20, 200, 240, 999):
        noise = torch.randn(unseen.shape, generator=torch.Generator().manual_seed(t))
        x_t = A_BAR[t].sqrt().float() * unseen + (1 - A_BAR[t]).sqrt().float() * noise
        floor[t] = (perfect(x_t, torch.full((len(x_t),), t)) - noise).square().mean().item()
    for t in (0, 20):
        assert floor[t] == pytest.approx(0.5, abs=0.05)
    for t in (200, 240):
        assert floor[t] == pytest.approx(0.7, abs=0.06)
    assert floor[999] < 0.001
    assert "At small $t$ it is 0.5" in said and "it is highest, about 0.7" in said


def test_05_schedules() -> None:
    said = prose("05")
    ratio = A_BAR / (1 - A_BAR)
    assert (ratio < 0.01).double().mean().item() == pytest.approx(1 / 3, abs=0.02)
    assert "in a third of its steps the signal-to-noise ratio is below 1 : 100" in said
    short, long = sqrt(SHORT.alphas_cumprod[-1]), sqrt(A_BAR[-1])
    assert f"and its root {short:.1f} instead of {long:.3f}" in said
    assert SHORT.alphas_cumprod[-1].item() == pytest.approx(exp(-1), rel=0.02)


def test_06_how_much_x_0_counts() -> None:
    said = prose("06")

    def word(t: int) -> float:
        by_x_t, by_x_0 = two_voices(LINEAR, t, 0.0, 0.0)
        return by_x_t.variance / (by_x_t.variance + by_x_0.variance)

    assert word(0) == 1
    counts = f"At $t = 5$ what it says has a weight of {word(5):.0%}, at $t = 50$ of only {word(50):.0%}"
    assert counts in said.replace(" %", "%")
    assert f"({word(999):.0%} at $t = 999$)" in said.replace(" %", "%")


def test_08_the_numbers_of_stable_diffusion() -> None:
    said = prose("08")
    assert f"64 × 64 × 4 numbers, {512 * 512 * 3 // (64 * 64 * 4)} times fewer" in said
    ends = (0.00085, 0.012)
    assert f"with the ends {ends[0]} and {ends[1]}" in said
    quad, linear = Schedule.quad(1000, *ends), torch.linspace(ends[0] ** 0.5, ends[1] ** 0.5, 1000) ** 2
    assert torch.allclose(quad.betas, linear, atol=1e-6)  # "scaled linear", as its own code calls it


def test_06_factors_of_the_posterior_mean() -> None:
    said = prose("06")
    assert OF_X_T[0] == 0
    numbers = f"0 at $t = 0$, {OF_X_T[1]:.2f} at 1, {OF_X_T[10]:.2f} at 10 and {OF_X_T[100]:.2f} at 100"
    assert numbers in said
    root = sqrt(A_BAR[999])
    assert (
        f"= {root:.4f}$" in said
        and f"is divided by {root:.4f}, so 0.01 becomes about {0.01 / root:.1f}" in said
    )
    assert f"\\approx {OF_X_0[999]:.5f}$" in said and f"becomes {1.6 * OF_X_0[999]:.4f}" in said


@pytest.mark.parametrize(("T", "of_noise", "of_mean"), [(100, "0.037", "0.34"), (1000, "0.034", "about 3")])
def test_07_errors_in_the_middle_of_the_way(T: int, of_noise: str, of_mean: str) -> None:
    schedule = Schedule.linear(T, 0.1 / T, 20 / T)
    t = T // 2
    signal, before = (table[t].item() for table in (schedule.alphas_cumprod, schedule.alphas_cumprod_prev))
    assert f"{0.01 * sqrt(1 - signal) / sqrt(signal):.3f}" == of_noise
    factor = sqrt(before) * schedule.betas[t].item() / (1 - signal)
    assert 0.01 / factor == pytest.approx(float(of_mean.split()[-1]), rel=0.15)
    assert of_noise in prose("07") and of_mean in prose("07")


def test_07_where_signal_and_noise_are_equally_strong() -> None:
    T = 1000
    cumprods = [cosine(T), Schedule.quad(T, 0.1 / T, 20 / T).alphas_cumprod, A_BAR]
    shares = [share_at_ratio_1(one) for one in cumprods]
    assert "passed at about {:.2f}, {:.2f} and {:.2f} of $T$".format(*shares) in prose("07")
