"""All that changes while a network is trained, to and from the tensors of a checkpoint."""

import torch
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from labkit.training.fingerprint import TrainingError
from labkit.training.recipe import Recipe
from labkit.training.run import take


class TrainingState:
    """A network, its average, its optimizer, the scale of fp16's gradients and the losses so far."""

    def __init__(self, network: nn.Module, recipe: Recipe):
        self.network = network
        self.optimizer = torch.optim.Adam(network.parameters(), lr=recipe.lr)
        self.ema = None
        if recipe.ema_decay is not None:
            self.ema = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(recipe.ema_decay))
        self._scaler: GradScaler | None = None
        self._scaling: dict[str, Tensor] = {}
        self.done = 0
        """The number of steps done."""
        self.losses = torch.zeros(recipe.steps, device=next(network.parameters()).device)
        """The loss of each step, float32 [steps]; the first `done` are known."""

    @property
    def averaged(self) -> nn.Module:
        """The network with averaged weights, or the network itself where no average is kept."""
        return self.network if self.ema is None else self.ema.module

    def scale_with(self, scaler: GradScaler | None) -> None:
        """Keep this scaler's state too, None where the precision needs none; it goes on as it was kept."""
        self._scaler = scaler
        if scaler is not None and self._scaling:
            scaler.load_state_dict({name: x.item() for name, x in self._scaling.items()})

    def step_done(self, loss: Tensor) -> None:
        """Take note of a step of the optimizer and of its loss, a scalar."""
        self.losses[self.done] = loss
        self.done += 1
        if self.ema is not None:
            self.ema.update_parameters(self.network)

    def demand_finite_losses(self) -> None:
        """Raise TrainingError where a loss so far is NaN or infinite."""
        broken = (~self.losses[: self.done].isfinite()).nonzero()
        if len(broken):
            step = int(broken[0])
            raise self._diverged(f"the loss became {self.losses[step].item()} at step {step}")

    def demand_finite_weights(self) -> None:
        """Raise TrainingError where a weight is NaN or infinite."""
        for name, weight in self.network.named_parameters():
            if not weight.isfinite().all():
                if self.done == 0:
                    raise TrainingError(
                        f"the network's {name} holds NaN or infinite numbers before the first step, as a "
                        "training that failed leaves them. Make the network anew, then call fit."
                    )
                raise self._diverged(f"{name} became NaN or infinite before step {self.done}")

    def _diverged(self, what: str) -> TrainingError:
        return TrainingError(
            f"{what}, and training stopped; the last checkpoint is from before that. "
            "Look for a division by zero or a root of a negative number in the loss, or take a smaller lr."
        )

    def tensors(self) -> dict[str, Tensor]:
        """Everything that is needed to go on, by name; of a finished training, what is needed to sample."""
        tensors = {f"network.{name}": x for name, x in self.network.state_dict().items()}
        if self.ema is not None:
            tensors |= {f"ema.{name}": x for name, x in self.ema.state_dict().items()}
        going_on = self.done < len(self.losses)
        moments_of = self.optimizer.state_dict()["state"].items() if going_on else ()
        for index, moments in moments_of:
            tensors |= {f"optimizer.{index}.{name}": x for name, x in moments.items()}
        if going_on and self._scaler is not None:
            tensors |= {f"scaler.{name}": torch.tensor(x) for name, x in self._scaler.state_dict().items()}
        return tensors | {"losses": self.losses[: self.done]}

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """Go back to where `tensors()` was called."""
        self.network.load_state_dict(take(tensors, "network."))
        if self.ema is not None:
            self.ema.load_state_dict(take(tensors, "ema."))
        weights = list(self.network.parameters())
        moments: dict[int, dict[str, Tensor]] = {}
        for key, x in take(tensors, "optimizer.").items():
            index, name = key.split(".")
            if name != "step":
                x = torch.empty_like(weights[int(index)], requires_grad=False).copy_(x)  # its memory format
            moments.setdefault(int(index), {})[name] = x
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": moments})
        self._scaling = take(tensors, "scaler.")
        self.done = len(tensors["losses"])
        self.losses[: self.done] = tensors["losses"]
