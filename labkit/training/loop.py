"""The training loop."""

from contextlib import ExitStack, closing
from threading import Event

from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from labkit.training.batches import draw_batch
from labkit.training.device import make_accelerator
from labkit.training.fingerprint import LossFn, TrainingError, checked_loss, seed_torch
from labkit.training.interrupts import interrupts_wait
from labkit.training.loss_network import LossNetwork
from labkit.training.preview import Preview, draw_preview
from labkit.training.recipe import Recipe
from labkit.training.run import RunFolder
from labkit.training.state import TrainingState
from labkit.training.watch import watchers

_LOOK_EVERY = 50


class TrainingInterruptedError(TrainingError):
    """Somebody stopped the training; it can go on later."""


class Loop:
    """Trains from where `state` stands until the last checkpoint is written; `fit` documents the rest."""

    def __init__(
        self,
        state: TrainingState,
        loss_fn: LossFn,
        data: Tensor,
        recipe: Recipe,
        folder: RunFolder,
        checkpoint_every: int,
        preview: Preview | None,
    ):
        self._state = state
        self._loss_fn = loss_fn
        self._data = data
        self._recipe = recipe
        self._folder = folder
        self._checkpoint_every = checkpoint_every
        self._preview = preview

    def run(self, config: dict, weighting: Tensor | None, compile: bool) -> None:
        """Train to the end. Only the main process writes, draws and shows."""
        state, recipe = self._state, self._recipe
        self._accelerator = accelerator = make_accelerator(recipe.precision, compile)
        state.demand_finite_weights()
        start = state.done
        self._scheduler = LambdaLR(state.optimizer, lambda step: recipe.lr_factor(start + step))
        model, self._optimizer = accelerator.prepare(state.network.train(), state.optimizer)
        state.scale_with(accelerator.scaler)
        self._network = LossNetwork(state.network, model, accelerator, weighting)
        accelerator.wait_for_everyone()  # all have read the folder before one writes to it
        self._watchers = []
        try:
            with ExitStack() as closed_in_the_end:
                if accelerator.is_main_process:
                    self._folder.write_config(config)
                    self._draw()
                    self._watchers = watchers(self._folder, recipe, state, self._preview is not None)
                    for watcher in self._watchers:
                        closed_in_the_end.enter_context(closing(watcher))
                interrupted = closed_in_the_end.enter_context(interrupts_wait())
                for step in range(start, recipe.steps):
                    self._step(step)
                    self._look(interrupted)
        finally:
            accelerator.unwrap_model(model, keep_fp32_wrapper=False)
        accelerator.wait_for_everyone()

    def _step(self, step: int) -> None:
        seed_torch(self._data.device, self._recipe.seed, step)
        batch = draw_batch(self._data, self._recipe.batch_size)
        loss = checked_loss(self._loss_fn(self._network, batch))
        if not loss.requires_grad:
            raise TrainingError(
                "the loss does not depend on the network's weights: loss_fn must call the network "
                "that it is given, without detach(), item() or no_grad()."
            )
        self._optimizer.zero_grad()
        self._network.backward(loss)
        if self._recipe.grad_clip is not None:
            self._accelerator.clip_grad_norm_(self._state.network.parameters(), self._recipe.grad_clip)
        self._optimizer.step()
        self._scheduler.step()
        self._state.step_done(loss.detach())

    def _look(self, interrupted: Event) -> None:
        """After a step: look for NaN, keep what is to be kept, and stop where somebody wants it."""
        state, steps = self._state, self._recipe.steps
        if state.done % _LOOK_EVERY == 0:  # seldom, because a look waits for the GPU
            state.demand_finite_losses()
        due = state.done % self._checkpoint_every == 0 or state.done == steps
        stop = interrupted.is_set() and state.done < steps
        if due or stop:
            state.demand_finite_losses()
            state.demand_finite_weights()
            if self._accelerator.is_main_process:
                lrs = [self._recipe.lr * self._recipe.lr_factor(past) for past in range(state.done)]
                self._folder.save(state.tensors(), lrs)
        if stop:
            raise TrainingInterruptedError(
                f"stopped after step {state.done} of {steps}, which {self._folder.path} keeps. "
                "Call fit again with the same arguments, or run the cell again, to go on from there."
            )
        if due and self._accelerator.is_main_process:
            self._draw()
        for watcher in self._watchers:
            watcher.step(checkpoint=due)

    def _draw(self) -> None:
        """Draw a preview of the network as it stands, unless the run already has it."""
        done = self._state.done
        if self._preview is None or self._folder.preview(done).exists():
            return
        with self._accelerator.autocast():
            picture = draw_preview(self._preview, self._state.averaged, self._data.device, self._recipe.seed)
        self._folder.save_preview(done, picture)
