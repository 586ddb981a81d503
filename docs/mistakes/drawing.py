"""What an answer draws: code with a mistake at work, where all else is right.

A wrong step or loop samples the swiss roll with a network that was rightly trained, or, for images, toy faces
with the perfect network of lesson 06. A wrong network, q_sample, add_noise or loss is trained with for a few
seconds, on the roll, and sampled from rightly. A wrong schedule noises a face.
"""

import os
import random
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from labkit.course.answers import load_answers
from labkit.data import ToyFaces, points
from labkit.networks.perfect import PerfectNetwork
from labkit.sampling import record_trajectory
from labkit.schedules import Schedule
from labkit.time_limit import time_limit
from labkit.training import fit

ANSWERS = Path(__file__).parents[2] / "tests" / "answers"
RIGHT = {
    "SimpleNet": "functional",
    "q_sample": "extract",
    "p_sample": "eps_form_zeros",
    "p_sample_loop": "reversed_range",
    "compute_loss": "mse_loss",
    "add_noise": "extract",
    "cosine_betas": "arange",
    "get_loss_noise": "mse_loss",
    "get_loss_x0": "mse_loss",
    "step_predict_noise": "eps_form",
    "step_predict_x0": "posterior",
    "step_predict_mean": "if_betas",
    "step": "ifs",
}
"""TODO → the right answer of tests/answers/ that stands in wherever the TODO is not what is wrong"""

STEPS = {name: f"step_predict_{name}" for name in ("noise", "x0", "mean")}
CALLS: dict[str, list[str]] = {
    "p_sample_loop": ["p_sample"],
    "compute_loss": ["q_sample"],
    "get_loss_noise": ["add_noise"],
    "get_loss_x0": ["add_noise"],
    "step": [*STEPS.values()],
    **{step: [*STEPS.values()] for step in STEPS.values()},
}
"""TODO → what its answers may call"""

SAMPLES = 600
NOISED_AT = (0, 200, 400, 600, 800, 999)
_SECONDS = 600.0
_T = 1000

Namespace = dict[str, Any]


@cache
def schedule() -> Schedule:
    """The lessons' own."""
    return Schedule.linear(_T)


def right(todo: str) -> Any:
    """The right answer to `todo`, with right answers to the earlier ones that it calls."""
    return _complete(load_answers(ANSWERS / todo / "right" / f"{RIGHT[todo]}.py"))[todo]


def _complete(namespace: Namespace) -> Namespace:
    """Give code the earlier answers that it calls, as a notebook's namespace would."""
    for todo in CALLS.keys() & namespace.keys():
        for earlier in CALLS[todo]:
            if earlier not in namespace:
                path = ANSWERS / earlier / "right" / f"{RIGHT[earlier]}.py"
                namespace[earlier] = load_answers(path)[earlier]
    return namespace


def draw(todo: str, namespace: Namespace, folder: str) -> Tensor | None:
    """Return what the answer `todo` of a namespace draws, or None where an error stops it.

    Points [N, 2]; images [K, 3, H, W] for the steps of images and for a schedule. `folder` keeps the network
    that the steps sample with. The same answer draws the same on one thread.
    """
    torch.manual_seed(4)
    np.random.seed(4)
    random.seed(4)
    answer = _complete(namespace)[todo]
    try:
        with time_limit(_SECONDS), torch.random.fork_rng(devices=[]):
            drawn = DRAWN[todo](answer, folder)
    except Exception:  # whatever stops it, there is nothing to see
        return None
    fits = isinstance(drawn, Tensor) and drawn.shape[1:] in ((2,), (3, 32, 32))
    return drawn.detach().float() if fits else None


def _trained(network: nn.Module, loss_fn: Callable, steps: int, out: str) -> nn.Module:
    data = points("swiss_roll", 2**15, seed=1)
    run = fit(
        network, loss_fn, data, steps=steps, batch_size=512, lr=5e-3, warmup=80, decay="cosine", out=out
    )
    return run.network


def _fresh(simple_net: Callable | None = None) -> nn.Module:
    torch.manual_seed(4)
    make = simple_net or right("SimpleNet")
    return make(dim_in=2, dim_out=2, dim_hids=[64, 64, 64], num_timesteps=_T)


def trained_rightly(folder: str) -> nn.Module:
    """The network that wrong steps sample with; a second call reads it back."""
    loss = right("compute_loss")
    return _trained(_fresh(), lambda network, x0: loss(network, schedule(), x0), 3000, f"{folder}/roll")


