"""Calls cosine_betas(num_train_timesteps, s)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import as_array, find
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values


@dataclass(frozen=True)
class CosineBetasReply(Reply):
    """What cosine_betas returned."""

    betas: np.ndarray
    """[N], a vector of any length"""
    float32: bool


@PROBES.add("cosine_betas")
def probe_cosine_betas(namespace: dict[str, Any], values: Values) -> CosineBetasReply:
    """In: num_train_timesteps, optionally s."""
    length = int(values["num_train_timesteps"])
    answer = find(namespace, "cosine_betas")
    betas = answer(length, float(values["s"])) if "s" in values else answer(length)
    is_vector = isinstance(betas, Tensor) and betas.ndim == 1
    return CosineBetasReply(
        betas=as_array(betas, tuple(betas.shape) if is_vector else (length,), "cosine_betas"),
        float32=betas.dtype == torch.float32,
    )
