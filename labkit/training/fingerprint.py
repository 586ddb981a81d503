"""Numbers that tell one training set, and one loss function, from another.

They are compared with a tolerance, never bit for bit: another device, another version of torch, or the
same loss written in other words must find the run that was made before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from labkit.errors import CourseError
from labkit.training.batches import as_samples

LossFn = Callable[[nn.Module, Tensor], Tensor]

_CHUNK = 2**18  # numbers that the processor's cache holds; five times faster than long chunks
_BATCHES = 100


class TrainingError(CourseError):
    """Training cannot go on."""


def seed_torch(device: torch.device, *key: int) -> None:
    """Seed the global generators of the CPU and of `device` from whole numbers ≥ 0 such as (seed, step).

    torch.manual_seed would do, but it takes half a millisecond for devices that are not there.
    """
    seed = int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0])
    torch.default_generator.manual_seed(seed)
    if device.type != "cpu":
        torch.get_device_module(device).manual_seed(seed)


def checked_loss(loss: Tensor) -> Tensor:
    """Return `loss` as it is, or raise TrainingError where it is no tensor with a single number."""
    if not isinstance(loss, Tensor) or loss.ndim != 0:
        what = f"shape {list(loss.shape)}" if isinstance(loss, Tensor) else type(loss).__name__
        raise TrainingError(
            f"the loss must be a single number, a tensor of shape [], but loss_fn returned {what}. "
            "Take the mean over the batch and all coordinates."
        )
    return loss


def data_fingerprint(data: Tensor) -> dict[str, object]:
    """Shape, dtype, typical size and four random projections of `data` [N, …].

    A projection is Σ u_i v_j x_ij / √(N·D): it changes by about the size of the values when the data is
    another set, and by next to nothing when a rounding differs.
    """
    rng = np.random.RandomState(0)  # its stream is the same in every version of numpy
    # Bytes become numbers of 24 bits: enough for them, and twice as fast as 53 where there are 10⁸.
    dtype = torch.float32 if data.dtype == torch.uint8 else torch.float64
    rows = data.detach().reshape(len(data), -1)
    u = torch.from_numpy(rng.standard_normal(len(rows)))
    v = torch.from_numpy(rng.standard_normal((rows.shape[1], 4))).to(dtype)
    projections, squares = torch.zeros(4, dtype=torch.float64), 0.0
    at_once = max(1, _CHUNK // rows.shape[1])
    for chunk, weights in zip(rows.split(at_once), u.split(at_once), strict=True):
        chunk = as_samples(chunk.cpu()).to(dtype)
        projections += weights @ (chunk @ v).double()
        squares += chunk.square().sum().item()
    return {
        "shape": list(data.shape),
        "dtype": str(data.dtype).removeprefix("torch."),
        "rms": (squares / rows.numel()) ** 0.5,
        "projections": (projections / rows.numel() ** 0.5).tolist(),
    }


def same_data(there: dict, here: dict) -> bool:
    """Whether two data fingerprints are of one set: equal up to 1 % of the values' typical size."""
    return (there["shape"], there["dtype"]) == (here["shape"], here["dtype"]) and np.allclose(
        [there["rms"], *there["projections"]],
        [here["rms"], *here["projections"]],
        rtol=0,
        atol=0.01 * here["rms"],
    )


def describe_data(fingerprint: dict) -> str:
    """One line for a person."""
    marks = ", ".join(f"{x:.3g}" for x in fingerprint["projections"])
    return f"{fingerprint['dtype']} {fingerprint['shape']} with fingerprint ({marks})"


def _over_time(x_t: Tensor, t: Tensor) -> Tensor:
    return x_t / (1 + t.reshape(-1, *[1] * (x_t.ndim - 1)) / 100)


# What the network is made to answer for x_t and t, and what x0 is multiplied with: enough to see the
# target, the weighting, the law of x_t and the law of t. Without x0, little chance is left in x_t.
_PROBES: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], float]] = {
    "zero": (lambda x_t, t: torch.zeros_like(x_t), 1.0),
    "x_t": (lambda x_t, t: x_t, 1.0),
    "x_t without x0": (lambda x_t, t: x_t, 0.0),
    "x_t over time without x0": (_over_time, 0.0),
}


@contextmanager
def _answering(network: nn.Module, fake: Callable[[Tensor, Tensor], Tensor]) -> Iterator[None]:
    """Let `network` answer as `fake` does; its parameters and attributes stay in place for the loss."""
    network.forward = lambda x, t, *args, **kwargs: fake(x, t)
    try:
        yield
    finally:
        del network.forward


def loss_fingerprint(network: nn.Module, loss_fn: LossFn, data: Tensor) -> dict[str, list[float]]:
    """Mean and standard deviation of the loss over 100 batches, for each of four made-up networks.

    Raises TrainingError where the loss is no single finite number.
    """
    # So few images that it costs no more than a second or two, so many points that it is sharp.
    batch_size = min(512, max(16, 2**16 // data[0].numel()))
    fingerprint = {}
    for name, (fake, scale) in _PROBES.items():
        losses = []
        with _answering(network, fake), torch.no_grad():
            for batch in range(_BATCHES):
                seed_torch(data.device, batch)
                rows = torch.randint(len(data), (batch_size,))
                x0 = as_samples(data[rows.to(data.device)])
                losses.append(checked_loss(loss_fn(network, scale * x0)))
        found = torch.stack(losses).cpu().double()  # MPS knows no float64
        if not found.isfinite().all():
            raise TrainingError(
                "the loss is NaN or infinite even for a network that only answers finite numbers. "
                "Look for a division by zero or the root of a negative number in loss_fn, or in its schedule."
            )
        fingerprint[name] = [found.mean().item(), found.std().item()]
    return fingerprint


def same_loss(there: dict[str, list[float]], here: dict[str, list[float]]) -> bool:
    """Whether two loss fingerprints are of one loss, as far as chance can tell.

    Means may differ by six standard errors. Standard deviations may differ by a factor of three: only
    something like one timestep for the whole batch makes them differ by more.
    """
    for name, (mean, std) in here.items():
        other_mean, other_std = there[name]
        slack = 1e-3 * abs(mean) + 1e-12
        if abs(mean - other_mean) > slack + 6 * ((std**2 + other_std**2) / _BATCHES) ** 0.5:
            return False
        if max(std, other_std) > slack + 3 * min(std, other_std):
            return False
    return True


def describe_loss(fingerprint: dict[str, list[float]]) -> str:
    """One line for a person."""
    values = ", ".join(f"{mean:.3g} ± {std:.1g}" for mean, std in fingerprint.values())
    return f"values {values} for {len(fingerprint)} test networks"
