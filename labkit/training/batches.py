"""From the data that a run holds to the batches that its loss sees."""

import torch
from torch import Tensor


def as_samples(rows: Tensor) -> Tensor:
    """Turn uint8 images into floats in [−1, 1]; everything else is returned as it is."""
    return rows / 127.5 - 1 if rows.dtype == torch.uint8 else rows


def draw_batch(data: Tensor, batch_size: int) -> Tensor:
    """Draw x0 [batch_size, …] from `data` [N, …] with replacement, on the data's device.

    Each uint8 image is mirrored left-right with probability 1/2. What is drawn comes from torch's generator
    on the CPU, so that it is the same on every device.
    """
    rows = torch.randint(len(data), (batch_size,))
    batch = data[rows.to(data.device)]
    if data.dtype == torch.uint8:
        mirrored = torch.rand(batch_size).to(data.device) < 0.5
        batch = torch.where(mirrored[:, None, None, None], batch.flip(-1), batch)
    batch = as_samples(batch)
    return batch.contiguous(memory_format=torch.channels_last) if batch.ndim == 4 else batch
