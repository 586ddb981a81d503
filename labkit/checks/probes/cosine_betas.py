"""Calls cosine_betas(num_train_timesteps, s)."""

from typing import Any

import torch
from torch import Tensor

from labkit.checks.probes.common import as_array, find
from labkit.checks.registry import PROBES


@PROBES.add("cosine_betas")
def probe_cosine_betas(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: num_train_timesteps, optionally s. Out: betas [N], a vector of any length, and float32: 1 where it
    is one.
    """
    length = int(arrays["num_train_timesteps"])
    answer = find(namespace, "cosine_betas")
    betas = answer(length, float(arrays["s"])) if "s" in arrays else answer(length)
    is_vector = isinstance(betas, Tensor) and betas.ndim == 1
    return {
        "betas": as_array(betas, tuple(betas.shape) if is_vector else (length,), "cosine_betas"),
        "float32": float(betas.dtype == torch.float32),
    }
