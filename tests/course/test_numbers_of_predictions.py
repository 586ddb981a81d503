"""Every number in the reasons of the predictions is computed here, or read off what the lessons print."""

import re
from math import pi, sqrt
from pathlib import Path

import nbformat
import pytest
import torch
from sklearn.datasets import make_swiss_roll

from labkit.course.predictions import QUESTIONS, Number
from labkit.course.syllabus import assignment_of
from labkit.data import ToyFaces
from labkit.networks import TimeEmbedding, TimeLinear
from labkit.predictors import PREDICTORS
from labkit.schedules import Schedule

ROOT = Path(__file__).parents[2]
LINEAR, QUAD = Schedule.linear(1000), Schedule.quad(1000)
A_BAR = LINEAR.alphas_cumprod.double()


def demand(name: str, *parts: str, right: str | None = None) -> None:
    """Its reason has each of these parts, in this order, and no digit beside them."""
    rest = QUESTIONS[name].because
    for part in parts:
        before, found, rest = rest.partition(part)
        assert found and not re.search(r"\d", before), f"{part!r} is not next in {before + found + rest!r}"
    assert not re.search(r"\d", rest), rest
    if right is not None:
        assert QUESTIONS[name].right == right


def printed(lesson: str) -> str:
    """All that the solved lesson prints, and what its pictures say of themselves."""
    path = ROOT / "solutions" / str(assignment_of(lesson)) / f"{lesson}.ipynb"
    outputs = [
        output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])
    ]
    return "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


def value(pattern: str, lesson: str) -> float:
    return float(re.search(pattern, printed(lesson))[1])


def test_waves() -> None:
    waves = TimeEmbedding(dim=128, num_timesteps=1000).waves
    near, far = (waves[501] - waves[500]).abs(), (waves[920] - waves[230]).abs()
    demand(
        "waves",
        "t = 500 to 501",
        f"by {near[20]:.2f} and the slow one by {near[85]:.3f}",
        f"from 230 to 920 the slow one moves by {far[85]:.1f}",
        "k = 50 is back at the same height",
        f"every {2 * pi * 10000 ** (50 / 128):.0f} timesteps",
    )
    assert far[50] < 0.01 and near[20] > near[50] and far[85] > far[20]


def test_clocks() -> None:
    layers = [TimeLinear(*dims, 1000) for dims in ((2, 128), (128, 128), (128, 128), (128, 2))]
    counts = [
        [sum(p.numel() for name, p in layer.named_parameters() if ("time_embedding" in name) == clock)
         for clock in (True, False)]
        for layer in layers
    ]  # fmt: skip
    clocks, own = counts[1]
    demand(
        "clocks",
        "256 numbers",
        f"{clocks:,} parameters",
        f"only {own:,}",
        right=f"{share(counts):.0%}".replace("%", " %"),
    )
    assert layers[1].time_embedding.waves.shape[1] == 256


def share(counts: list[list[int]]) -> float:
    return sum(clocks for clocks, _ in counts) / sum(map(sum, counts))


def test_what_the_forward_process_leaves() -> None:
    assert LINEAR.betas.max().item() == pytest.approx(0.02)
    demand("signal_left", "501 factors", "at least 0.98", f"only {A_BAR[500]:.2f}")
    demand("roll_gone", "at t = 300", f"{A_BAR[300].sqrt():.2f} of its x0", right="between t = 100 and 300")
    std = [f"{(1 + 3 * A_BAR[t]).sqrt():.2f} at" for t in (400, 500, 600)]
    demand(
        "std_one",
        "variance is 4",
        "4 ᾱ_t + (1 − ᾱ_t)",
        f"{std[0]} t = 400",
        f"{std[1]} 500",
        f"{std[2]} 600",
        "last 400 steps",
    )
    assert 4 * A_BAR[0] + 1 - A_BAR[0] == pytest.approx(1 + 3 * A_BAR[0])
    question = QUESTIONS["std_one"]
    assert isinstance(question, Number)
    far, near = ((1 + 3 * A_BAR[t]).sqrt().item() for t in (question.lowest, question.highest))
    assert far < 1.2 and near < 1.01


def test_walks_with_a_perfect_network() -> None:
    each = 2048 / 8
    demand(
        "eight_shares",
        f"about {each:.0f}",
        "2,048 points",
        f"gives {sqrt(each * 7 / 8):.0f} more or less",
        "0.21 wide",
    )
    lesson = "03_reverse_process"
    counts = re.search(r"points at each Gaussian\s+\[(.*)\]", printed(lesson))[1].split(",")
    assert all(abs(int(count) - each) < 3 * sqrt(each * 7 / 8) for count in counts)
    assert value(r"their standard deviation\s+([\d.]+)", lesson) == 0.21
    settled = {t: value(rf"\n *{t} +(\d+)%", lesson) / 100 for t in (999, 633, 350, 150)}
    assert [settled[t] for t in (633, 350, 150)] == pytest.approx([1 / 6, 1 / 2, 19 / 20], abs=0.03)
    assert settled[999] == pytest.approx(1 / 8, abs=0.03)
    demand("same_start", "t = 633", "350", "19 of 20 at 150", right="in several, settled by t = 150")


