"""Images from a trained network and a student's step function."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from labkit.errors import CourseError
from labkit.progress import progress
from labkit.sampling.noise import NoisePerImage
from labkit.sampling.sample_folder import SampleFolder
from labkit.sampling.strided import strided
from labkit.sampling.trajectory import Trajectory, record_trajectory
from labkit.schedules import Schedule
from labkit.training.device import random_devices
from labkit.training.fingerprint import seed_torch

Step = Callable[[Schedule, Tensor, Tensor, Tensor], Tensor]
"""`step(schedule, x_t, t, net_out)` → x_{t−1}"""

_BATCH_ON_CPU = 64
_LARGEST_BATCH = 512
_SHARE_OF_FREE_MEMORY = 0.6


class SamplingError(CourseError):
    """The reverse process gives no images."""


def sample(
    network: nn.Module,
    step: Step,
    schedule: Schedule,
    n: int,
    shape: Sequence[int] = (3, 64, 64),
    *,
    seed: int,
    num_steps: int | None = None,
    batch_size: int | None = None,
    out: str | Path | None = None,
) -> Tensor:
    """Draw `n` images with `step`, as uint8 [n, *shape] on the CPU.

    Image i depends on (seed, i), not on the batch it is drawn in, up to roundings. Its noise is drawn
    on the network's device: another kind of device draws other images.

    Args:
        network: asked in eval and inference mode, on a GPU in mixed precision. `network(x_t, t)` [B, …]
        step: `step(schedule, x_t, t, net_out)` → x_{t−1}, for a predictor that it knows already.
        schedule: the one that the network was trained with.
        n: number of images.
        shape: [channels, height, width] of an image.
        seed: a whole number ≥ 0.
        num_steps: so many timesteps, spread evenly (`strided`); None takes all of them. Not for a network
            that predicts the mean of x_{t−1}.
        batch_size: None takes 64 on a CPU, and on a GPU what fits into its free memory.
        out: a folder for samples.npz, with uint8 `images` [n, *shape], and samples.png, a grid of the
            first 64. What is drawn is kept there batch by batch: a call that was stopped, or that asked
            for fewer images, is continued. Samples of another network, step, schedule or seed are
            replaced, when the new ones are finished.

    Raises:
        ValueError: `n` or `num_steps` makes no sense.
        SamplingError: the images become NaN or infinite or change their shape; or `num_steps` does not go
            together with `step`; or `out` cannot be written.
    """
    if n < 1:
        raise ValueError(f"n must be a whole number of at least 1, got {n!r}")
    process = _Process.make(network, step, schedule, tuple(shape), seed, num_steps)
    folder = None if out is None else SampleFolder(Path(out), process.fingerprint(), process.shape)
    done = folder.finished() if folder else torch.empty(0, *shape, dtype=torch.uint8)
    if len(done) < n:
        with _evaluating(network):
            batch_size = batch_size or process.batch_that_fits(n - len(done))
            starts = range(len(done), n, batch_size)
            steps = len(starts) * len(process.timesteps)
            with progress(total=steps, desc=f"Drawing {n - len(done)} images", unit="step") as bar:
                for start in starts:
                    images = range(start, min(start + batch_size, n))
                    x_0 = process.run(images, snapshots=0, tick=bar.update).x_ts[-1]
                    drawn = ((x_0.float().clamp(-1, 1) + 1) * 127.5).round().byte().cpu()
                    done = torch.cat([done, drawn])
                    if folder:
                        folder.add(start, drawn)
    if folder:
        folder.finish(done[:n])
    return done[:n]


def image_trajectory(
    network: nn.Module,
    step: Step,
    schedule: Schedule,
    n: int,
    shape: Sequence[int] = (3, 64, 64),
    *,
    seed: int,
    num_steps: int | None = None,
    snapshots: int = 50,
) -> Trajectory:
    """Record how the first `n` images that `sample` draws with this seed come out of the noise.

    The arguments are those of `sample`; `timesteps` are those of `schedule`, and about `snapshots` are kept.
    The states are floats on the CPU, not clipped.
    """
    process = _Process.make(network, step, schedule, tuple(shape), seed, num_steps)
    with _evaluating(network):
        trajectory = process.run(range(n), snapshots)
    timesteps = [*(int(process.timesteps[t]) for t in trajectory.timesteps[:-1]), -1]
    return Trajectory(timesteps, trajectory.x_ts.cpu().clone())


@dataclass(frozen=True)
class _Process:
    """The reverse process of some images."""

    network: nn.Module
    step: Step
    schedule: Schedule
    timesteps: Tensor
    shape: tuple[int, ...]
    seed: int

    @classmethod
    def make(
        cls,
        network: nn.Module,
        step: Step,
        schedule: Schedule,
        shape: tuple[int, ...],
        seed: int,
        num_steps: int | None,
    ) -> "_Process":
        device = next(network.parameters(), schedule.betas).device
        num_train_timesteps = schedule.num_train_timesteps
        schedule, timesteps = strided(schedule.to(device), num_steps or num_train_timesteps)
        process = cls(network, step, schedule, timesteps, shape, seed)
        if len(timesteps) < num_train_timesteps and process._predicts_mean():
            raise SamplingError(
                "this step takes the network's answer as the mean of x_{t−1}, which the network learned for "
                f"neighbouring timesteps: it cannot skip any. Leave num_steps ({num_steps}) out."
            )
        return process

    @property
    def device(self) -> torch.device:
        return self.timesteps.device

    @torch.inference_mode()
    def run(
        self, images: Sequence[int], snapshots: int, tick: Callable[[], object] = lambda: None
    ) -> Trajectory:
        """Draw the images with these indices, from t = T−1 to 0."""
        noise = NoisePerImage(self.seed, images, self.device)

        def once(x_t: Tensor, t: Tensor) -> Tensor:
            with _mixed_precision(self.device):
                net_out = self.network(x_t, self.timesteps[t])
            with noise:
                x = self.step(self.schedule, x_t, t, net_out.to(x_t.dtype))
            if x.shape != x_t.shape:
                raise SamplingError(
                    f"step made {list(x.shape)} out of x_t {list(x_t.shape)}; it must return an x_{{t−1}} "
                    "of the same shape."
                )
            tick()
            return x

        with torch.random.fork_rng(random_devices(self.device)):
            # What a step draws otherwise than as a batch of Gaussians is at least the same each time.
            seed_torch(self.device, self.seed, images[0])
            x_T = noise.draw(*self.shape)
            trajectory = record_trajectory(once, x_T, self.schedule.num_train_timesteps, snapshots)
        x_0 = trajectory.x_ts[-1]
        if not x_0.isfinite().all():
            raise SamplingError(
                "the images became NaN or infinite on the way. Run the checks of your step, and look at "
                "the loss curve: perhaps the training diverged."
            )
        return trajectory

    def batch_that_fits(self, n: int) -> int:
        """How many of `n` images to draw at once."""
        if self.device.type != "cuda":
            return min(n, _BATCH_ON_CPU)
        few = 8
        x_t = torch.zeros(few, *self.shape, device=self.device)
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(self.device)
        before = torch.cuda.memory_allocated(self.device)
        with torch.inference_mode(), _mixed_precision(self.device):
            self.network(x_t, self.timesteps[[0] * few])
        image = (torch.cuda.max_memory_allocated(self.device) - before) / few
        torch.cuda.empty_cache()
        free, _ = torch.cuda.mem_get_info(self.device)
        return max(1, min(n, _LARGEST_BATCH, int(_SHARE_OF_FREE_MEMORY * free / image)))

    def fingerprint(self) -> str:
        """A hash of all that the images depend on; of `step`, of what it does at three timesteps."""
        digest = hashlib.sha256(json.dumps([self.seed, self.shape, self.timesteps.tolist()]).encode())
        digest.update(self.schedule.betas.cpu().numpy().tobytes())
        for name, x in sorted(self.network.state_dict().items()):
            digest.update(name.encode() + x.detach().cpu().float().numpy().tobytes())
        last = len(self.timesteps) - 1
        for t in sorted({0, last // 2, last}):
            digest.update(self._probe(t, 1.0).cpu().numpy().tobytes())
        return digest.hexdigest()[:16]

    def _predicts_mean(self) -> bool:
        """Whether the step pays no attention to x_t."""
        t = len(self.timesteps) // 2
        return t > 0 and torch.equal(self._probe(t, 1.0), self._probe(t, -1.0))

    @torch.inference_mode()
    def _probe(self, t: int, x: float) -> Tensor:
        """What the step makes of two images that are `x` everywhere and a network that answers half a one."""
        x_t = torch.full((2, *self.shape), x, device=self.device)
        with torch.random.fork_rng(random_devices(self.device)), NoisePerImage(0, range(2), self.device):
            seed_torch(self.device, 0)
            t_all = torch.full((2,), t, device=self.device)
            return self.step(self.schedule, x_t, t_all, torch.full_like(x_t, 0.5))


@contextmanager
def _evaluating(network: nn.Module) -> Iterator[None]:
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)


def _mixed_precision(device: torch.device) -> torch.autocast:
    """bf16 or fp16 where a GPU gains from it; float32 elsewhere."""
    gains = device.type == "cuda"
    half = (
        torch.bfloat16 if gains and torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    )
    return torch.autocast(device.type, half if gains else torch.bfloat16, enabled=gains)
