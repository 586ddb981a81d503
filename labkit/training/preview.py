"""A look at what the network can draw so far."""

import math
from collections.abc import Callable

import torch
from PIL.Image import Image
from torch import Tensor, nn

from labkit.training.device import random_devices
from labkit.training.fingerprint import TrainingError, seed_torch

Preview = Callable[[nn.Module], Tensor]


def draw_preview(preview: Preview, network: nn.Module, device: torch.device, seed: int) -> Image:
    """Return `preview(network)`, images [n, 3, H, W] in [−1, 1], as one picture with all of them in a grid.

    The network is in eval mode and inference mode meanwhile, and the random state is left as it was. The
    random numbers that the preview finds are the same each time, so that pictures of one run compare.

    Raises TrainingError where the preview returns no images.
    """
    was_training = network.training
    try:
        with torch.random.fork_rng(devices=random_devices(device)), torch.inference_mode():
            seed_torch(device, seed)
            images = preview(network.eval())
    finally:
        network.train(was_training)
    if not isinstance(images, Tensor) or images.ndim != 4 or images.shape[1] != 3 or not len(images):
        what = f"shape {list(images.shape)}" if isinstance(images, Tensor) else type(images).__name__
        raise TrainingError(
            f"preview must return images of shape [n, 3, H, W] in [−1, 1], but it gave {what}"
        )
    from torchvision.transforms.functional import to_pil_image  # torchvision takes 1.5 seconds to import
    from torchvision.utils import make_grid

    columns = math.ceil(math.sqrt(len(images)))
    return to_pil_image(make_grid(images.float().cpu(), nrow=columns, normalize=True, value_range=(-1, 1)))