def test_what_training_gives() -> None:
    lesson = "04_train_and_evaluate"
    assert value(r"loss of the untrained network: ([\d.]+)", lesson) == 1
    demand(
        "untrained_loss",
        "answer of 0",
        "its variance, 1; 2 would be the sum over both",
        "and 0 needs",
        right="1",
    )
    demand("loss_stays", "above 0", "reach 0")
    assert value(r"your model to the data +([\d.]+)", lesson) < 2
    plain, averaged, ours = (
        value(rf"distance, {name} +([\d.]+)", lesson)
        for name in ("plain, last weights", "plain, averaged", "decay, large batches")
    )
    assert plain > 10 * ours and plain > averaged > 5 * ours
    demand("two_recipes")


def test_arrows() -> None:
    raw = make_swiss_roll(100_000, random_state=0, hole=True)[0][:, [0, 2]]
    apart = 2 * (2 * pi) / raw.std()
    demand(
        "arrows",
        f"At t = 500 the windings have shrunk to {apart * A_BAR[500].sqrt():.1f} apart",
        f"deviation {(1 - A_BAR[500]).sqrt():.2f}",
        f"at t = 20 they are {apart * A_BAR[20].sqrt():.2f} apart",
        f"the noise is {(1 - A_BAR[20]).sqrt():.2f}",
    )


def test_schedules() -> None:
    gone = [int((one.alphas_cumprod < 0.5).nonzero()[0]) for one in (LINEAR, QUAD)]
    demand(
        "face_gone",
        "/ (1 − ᾱ_t) falls below 1",
        f"t = {gone[0]} under linear",
        f"at {gone[1]}",
        right="linear, by more than 100 steps",
    )
    assert (QUAD.betas[1:-1] < LINEAR.betas[1:-1]).all() and gone[1] - gone[0] > 100
    u = torch.tensor([0, 501]) / 1000
    f = torch.cos((u + 0.008) / 1.008 * pi / 2) ** 2  # Nichol & Dhariwal 2021, Equation 17
    left, linear = f[1] / f[0], A_BAR[500]
    demand("cosine_middle", f"ᾱ_500 is {left:.2f} under cosine, and {linear:.2f} under linear", right="half")


def test_the_posterior_and_the_weights() -> None:
    beta, before = LINEAR.betas[0], LINEAR.alphas_cumprod_prev[0]
    assert before == 1 and beta / (1 - A_BAR[0]) == pytest.approx(1, abs=1e-3)
    demand("before_first", "1 − ᾱ₋₁ = 0 makes", "(1 − ᾱ₀) = 1", right="ᾱ₋₁ = 1, so μ̃₀ = x₀ and β̃₀ = 0")
    demand("same_pictures")
    tables = (LINEAR.betas.double().numpy(), A_BAR.numpy(), LINEAR.alphas_cumprod_prev.double().numpy())
    first = {}
    for name, predictor in PREDICTORS.items():
        weights = predictor.error_weight(*tables)
        first[name] = weights[:12].sum() / weights.sum()
    demand(
        "small_t",
        f"{first['mean']:.0%}".replace("%", " %"),
        "1,000",
        f"{first['noise']:.0%}".replace("%", " %"),
        "x0's",
    )
    assert first["x0"] == pytest.approx(0.012)


@pytest.mark.parametrize("T", [100, 1000])
def test_the_loss_of_no_idea(T: int) -> None:
    faces = ToyFaces("train", size=32, n=300, seed=5).images.float() / 127.5 - 1
    square = faces.square().mean().item()
    assert faces.var().item() == pytest.approx(0.2, abs=0.03) and square == pytest.approx(0.2, abs=0.03)
    schedule = Schedule.linear(T, 0.1 / T, 20 / T)
    a_bar, before = schedule.alphas_cumprod.double(), schedule.alphas_cumprod_prev.double()
    of_x_0 = before.sqrt() * schedule.betas / (1 - a_bar)
    of_x_t = schedule.alphas.double().sqrt() * (1 - before) / (1 - a_bar)

    def loss(copied: float) -> float:
        """Of answering `copied` · x_t instead of the posterior's mean."""
        error_of_x_0 = of_x_0 + (of_x_t - copied) * a_bar.sqrt()
        return (error_of_x_0**2 * square + (of_x_t - copied) ** 2 * (1 - a_bar)).mean().item()

    assert loss(1.0) < 0.01 < 0.2 < loss(0.0)
    demand(
        "no_idea",
        "answers 0",
        "noise, 1",
        "face gives 0.2",
        "below 0.01",
        "answers 0",
        right="noise 1, x0 0.2, mean below 0.01",
    )


def test_distances_of_faces() -> None:
    lesson = "08_sample_and_fid"
    real = value(r"real faces +toy Fréchet distance ([\d.]+)", lesson)
    assert real > 0 and value(r"noise +toy Fréchet distance ([\d.]+)", lesson) > 100 * real
    for name in ("your faces", "real faces"):
        few, many = (
            value(rf"{name}: (?:[\d.]+ at n = 50, )?([\d.]+) at n = {n}\b", lesson) for n in (50, 500)
        )
        assert few > 2 * many
    demand("real_distance")
    demand("fewer_faces")


def test_reasons_without_numbers_and_with_a_place() -> None:
    demand("two_curves")
    demand("without_weights")
    demand("worst_row", "question 2 below")
    demand("first_seen", "lesson 5's table")
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in QUESTIONS if f'"{name}"' not in source] == []
