"""Task 2's figure of record for speed: images a second in training, the lab's recipe against ours.

The lab (KAIST CS492D, assignment 1, part 2) decodes and shrinks a 512×512 JPEG at each access, in a
DataLoader with four workers, and trains its 58.75 M-parameter UNet, whose attention is a plain matrix
product, in float32 with Adam. Ours is `fit`: the images lie as bytes on the device, the network is
channels-last, in mixed precision where the device has it, and an average of the weights is kept. `fast` is
the same with the smaller network. On a CPU all three are narrow and see 32×32 images. All run here in one
process, in turn, so that a busy machine slows all alike; each figure is the median of the rounds.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import command
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, RandomSampler
from torchvision import transforms

from labkit.networks.unet import PRESETS, Attention, UNet
from labkit.schedules import Schedule, extract
from labkit.training import fit, training_device

NUM_IMAGES, JPEG_SIZE = 64, 512
REAL = {"size": 64, "lab": PRESETS["lab"], "fast": PRESETS["fast"], "warmup": 20, "steps": 100}
SMALL = {
    "size": 32,
    "lab": PRESETS["lab"] | {"channels": 32, "attention_at": (16,)},
    "fast": PRESETS["fast"] | {"channels": 16, "attention_at": (8,)},
    "warmup": 2,
    "steps": 8,
}


class LabAttention(nn.Module):
    """The lab's: one head, and the whole table of weights [B, H·W, H·W] in memory."""

    def __init__(self, like: Attention):
        super().__init__()
        self.norm, self.to_qkv, self.to_out = like.norm, like.to_qkv, like.to_out

    def forward(self, h: Tensor) -> Tensor:
        B, C, H, W = h.shape
        q, k, v = self.to_qkv(self.norm(h)).reshape(B, 3, C, H * W).unbind(1)
        weights = (torch.bmm(q.transpose(1, 2), k) * C**-0.5).softmax(dim=-1)
        return h + self.to_out(torch.bmm(v, weights.transpose(1, 2)).reshape(B, C, H, W))


def with_lab_attention(network: nn.Module) -> nn.Module:
    for name, child in list(network.named_children()):
        if isinstance(child, Attention):
            setattr(network, name, LabAttention(child))
        else:
            with_lab_attention(child)
    return network


def make_loss(device: torch.device) -> Callable[[nn.Module, Tensor], Tensor]:
    schedule = Schedule.linear(1000).to(device)

    def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
        t = torch.randint(1000, (len(x0),), device=x0.device)
        alphas_cumprod, noise = extract(schedule.alphas_cumprod, t, x0), torch.randn_like(x0)
        x_t = alphas_cumprod.sqrt() * x0 + (1 - alphas_cumprod).sqrt() * noise
        return nn.functional.mse_loss(network(x_t, t), noise)

    return loss_fn


class JpegFolder(Dataset):
    """As the lab reads AFHQ: open, shrink, mirror, normalise, at each access."""

    def __init__(self, folder: Path, size: int):
        self._files = sorted(folder.glob("*.jpg"))
        self._transform = transforms.Compose(
            [
                transforms.Resize((size, size)),
                transforms.RandomHorizontalFlip(),
                transforms.ToTensor(),
                transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
            ]
        )

    def __len__(self) -> int:
        return len(self._files)

    def __getitem__(self, index: int) -> Tensor:
        with Image.open(self._files[index]) as image:
            return self._transform(image.convert("RGB"))


def write_jpegs(folder: Path) -> None:
    """Smooth colours with some grain, so that they compress about as well as photographs."""
    random = torch.Generator().manual_seed(0)
    for index in range(NUM_IMAGES):
        coarse = torch.rand(1, 3, 32, 32, generator=random)
        image = nn.functional.interpolate(coarse, size=JPEG_SIZE, mode="bicubic")[0]
        image = image + 0.05 * torch.randn(image.shape, generator=random)
        transforms.functional.to_pil_image(image.clamp(0, 1)).save(folder / f"{index:03}.jpg", quality=95)


