"""Drawing images: the same ones however often it is stopped and in whatever batches, and the right ones."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from labkit.errors import CourseError
from labkit.networks import UNet
from labkit.sampling import SamplingError, image_trajectory, sample
from labkit.schedules import Schedule, extract

SHAPE = (3, 8, 8)


def small_unet() -> UNet:
    torch.manual_seed(0)
    network = UNet(8, channels=8, multipliers=(1, 2), blocks=1, attention_at=(4,), num_timesteps=40)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.1)
    return network


def linear() -> Schedule:
    return Schedule.linear(40, 2.5e-3, 0.5)


def step_noise(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
    """Ho et al. 2020, Algorithm 2, with the posterior's variance."""
    betas, alphas = extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t)
    cumprod = extract(schedule.alphas_cumprod, t, x_t)
    previous = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (x_t - betas / (1 - cumprod).sqrt() * net_out) / alphas.sqrt()
    return mean + ((1 - previous) / (1 - cumprod) * betas).sqrt() * torch.randn_like(x_t)


def step_mean(schedule: Schedule, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
    return net_out + extract(schedule.betas, t, x_t).sqrt() * torch.randn_like(x_t)


class Counting(nn.Module):
    """Counts the images that the network was asked for, and may stop after some."""

    def __init__(self, network: nn.Module, stop_after: float = float("inf")):
        super().__init__()
        self.network, self.stop_after, self.asked = network, stop_after, 0

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        assert not self.training and torch.is_inference_mode_enabled()
        self.asked += len(x_t)
        if self.asked > self.stop_after:
            raise KeyboardInterrupt
        return self.network(x_t, t)


def nearly_equal(a: Tensor, b: Tensor) -> bool:
    """Equal up to roundings, which another batch size changes."""
    difference = (a.short() - b.short()).abs()
    return a.shape == b.shape and difference.max() <= 1 and (difference > 0).float().mean() < 0.01


def test_an_image_is_the_same_in_every_batch() -> None:
    network = small_unet()
    images = sample(network, step_noise, linear(), 5, SHAPE, seed=3)
    assert images.dtype == torch.uint8 and images.shape == (5, *SHAPE)
    assert images.float().std() > 10
    for batch_size in (1, 2, 4):
        torch.manual_seed(batch_size)
        again = sample(network, step_noise, linear(), 5, SHAPE, seed=3, batch_size=batch_size)
        assert nearly_equal(again, images)
    assert nearly_equal(sample(network, step_noise, linear(), 3, SHAPE, seed=3), images[:3])
    assert not nearly_equal(sample(network, step_noise, linear(), 5, SHAPE, seed=4), images)
    assert not nearly_equal(images[:1], images[1:2])


def test_network_and_torch_are_left_as_they_were() -> None:
    network = small_unet().train()
    torch.manual_seed(9)
    expected = torch.rand(3)
    torch.manual_seed(9)
    sample(Counting(network).train(), step_noise, linear(), 2, SHAPE, seed=3, num_steps=4)
    assert torch.equal(torch.rand(3), expected)
    assert network.training


def test_an_interrupted_call_goes_on(tmp_path: Path) -> None:
    whole = sample(small_unet(), step_noise, linear(), 6, SHAPE, seed=3, batch_size=2, num_steps=10)
    ask = dict(seed=3, batch_size=2, num_steps=10, out=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        sample(Counting(small_unet(), stop_after=50), step_noise, linear(), 6, SHAPE, **ask)
    assert not (tmp_path / "samples.npz").exists()

    network = Counting(small_unet())
    assert torch.equal(sample(network, step_noise, linear(), 6, SHAPE, **ask), whole)
    assert network.asked == 20  # one batch of three: the others were there
    network = Counting(small_unet())
    assert torch.equal(sample(network, step_noise, linear(), 6, SHAPE, **ask), whole)
    assert network.asked == 0
    # More of them, in other batches; and fewer.
    more = sample(network, step_noise, linear(), 7, SHAPE, **ask | {"batch_size": 5})
    assert network.asked == 10 and torch.equal(more[:6], whole)
    assert torch.equal(sample(network, step_noise, linear(), 2, SHAPE, **ask), whole[:2])
    assert network.asked == 10


def test_a_killed_call_goes_on(tmp_path: Path) -> None:
    program = f"""
import os, signal
from test_image_samples import *
class Killed(Counting):
    def forward(self, x_t, t):
        if self.asked == 35:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().forward(x_t, t)
ask = dict(seed=3, batch_size=1, num_steps=10)
sample(Killed(small_unet()), step_noise, linear(), 4, SHAPE, out={str(tmp_path)!r}, **ask)
"""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system knows no SIGKILL")
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    killed = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path})
    assert killed.returncode == -signal.SIGKILL
    network = Counting(small_unet())
    ask = dict(seed=3, batch_size=1, num_steps=10)
    images = sample(network, step_noise, linear(), 4, SHAPE, out=tmp_path, **ask)
    assert network.asked == 10
    assert nearly_equal(images, sample(small_unet(), step_noise, linear(), 4, SHAPE, **ask))


