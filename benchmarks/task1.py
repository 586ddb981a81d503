"""Task 1's figure of record: Chamfer distance and training time, the lab's recipe against ours.

The lab (KAIST CS492D, assignment 1) trains its 3 × 128 network with Adam at 1e-3 on batches of 128 for
5,000 steps and samples with the last weights. Ours is the recipe of lesson 04. Both run here in one
process, seed by seed and in turn, so that a busy machine slows both alike.
"""

import json
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import command
import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.networks import TimeLinear
from labkit.schedules import Schedule, extract
from labkit.training import fit, training_device

LAB = {"steps": 5000, "batch_size": 128, "lr": 1e-3}
OURS = {"steps": 3000, "batch_size": 1024, "lr": 5e-3, "warmup": 100, "decay": "cosine"}
RECIPES = {
    "lab": LAB,
    "ours": OURS,
    "lab_ema": LAB | {"ema_decay": 0.999},
    "lab_decay": LAB | {"decay": "cosine"},
    "lab_both": LAB | {"ema_decay": 0.999, "decay": "cosine"},
}
NUM_SAMPLES = 2048


class SimpleNet(nn.Module):
    """The lab's network: `TimeLinear` layers with SiLU between them."""

    def __init__(self, dim_in: int, dim_out: int, dim_hids: list[int], num_timesteps: int):
        super().__init__()
        dims = [dim_in, *dim_hids, dim_out]
        self.layers = nn.ModuleList(TimeLinear(a, b, num_timesteps) for a, b in pairwise(dims))

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        for layer in self.layers[:-1]:
            x = nn.functional.silu(layer(x, t))
        return self.layers[-1](x, t)


def q_sample(schedule: Schedule, x0: Tensor, t: Tensor, noise: Tensor) -> Tensor:
    alphas_cumprod = extract(schedule.alphas_cumprod, t, x0)
    return alphas_cumprod.sqrt() * x0 + (1 - alphas_cumprod).sqrt() * noise


def compute_loss(network: nn.Module, schedule: Schedule, x0: Tensor) -> Tensor:
    t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    return nn.functional.mse_loss(network(q_sample(schedule, x0, t, noise), t), noise)


@torch.no_grad()
def p_sample_loop(network: nn.Module, schedule: Schedule, shape: tuple[int, ...]) -> Tensor:
    x_t = torch.randn(shape, device=schedule.betas.device)
    for t in range(schedule.num_train_timesteps - 1, -1, -1):
        noise = network(x_t, torch.full((shape[0],), t, device=x_t.device))
        beta, alpha, alpha_cumprod = schedule.betas[t], schedule.alphas[t], schedule.alphas_cumprod[t]
        x_t = (x_t - beta / (1 - alpha_cumprod).sqrt() * noise) / alpha.sqrt()
        if t > 0:
            x_t = x_t + beta.sqrt() * torch.randn_like(x_t)
    return x_t


def measure(recipe: dict, seed: int) -> tuple[float, float]:
    """Chamfer distance of the trained model's samples, and the seconds that the training took."""
    device = training_device()
    schedule = Schedule.linear(1000, 1e-4, 0.02).to(device)
    data = points("swiss_roll", 100_000, seed=3 * seed)
    torch.manual_seed(seed)
    network = SimpleNet(2, 2, [128, 128, 128], 1000)
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        fit(
            network, lambda net, x0: compute_loss(net, schedule, x0), data, **recipe, seed=seed, out=Path(out)
        )
        seconds = time.perf_counter() - start
    samples = p_sample_loop(network, schedule, (NUM_SAMPLES, 2)).cpu()
    return chamfer_distance(samples, points("swiss_roll", NUM_SAMPLES, seed=3 * seed + 1)), seconds


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds (default 5)")
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=["lab", "ours"], metavar="RECIPE",
                        help=f"which recipes to run: {', '.join(RECIPES)} (default: lab ours)")  # fmt: skip
    args = parser.parse_args()
    if args.seeds < 1:
        parser.error("--seeds must be at least 1")

    results: dict[str, list[tuple[float, float]]] = {name: [] for name in args.recipes}
    for seed in range(args.seeds):
        for name in args.recipes:
            results[name].append(measure(RECIPES[name], seed))
    report = {}
    for name, pairs in results.items():
        report[f"cd_{name}"], report[f"seconds_{name}"] = (
            round(statistics.median(x), 2) for x in zip(*pairs, strict=True)
        )
    machine = f"{training_device().type}, {command.machine()}"
    if args.json:
        print(json.dumps(report | {"seeds": args.seeds, "machine": machine}))
        return
    table = Table("recipe", "Chamfer distance", "all seeds", "seconds", title=machine)
    for name, pairs in results.items():
        each = " ".join(f"{distance:.2f}" for distance, _ in pairs)
        table.add_row(name, f"{report[f'cd_{name}']:.2f}", each, f"{report[f'seconds_{name}']:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
