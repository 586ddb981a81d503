"""What a loss function is given as `network` while a run trains."""

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from labkit.training.device import random_devices
from labkit.training.fingerprint import TrainingError, seed_torch


class LossNetwork(nn.Module):
    """Answers `network(x_t, t)` for a whole batch; its attributes are those of the network itself.

    *Weighting.* A loss function returns one number, the mean over its batch, too late to weigh samples.
    So the weight of sample i, w[t_i], multiplies the gradient at its answer. For a squared error that is
    the gradient of the weighted loss, Σ w[t_i] (answer_i − target_i)² / B, exactly.

    *Several processes.* Each draws the randomness of the whole batch and computes the loss of the whole
    batch, as one process alone would; only the network's work is shared: a process passes its own rows
    through, with gradient, and gets the answers to the others' rows, without. The sum of the processes'
    gradients is then the gradient of that loss. DDP takes their mean, which `backward` makes up for.

    Args:
        network: the network that is trained.
        model: the same as accelerate prepared it.
        accelerator: the run's.
        weighting: w, [T], or None where all timesteps count alike.
    """

    def __init__(
        self, network: nn.Module, model: nn.Module, accelerator: Accelerator, weighting: Tensor | None
    ):
        super().__init__()
        self.network = network
        self._ask = model.__call__  # no submodule: its weights are the network's
        self._accelerator = accelerator
        self._checked = False
        self._weighting = None if weighting is None else weighting.to(accelerator.device)

    def __getattr__(self, name: str):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("network"), name)

    def forward(
        self,
        x_t: Tensor | None = None,
        t: Tensor | None = None,
        *args: object,
        x: Tensor | None = None,
        **kwargs: object,
    ) -> Tensor:
        """The network's answer for x_t [B, …] and t [B]; by name, x_t is `x` too, whatever the network's own.

        Raises TrainingError where one of the two is missing.
        """
        x_t = x if x_t is None else x_t
        if x_t is None or t is None:
            missing = "x_t" if x_t is None else "t"
            raise TrainingError(f"loss_fn called the network without {missing}: it takes x_t and t.")
        if self._accelerator.num_processes == 1:
            answer = self._ask(x_t, t, *args, **kwargs)
        else:
            answer = self._shared(x_t, t, *args, **kwargs)
        if self._weighting is not None and answer.requires_grad:
            if not self._checked:  # once, because a look at t waits for the GPU
                self._demand_timesteps(t)
            weights = self._weighting[t].reshape(-1, *[1] * (answer.ndim - 1))
            answer.register_hook(lambda gradient: gradient * weights)
        return answer

    def backward(self, loss: Tensor) -> None:
        """Add the gradient of `loss` to the weights' gradients."""
        self._accelerator.backward(loss * self._accelerator.num_processes)

    def _demand_timesteps(self, t: Tensor) -> None:
        self._checked, num_weights = True, 0 if self._weighting is None else len(self._weighting)
        if t.is_floating_point() or not ((t >= 0) & (t < num_weights)).all():
            raise TrainingError(
                f"weighting has {num_weights} weights, for t = 0 … {num_weights - 1}, but loss_fn called the "
                f"network with t = {t.max().item()}. Make weighting with the schedule that the loss uses."
            )

    def _shared(self, x_t: Tensor, *args: object, **kwargs: object) -> Tensor:
        batch, processes = len(x_t), self._accelerator.num_processes
        if batch % processes:
            raise TrainingError(
                f"loss_fn called the network with {batch} samples, which do not divide among {processes} "
                "processes. Call it with the whole batch."
            )
        first = batch // processes * self._accelerator.process_index
        own = slice(first, first + batch // processes)

        def share(x: object) -> object:
            return x[own] if isinstance(x, Tensor) and x.ndim and len(x) == batch else x

        device = self._accelerator.device
        with torch.random.fork_rng(devices=random_devices(device)):
            # Dropout must differ between processes, and leave the loss's own draws as they are.
            seed_torch(device, torch.initial_seed(), self._accelerator.process_index)
            answer = self._ask(
                share(x_t), *map(share, args), **{name: share(value) for name, value in kwargs.items()}
            )
        everyone = self._accelerator.gather(answer.detach())
        return torch.cat([everyone[:first], answer, everyone[own.stop :]])
