"""FID's figures of record: labkit against pytorch-fid, in one run and with the same weights.

- `trace_speedup_500`: the Fréchet distance alone, 500 against 500 features of 2,048 dimensions. Ours starts
  from the features, pytorch-fid's from the covariances that it needs. The features have singular
  covariances and a known distance: `relative_error` is ours from it, `relative_error_peer` theirs.
- `trace_speedup_5000`: 5,000 against 5,000 white features, both from the covariances;
  `trace_speedup_5000_decaying`: likewise with eigenvalues that fall as i^-1.5, where ours takes an SVD.
- `whole_speedup`: both commands as a user types them, on two folders of small random PNGs, with the same
  random Inception weights in a temporary TORCH_HOME, and no cache of ours from before.
"""

import json
import logging
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import command
import numpy as np
import scipy
import torch
from numpy.typing import NDArray
from PIL import Image
from pytorch_fid.fid_score import calculate_frechet_distance
from rich.console import Console
from rich.table import Table
from scipy.fft import dct

from labkit.metrics.frechet import Gaussian, frechet_distance

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "metrics"))

from random_inception import write_random_weights

DIM = 2048
LOG = logging.getLogger("fid")


def known_pair(n: int = 500) -> tuple[NDArray, NDArray, float]:
    """Features [n, 2048] twice, of rank n − 2, and their Fréchet distance in closed form.

    The second covariance's axes are turned against the first's by a known angle in each of (n − 2) / 2
    planes. There the product of the factors is diag(a)·R(θ)·diag(b), with the nuclear norm √(‖·‖² + 2|det|).
    """
    rank = n - 2
    basis = dct(np.eye(DIM), norm="ortho")
    samples = np.sqrt(n - 1) * dct(np.eye(n), norm="ortho")[:, 1 : rank + 1]  # these columns sum to 0
    a, b = 10.0 ** -np.linspace(0, 3, rank), 3 * 10.0 ** -np.linspace(0, 3, rank)
    angle = np.linspace(0.1, 3, rank // 2)
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = basis[:, 1 : rank + 1 : 2], basis[:, 2 : rank + 1 : 2]
    turned = np.empty((DIM, rank))
    turned[:, 0::2], turned[:, 1::2] = first * cos + second * sin, second * cos - first * sin
    x = (samples * a) @ basis[:, 1 : rank + 1].T
    y = (samples * b) @ turned.T + basis[:, 0]
    a1, a2, b1, b2 = a[0::2], a[1::2], b[0::2], b[1::2]
    squared = cos**2 * (a1**2 * b1**2 + a2**2 * b2**2) + sin**2 * (a1**2 * b2**2 + a2**2 * b1**2)
    trace = np.sqrt(squared + 2 * a1 * a2 * b1 * b2).sum()
    return x, y, float(1 + np.square(a).sum() + np.square(b).sum() - 2 * trace)


def clock(function: Callable[[], float]) -> tuple[float, float]:
    """What it returns, and the seconds that it took."""
    start = time.perf_counter()
    value = function()
    return value, time.perf_counter() - start


def compare(name: str, x: NDArray, y: NDArray, from_features: bool) -> dict[str, float]:
    """Both implementations on the same features; ours three times, the median counts."""
    statistics = [(z.mean(axis=0), np.cov(z, rowvar=False)) for z in (x, y)]

    def ours() -> float:
        if from_features:
            return frechet_distance(Gaussian.from_features(x), Gaussian.from_features(y))
        a, b = (Gaussian.from_statistics(*one, len(x)) for one in statistics)
        return frechet_distance(a, b)

    runs = sorted((clock(ours) for _ in range(3)), key=lambda run: run[1])
    value, seconds = runs[1]
    peer_value, peer_seconds = clock(lambda: calculate_frechet_distance(*statistics[0], *statistics[1]))
    LOG.info("trace %s: ours %.2f s, pytorch-fid %.2f s", name, seconds, peer_seconds)
    return {
        f"trace_seconds_{name}": seconds,
        f"trace_seconds_{name}_peer": peer_seconds,
        f"trace_speedup_{name}": peer_seconds / seconds,
        "value": value,
        "peer_value": float(peer_value),
    }


def whole_commands(images: int) -> dict[str, float]:
    """`labkit fid` and `python -m pytorch_fid` on 2 × `images` images of 64 × 64."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_random_weights(home / "torch")
        rng = np.random.default_rng(0)
        for name in ("a", "b"):
            (home / name).mkdir()
            for index, coarse in enumerate(rng.integers(0, 256, (images, 4, 4, 3), dtype=np.uint8)):
                Image.fromarray(coarse).resize((64, 64)).save(home / name / f"{index:04d}.png")
        paths = [str(home / "a"), str(home / "b")]
        environment = os.environ | {"TORCH_HOME": str(home / "torch"), "XDG_CACHE_HOME": str(home / "cache")}

        def run(module: str, *arguments: str) -> str:
            command = [sys.executable, "-m", module, *arguments]
            return subprocess.run(
                command, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ).stdout.decode()

        ours, seconds = clock(lambda: json.loads(run("labkit", "fid", *paths, "--json"))["frechet_distance"])
        peer, peer_seconds = clock(lambda: float(run("pytorch_fid", *paths).split()[-1]))
    LOG.info("whole commands: ours %.1f s, pytorch-fid %.1f s", seconds, peer_seconds)
    return {
        "whole_seconds": seconds,
        "whole_seconds_peer": peer_seconds,
        "whole_speedup": peer_seconds / seconds,
        "whole_difference": abs(ours - peer),
        "whole_value": ours,
    }


def main() -> None:
    parser = command.parser(__doc__)
    parser.add_argument("--images", type=int, default=200, help="images in each folder (default 200)")
    args = parser.parse_args()
    if args.images < 20:
        parser.error("--images must be at least 20")
    logging.basicConfig(level=logging.INFO, format="%(message)s")  # to stderr: it runs for minutes
    warnings.simplefilter("ignore", DeprecationWarning)  # sqrtm(disp=False), gone in SciPy 1.18

    x, y, known = known_pair()
    report = compare("500", x, y, from_features=True)
    report["relative_error"] = abs(report.pop("value") / known - 1)
    report["relative_error_peer"] = abs(report.pop("peer_value") / known - 1)
    rng = np.random.default_rng(0)
    basis = dct(np.eye(DIM), norm="ortho")
    for name, spectrum in {"5000": 0.0, "5000_decaying": 1.5}.items():
        scale = np.arange(1.0, DIM + 1) ** (-spectrum / 2)
        x, y = (rng.standard_normal((5000, DIM)) * scale @ basis.T for _ in range(2))
        found = compare(name, x, 1.1 * y + 0.01, from_features=False)
        value, peer = found.pop("value"), found.pop("peer_value")
        report |= found | {f"trace_difference_{name}": abs(value / peer - 1)}
    report |= whole_commands(args.images)
    rounded = {key: float(f"{value:.3g}") for key, value in report.items()}
    machine = (
        f"{os.cpu_count()} cores {platform.machine()}, {torch.get_num_threads()} threads, "
        f"torch {torch.__version__}, scipy {scipy.__version__}"
    )
    if args.json:
        print(json.dumps(rounded | {"images": args.images, "machine": machine}))
        return
    table = Table("figure", "value", title=machine)
    for key, value in rounded.items():
        table.add_row(key, f"{value:g}")
    Console().print(table)


if __name__ == "__main__":
    main()
