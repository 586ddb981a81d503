"""Numbers in the lessons' prose and model answers are those of the course's own schedules and data."""

from math import exp, log, pi, sqrt
from pathlib import Path

import pytest
import torch
from sklearn.datasets import make_swiss_roll

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


def test_05_schedules() -> None:
    said = prose("05")
    ratio = A_BAR / (1 - A_BAR)
    assert (ratio < 0.01).double().mean().item() == pytest.approx(1 / 3, abs=0.02)
    assert "in a third of its steps the signal-to-noise ratio is below 1 : 100" in said
    short, long = sqrt(SHORT.alphas_cumprod[-1]), sqrt(A_BAR[-1])
    assert f"and its root {short:.1f} instead of {long:.3f}" in said
    assert SHORT.alphas_cumprod[-1].item() == pytest.approx(exp(-1), rel=0.02)


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
