"""The training loop: one for points and for images, on a CPU, a GPU or several."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR
from tqdm.auto import tqdm

from labkit.training.fingerprint import (
    LossFn,
    TrainingError,
    checked_loss,
    data_fingerprint,
    loss_fingerprint,
    seed_torch,
)
from labkit.training.recipe import Decay, Precision, Recipe
from labkit.training.run import Run, RunError, RunFolder, shapes
from labkit.training.state import TrainingState

_LOOK_EVERY = 50


class TrainingInterruptedError(TrainingError):
    """Somebody stopped the training; it can go on later."""


def training_device() -> torch.device:
    """The device that `fit` trains on: a GPU where there is one; ACCELERATE_USE_CPU=1 keeps to the CPU."""
    return Accelerator().device


def fit(
    network: nn.Module,
    loss_fn: LossFn,
    data: Tensor,
    *,
    steps: int,
    batch_size: int,
    lr: float,
    out: str | Path,
    warmup: int = 0,
    decay: Decay = "none",
    ema_decay: float | None = None,
    precision: Precision = "no",
    seed: int = 63,
    checkpoint_every: int = 1000,
) -> Run:
    """Train `network` with Adam on batches of `data`, or find the finished run in the folder `out`.

    The training is a function of the starting weights and the arguments: batch and noise of step k come
    from (seed, k). A run that was stopped, at any moment, goes on from its last checkpoint, on a CPU to
    the same bits. A finished run is read back without training. torch's random state on CPU and CUDA is
    left as it was.

    Args:
        network: trained in place, moved to `training_device()`, in eval mode afterwards.
        loss_fn: `loss_fn(network, x0)` → scalar; it draws from torch's global random generators.
        data: x0, [N, …]; it is held on the device, and a batch is drawn with replacement.
        steps: number of optimizer steps.
        batch_size: samples a step, over all processes together.
        lr: Adam's learning rate at its highest.
        out: the run's folder; `Run` says what lies in it.
        warmup: steps over which the learning rate rises from 0 to `lr`.
        decay: "cosine" lets the learning rate fall to 0 after the warm-up; "none" keeps it.
        ema_decay: keep an exponential moving average of the weights, with this share of the old one
            at each step; None keeps the last weights.
        precision: "no" is float32; "bf16" and, on a GPU alone, "fp16" compute in mixed precision.
        seed: a whole number ≥ 0.
        checkpoint_every: steps between checkpoints; it changes nothing in the result.

    Raises:
        ValueError: an argument makes no sense.
        TrainingError: the loss is no scalar, does not depend on the network, or is NaN or infinite.
        TrainingInterruptedError: interrupted, after a checkpoint.
        ConfigChangedError: `out` holds a run that was made with other arguments, another network,
            other data or another loss.
        RunError: `out` cannot be read or written; or it holds no finished run where the environment
            variable LABKIT_TRAINING is "off", as it is when a submission is graded.
    """
    recipe = Recipe(steps, batch_size, lr, warmup, decay, ema_decay, precision, seed)
    if not isinstance(checkpoint_every, int) or checkpoint_every < 1:
        raise ValueError(f"checkpoint_every must be a whole number of at least 1, got {checkpoint_every!r}")
    if data.ndim == 0 or data.numel() == 0:
        raise ValueError(f"data must have shape [N, …] with something in it, got {list(data.shape)}")
    folder, device = RunFolder(out), training_device()
    network.to(device)
    config = asdict(recipe) | {"data": data_fingerprint(data), "network": shapes(network.state_dict())}
    data = data.to(device)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        config["loss_fn"] = loss_fingerprint(network, loss_fn, data)
        checkpoint = folder.newest_checkpoint()
        if checkpoint is not None:
            folder.demand_same(config)
        if checkpoint is None or len(checkpoint["losses"]) < steps:
            if os.environ.get("LABKIT_TRAINING") == "off":
                raise RunError(
                    f"there is no finished run in {folder.path}, and training is not repeated here. "
                    "Hand in the notebooks together with their results/."
                )
            state = TrainingState(network, recipe)
            if checkpoint is not None:
                state.restore(checkpoint)
            _train(state, loss_fn, data, recipe, folder, config, checkpoint_every)
    return Run.load(network, out)


def _train(
    state: TrainingState,
    loss_fn: LossFn,
    data: Tensor,
    recipe: Recipe,
    folder: RunFolder,
    config: dict,
    checkpoint_every: int,
) -> None:
    """Train from where `state` stands until the last checkpoint is written."""
    accelerator = _accelerator(recipe.precision)
    rank, num_processes = accelerator.process_index, accelerator.num_processes
    if recipe.batch_size % num_processes:
        raise ValueError(f"batch_size ({recipe.batch_size}) must divide among {num_processes} processes")
    start = state.done
    scheduler = LambdaLR(state.optimizer, lambda step: recipe.lr_factor(start + step))
    model, optimizer = accelerator.prepare(state.network.train(), state.optimizer)
    accelerator.wait_for_everyone()  # all have read the folder before one writes to it
    if accelerator.is_main_process:
        folder.write_config(config)
    hidden = not (accelerator.is_main_process and _watched())
    bar = tqdm(total=recipe.steps, initial=start, leave=False, disable=hidden or None)
    try:
        with bar, _interrupts_wait() as interrupted:
            for step in range(start, recipe.steps):
                seed_torch(data.device, recipe.seed, step)
                rows = torch.randint(len(data), (recipe.batch_size,))[rank::num_processes]
                if num_processes > 1:
                    seed_torch(data.device, recipe.seed, step, rank)
                loss = checked_loss(loss_fn(model, data[rows.to(data.device)]))
                if not loss.requires_grad:
                    raise TrainingError(
                        "the loss does not depend on the network's weights: loss_fn must call the network "
                        "that it is given, without detach(), item() or no_grad()."
                    )
                optimizer.zero_grad()
                accelerator.backward(loss)
                optimizer.step()
                scheduler.step()
                state.step_done(accelerator.reduce(loss.detach(), "mean"))

                bar.update()
                if state.done % _LOOK_EVERY == 0:  # seldom, because a look waits for the GPU
                    state.demand_finite_losses()
                    bar.set_postfix(loss=f"{state.losses[step].item():.4f}")
                finished = state.done == recipe.steps
                if state.done % checkpoint_every == 0 or finished or interrupted.is_set():
                    state.demand_finite_losses()
                    state.demand_finite_weights()
                    if accelerator.is_main_process:
                        lrs = [recipe.lr * recipe.lr_factor(past) for past in range(state.done)]
                        folder.save(state.tensors(), lrs)
                if interrupted.is_set() and not finished:
                    raise TrainingInterruptedError(
                        f"stopped after step {state.done} of {recipe.steps}, which {folder.path} keeps. "
                        "Call fit again with the same arguments, or run the cell again, to go on from there."
                    )
    finally:
        accelerator.unwrap_model(model, keep_fp32_wrapper=False)
    accelerator.wait_for_everyone()


def _accelerator(precision: Precision) -> Accelerator:
    # Otherwise accelerate keeps the precision of the process's first run, and refuses another one.
    AcceleratorState._reset_state()
    try:
        return Accelerator(mixed_precision=precision)
    except ValueError as error:
        raise ValueError(f'precision "{precision}" does not work on this device: {error}') from error


def _watched() -> bool:
    """Whether somebody may look at a progress bar; a program that executes notebooks answers no questions."""
    if "IPython" not in sys.modules:
        return True
    kernel = getattr(sys.modules["IPython"].get_ipython(), "kernel", None)
    return kernel is None or kernel.get_parent().get("content", {}).get("allow_stdin", False)


@contextmanager
def _interrupts_wait() -> Iterator[threading.Event]:
    """Turn Ctrl-C into an event, so that it cuts no step in half; a second Ctrl-C interrupts at once."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted  # signals belong to the main thread
        return
    before = signal.getsignal(signal.SIGINT)

    def note(*_: object) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