class Stopwatch:
    """Times the steps of a training from the moment that its warm-up is over."""

    def __init__(self, device: torch.device, scene: dict):
        self._device, self._scene, self._calls, self._began = device, scene, 0, 0.0
        self.seconds = 0.0

    def tick(self) -> None:
        """Called at the beginning of each step, and once more at the end of the last."""
        if self._calls in (self._scene["warmup"], self._scene["warmup"] + self._scene["steps"]):
            if self._device.type == "cuda":
                torch.cuda.synchronize()
            self.seconds, self._began = time.perf_counter() - self._began, time.perf_counter()
        self._calls += 1


def lab(folder: Path, scene: dict, batch_size: int) -> float:
    """Seconds for the lab's steps."""
    device = training_device()
    network = with_lab_attention(UNet(scene["size"], **scene["lab"])).to(device).train()
    optimizer, loss_fn = torch.optim.Adam(network.parameters(), lr=2e-4), make_loss(device)
    data, steps = JpegFolder(folder, scene["size"]), scene["warmup"] + scene["steps"]
    sampler = RandomSampler(data, replacement=True, num_samples=(steps + 20) * batch_size)
    loader = DataLoader(data, batch_size, sampler=sampler, num_workers=min(4, os.cpu_count() or 1))
    batches: Iterator[Tensor] = iter(loader)
    stopwatch = Stopwatch(device, scene)
    for _ in range(steps):
        stopwatch.tick()
        loss = loss_fn(network, next(batches).to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    stopwatch.tick()
    return stopwatch.seconds


def ours(preset: str, data: Tensor, scene: dict, batch_size: int, compile: bool) -> float:
    """Seconds for as many steps of `fit`."""
    device = training_device()
    stopwatch, loss_fn = Stopwatch(device, scene), make_loss(device)

    def timed(network: nn.Module, x0: Tensor) -> Tensor:
        if torch.is_grad_enabled():  # a step, and not a fingerprint of the loss
            stopwatch.tick()
        return loss_fn(network, x0)

    with tempfile.TemporaryDirectory() as out:
        fit(
            UNet(scene["size"], **scene[preset]),
            timed,
            data,
            steps=scene["warmup"] + scene["steps"] + 1,
            batch_size=batch_size,
            lr=2e-4,
            ema_decay=0.999,
            precision="auto",
            compile=compile,
            checkpoint_every=10**9,
            out=out,
        )
    return stopwatch.seconds


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--batch-size", type=int, default=16, help="for all three (default 16, the lab's)")
    parser.add_argument("--compile", action="store_true", help="let torch.compile translate our networks")
    args = parser.parse_args()
    if args.rounds < 1 or args.batch_size < 1:
        parser.error("--rounds and --batch-size must be at least 1")

    device = training_device()
    scene = REAL if device.type == "cuda" else SMALL
    images = args.batch_size * scene["steps"]
    speeds: dict[str, list[float]] = {"lab": [], "ours": [], "fast": []}
    with tempfile.TemporaryDirectory() as folder:
        write_jpegs(Path(folder))
        pixels = [image * 127.5 + 127.5 for image in JpegFolder(Path(folder), scene["size"])]
        data = torch.stack(pixels).round().to(torch.uint8)
        for _ in range(args.rounds):
            speeds["lab"].append(images / lab(Path(folder), scene, args.batch_size))
            speeds["ours"].append(images / ours("lab", data, scene, args.batch_size, args.compile))
            speeds["fast"].append(images / ours("fast", data, scene, args.batch_size, args.compile))
    median = {name: statistics.median(values) for name, values in speeds.items()}
    machine = torch.cuda.get_device_name() if device.type == "cuda" else device.type
    report = {f"images_per_s_{name}": round(value, 2) for name, value in median.items()}
    report |= {f"speedup_{name}": round(median[name] / median["lab"], 2) for name in ("ours", "fast")}
    report |= {"image_size": scene["size"], "batch_size": args.batch_size}
    report["machine"] = f"{machine}, {command.machine()}"
    if args.json:
        print(json.dumps(report))
        return
    table = Table("recipe", "images/s", "all rounds", "× the lab's", title=report["machine"])
    for name, values in speeds.items():
        each = " ".join(f"{value:.1f}" for value in values)
        table.add_row(name, f"{median[name]:.1f}", each, f"{median[name] / median['lab']:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
