"""Training in one call: for points and for images, on a CPU, a GPU or several."""

import os
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from accelerate import PartialState
from torch import Tensor, nn

from labkit.training.checked_data import checked_data
from labkit.training.device import random_devices, training_device
from labkit.training.fingerprint import LossFn, TrainingError, data_fingerprint, loss_fingerprint
from labkit.training.loop import Loop
from labkit.training.only_training import only_training
from labkit.training.preview import Preview
from labkit.training.recipe import Decay, Precision, Recipe
from labkit.training.run import Run, RunError, RunFolder, shapes
from labkit.training.state import TrainingState
from labkit.training.weighting import checked_weighting, describe_weighting


def fit(
    network: nn.Module,
    loss_fn: LossFn,
    data: Tensor | np.ndarray,
    *,
    steps: int,
    batch_size: int,
    lr: float,
    out: str | Path,
    warmup: int = 0,
    decay: Decay = "none",
    ema_decay: float | None = None,
    grad_clip: float | None = None,
    weighting: Tensor | None = None,
    precision: Precision = "no",
    compile: bool = False,
    seed: int = 63,
    checkpoint_every: int = 1000,
    preview: Preview | None = None,
) -> Run:
    """Train `network` with Adam on batches of `data`, or find the finished run in the folder `out`.

    The training is a function of the starting weights and the arguments: batch and noise of step k come
    from (seed, k). A run that was stopped, at any moment, goes on from its last checkpoint, on a CPU to
    the same bits. A finished run is read back without training. torch's random state on CPU and CUDA is
    left as it was.

    Under `torchrun`, each process is given the same arguments, and they share the network's work.

    Args:
        network: trained in place, moved to `training_device()`, in eval mode afterwards.
        loss_fn: `loss_fn(network, x0)` → scalar; it draws from torch's global random generators, and it
            calls the network with the whole batch.
        data: x0, [N, …], of torch or numpy; it is held on the device, floats in the network's precision, and
            a batch is drawn with replacement. Images are uint8 [N, 3, H, W]: a batch of them becomes floats
            in [−1, 1], each mirrored left-right at random. On a CPU a memory-mapped array is read from its
            file batch by batch.
        steps: number of optimizer steps.
        batch_size: samples a step, over all processes together.
        lr: Adam's learning rate at its highest.
        out: the run's folder; `labkit.training.run` says what lies in it.
        warmup: steps over which the learning rate rises from 0 to `lr`.
        decay: "cosine" lets the learning rate fall to 0 after the warm-up; "none" keeps it.
        ema_decay: keep an exponential moving average of the weights, with this share of the old one
            at each step; None keeps the last weights.
        grad_clip: the gradient is shortened to this norm where it is longer.
        weighting: a loss weight for each timestep, [T], as `min_snr` makes them, for a loss that is a mean
            squared error. It works on the gradient; the losses that are shown and kept are unweighted.
        precision: "no" is float32; "bf16" and, on a GPU alone, "fp16" compute in mixed precision; "auto"
            takes the fastest that the device has, "no" on a CPU.
        compile: let torch.compile translate the network first; it changes roundings, and takes a minute.
        seed: a whole number ≥ 0.
        checkpoint_every: steps between checkpoints; it changes nothing in the result.
        preview: `preview(network)` → images [n, 3, H, W] in [−1, 1], drawn before the training and at each
            checkpoint with the averaged weights, in eval and inference mode. It changes nothing in the
            result. A run with a preview is shown while it trains: `labkit.training.watch`.

    Raises:
        ValueError: an argument makes no sense.
        TrainingError: data or network hold NaN or infinite numbers to begin with; the loss is no scalar,
            does not depend on the network, or is NaN or infinite; the preview is no set of images; several
            processes cannot share a batch evenly.
        TrainingInterruptedError: interrupted, after a checkpoint.
        ConfigChangedError: `out` holds a run that was made with other arguments, another network,
            other data or another loss.
        RunError: `out` cannot be read or written; another process is training there; or it holds no finished
            run where the environment variable LABKIT_TRAINING is "off", as it is when a submission is graded.
    """
    recipe = Recipe(steps, batch_size, lr, warmup, decay, ema_decay, precision, seed, grad_clip)
    if not isinstance(checkpoint_every, int) or checkpoint_every < 1:
        raise ValueError(f"checkpoint_every must be a whole number of at least 1, got {checkpoint_every!r}")
    data = checked_data(data, next((weight.dtype for weight in network.parameters()), torch.float32))
    folder, device = RunFolder(out), training_device()
    processes = PartialState().num_processes
    if batch_size % processes:
        raise TrainingError(
            f"{processes} processes cannot share a batch of {batch_size} evenly. "
            "Start a number of them that divides it."
        )
    network.to(device)
    if data.ndim == 4:
        network.to(memory_format=torch.channels_last)
    config = asdict(recipe) | {"data": data_fingerprint(data), "network": shapes(network.state_dict())}
    if weighting is not None:
        config["weighting"] = describe_weighting(checked_weighting(weighting))
    data, loss_fn = data.to(device), _noting_x0(loss_fn)
    with torch.random.fork_rng(devices=random_devices(device)):
        config["loss_fn"] = loss_fingerprint(network, loss_fn, data)
        checkpoint = folder.checkpoint_of(config)
        if checkpoint is None or len(checkpoint["losses"]) < steps:
            if os.environ.get("LABKIT_TRAINING") == "off":
                raise RunError(
                    f"there is no finished run in {folder.path}, and training is not repeated here. "
                    "Hand in the notebooks together with their results/."
                )
            with only_training(folder.path):
                checkpoint = folder.checkpoint_of(config)  # another may have trained there until now
                state = TrainingState(network, recipe)
                if checkpoint is not None:
                    state.restore(checkpoint)
                loop = Loop(state, loss_fn, data, recipe, folder, checkpoint_every, preview)
                loop.run(config, weighting, compile)
    return Run.load(network, out)


def _noting_x0(loss_fn: LossFn) -> LossFn:
    """The same loss, whose errors say what it was given."""

    def noting(network: nn.Module, x0: Tensor) -> Tensor:
        try:
            return loss_fn(network, x0)
        except Exception as error:
            dtype = str(x0.dtype).removeprefix("torch.")
            error.add_note(f"loss_fn was given x0 as {dtype} {list(x0.shape)}, a batch of fit's data.")
            raise

    return noting