def test_files_hold_the_images_without_pickle(tmp_path: Path) -> None:
    images = sample(small_unet(), step_noise, linear(), 9, SHAPE, seed=3, num_steps=5, out=tmp_path)
    with np.load(tmp_path / "samples.npz", allow_pickle=False) as file:
        assert file["images"].dtype == np.uint8
        assert np.array_equal(file["images"], images.numpy())
    grid = np.asarray(Image.open(tmp_path / "samples.png"))
    assert np.array_equal(grid[2:10, 2:10], images[0].permute(1, 2, 0).numpy())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["samples.npz", "samples.png"]


@pytest.mark.parametrize("changed", ["seed", "schedule", "weights", "step", "num_steps", "damaged"])
def test_samples_of_something_else_are_drawn_anew(tmp_path: Path, changed: str) -> None:
    def ask(out: Path | None, changed: str = "") -> Tensor:
        network, schedule, step = small_unet(), linear(), step_noise
        if changed == "weights":
            nn.init.zeros_(network.head[2].bias)
        if changed == "schedule":
            schedule = Schedule.quad(40, 2.5e-3, 0.5)
        if changed == "step":
            step = lambda *inputs: step_noise(*inputs).flip(-1)  # noqa: E731
        seed, num_steps = (4 if changed == "seed" else 3), (6 if changed == "num_steps" else 5)
        return sample(network, step, schedule, 2, SHAPE, seed=seed, num_steps=num_steps, out=out)

    first = ask(tmp_path)
    if changed == "damaged":
        whole = (tmp_path / "samples.npz").read_bytes()
        (tmp_path / "samples.npz").write_bytes(whole[: len(whole) // 2])
    second = ask(tmp_path, changed)
    assert torch.equal(second, ask(None, changed))
    assert torch.equal(second, first) == (changed == "damaged")
    assert torch.equal(second, ask(tmp_path, changed))


class GaussianDenoiser(nn.Module):
    """The perfect noise predictor for pixels from N(mean, std²)."""

    def __init__(self, schedule: Schedule, mean: float, std: float):
        super().__init__()
        self.schedule, self.mean, self.std = schedule, mean, std

    def forward(self, x_t: Tensor, t: Tensor) -> Tensor:
        cumprod = extract(self.schedule.alphas_cumprod, t, x_t)
        return (
            (1 - cumprod).sqrt() * (x_t - cumprod.sqrt() * self.mean) / (cumprod * self.std**2 + 1 - cumprod)
        )


@pytest.mark.parametrize("num_steps, std", [(25, 0.405), (100, 0.468), (400, 0.491)])
def test_short_schedules_reach_the_right_distribution(num_steps: int, std: float) -> None:
    schedule = Schedule.linear(400, 2.5e-4, 0.05)
    network = GaussianDenoiser(schedule, mean=0.2, std=0.5)
    x_0 = image_trajectory(
        network, step_noise, schedule, 64, SHAPE, seed=1, num_steps=num_steps, snapshots=5
    ).x_ts[-1]
    assert x_0.mean() == pytest.approx(0.2, abs=0.02)
    # The posterior's variance is the lower bound of the right one (Ho et al. 2020, Section 3.2): the longer
    # the steps, the more it lacks. The numbers come from the recursion of the variances, in float64.
    assert x_0.std() == pytest.approx(std, abs=0.01)


@pytest.mark.parametrize("num_steps", [None, 7])
def test_a_trajectory_ends_in_the_image(num_steps: int | None) -> None:
    network = small_unet()
    images = sample(network, step_noise, linear(), 3, SHAPE, seed=3, num_steps=num_steps)
    trajectory = image_trajectory(network, step_noise, linear(), 3, SHAPE, seed=3, num_steps=num_steps)
    assert trajectory.timesteps[0] == 39 and trajectory.timesteps[-2:] == [0, -1]
    assert trajectory.x_ts.shape == (len(trajectory.timesteps), 3, *SHAPE)
    last = ((trajectory.x_ts[-1].clamp(-1, 1) + 1) * 127.5).round().byte()
    assert torch.equal(last, images)


def test_a_predictor_of_the_mean_takes_all_steps_or_none() -> None:
    images = sample(small_unet(), step_mean, linear(), 1, SHAPE, seed=3, num_steps=40)
    assert len(images) == 1
    with pytest.raises(SamplingError, match=r"cannot skip any.*num_steps \(5\)"):
        sample(small_unet(), step_mean, linear(), 1, SHAPE, seed=3, num_steps=5)


@pytest.mark.parametrize(
    "step, what",
    [
        (lambda schedule, x_t, t, net_out: x_t / 0, "NaN or infinite"),
        (lambda schedule, x_t, t, net_out: x_t[:, :1], r"\[1, 1, 8, 8\] out of x_t \[1, 3, 8, 8\]"),
    ],
)
def test_a_broken_step_is_named(tmp_path: Path, step, what: str) -> None:
    with pytest.raises(SamplingError, match=what):
        sample(small_unet(), step, linear(), 1, SHAPE, seed=3, out=tmp_path)
    assert not (tmp_path / "samples.npz").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CourseError, match=r"cannot write .*give another `out`"):
        sample(small_unet(), step_noise, linear(), 1, SHAPE, seed=3, num_steps=2, out=tmp_path / "file")


def test_impossible_numbers_are_named() -> None:
    with pytest.raises(ValueError, match="n must be"):
        sample(small_unet(), step_noise, linear(), 0, SHAPE, seed=3)
    with pytest.raises(ValueError, match="num_steps must be"):
        sample(small_unet(), step_noise, linear(), 1, SHAPE, seed=3, num_steps=41)