def _samples(network: Callable, p_sample: Callable) -> Tensor:
    torch.manual_seed(4)
    step = partial(p_sample, network, schedule())
    return record_trajectory(step, torch.randn(SAMPLES, 2), _T, snapshots=1).x_ts[-1]


def _by_training(simple_net: Callable | None = None, **earlier: Callable) -> Tensor:
    """Train with a wrong network, q_sample or loss, and sample rightly."""
    loss = earlier.get("compute_loss") or right("compute_loss")
    loss.__globals__.update(earlier)
    with TemporaryDirectory() as out:
        network = _fresh(simple_net)
        trained = _trained(network, lambda network, x0: loss(network, schedule(), x0), 800, out)
    return _samples(trained, right("p_sample"))


def _as_images(network: nn.Module) -> Callable:
    """The roll's network, for what is written for images: a point is an image of one pixel, two channels."""
    return lambda x_t, t: network(x_t.flatten(1), t).reshape(x_t.shape)


def _by_training_as_images(predictor: str, loss: Callable, **earlier: Callable) -> Tensor:
    """Train with a wrong add_noise or loss of images, and sample rightly."""
    loss.__globals__.update(earlier)

    def loss_fn(network: nn.Module, x0: Tensor) -> Tensor:
        return loss(_as_images(network), schedule(), x0[:, :, None, None])

    with TemporaryDirectory() as out:
        network = _as_images(_trained(_fresh(), loss_fn, 800, out))
    step = right(STEPS[predictor])

    def back(x_t: Tensor, t: Tensor) -> Tensor:
        return step(schedule(), x_t, t, network(x_t, t))

    torch.manual_seed(4)
    return record_trajectory(back, torch.randn(SAMPLES, 2, 1, 1), _T, snapshots=1).x_ts[-1].flatten(1)


@cache
def faces() -> Tensor:
    """The 24 faces that there are in lesson 06's little world."""
    return ToyFaces("train", size=32, n=24, seed=5).images.float() / 127.5 - 1


def _faces(step: Callable, predictor: str, count: int = 4) -> Tensor:
    """Draw faces with the perfect network."""
    network = PerfectNetwork(faces(), schedule(), predictor)
    torch.manual_seed(7)
    x_T = torch.randn(count, 3, 32, 32)
    return record_trajectory(
        lambda x_t, t: step(schedule(), x_t, t, network(x_t, t)), x_T, _T, snapshots=1
    ).x_ts[-1]


def _all_three(step: Callable) -> Tensor:
    """A face of each predictor, and one more of the last."""
    drawn = [
        _faces(lambda *args, name=name: step(*args, name), name, count)
        for name, count in (("noise", 1), ("x0", 1), ("mean", 2))
    ]
    return torch.cat(drawn)


def _noised(cosine_betas: Callable) -> Tensor:
    """One face at NOISED_AT, always with the same noise."""
    made, t = Schedule.from_betas(cosine_betas(_T)), torch.tensor(NOISED_AT)
    torch.manual_seed(4)
    return right("add_noise")(made, faces()[3].expand(len(t), -1, -1, -1), t, torch.randn(1, 3, 32, 32))[0]


DRAWN: dict[str, Callable[[Any, str], Tensor]] = {
    "SimpleNet": lambda answer, folder: _by_training(answer),
    "q_sample": lambda answer, folder: _by_training(q_sample=answer),
    "compute_loss": lambda answer, folder: _by_training(compute_loss=answer),
    "p_sample": lambda answer, folder: _samples(trained_rightly(folder), answer),
    "p_sample_loop": lambda answer, folder: answer(trained_rightly(folder), schedule(), (SAMPLES, 2)),
    "add_noise": lambda answer, folder: _by_training_as_images(
        "noise", right("get_loss_noise"), add_noise=answer
    ),
    "get_loss_noise": lambda answer, folder: _by_training_as_images("noise", answer),
    "get_loss_x0": lambda answer, folder: _by_training_as_images("x0", answer),
    "step_predict_noise": lambda answer, folder: _faces(answer, "noise"),
    "step_predict_x0": lambda answer, folder: _faces(answer, "x0"),
    "step_predict_mean": lambda answer, folder: _faces(answer, "mean"),
    "step": lambda answer, folder: _all_three(answer),
    "cosine_betas": lambda answer, folder: _noised(answer),
}
"""TODO → (its answer, the folder of the right network) → what it draws"""


def quietly() -> None:
    """Prepare a process that draws: one thread, and nothing said by answers or bars."""
    torch.set_num_threads(1)
    os.environ["TQDM_DISABLE"] = "1"
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
