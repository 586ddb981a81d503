"""Reads the figure of notebook 02, and samples from the run that notebook 04 left behind."""

from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import BadReturn, as_array, find
from labkit.course import SWISS_ROLL_RUN
from labkit.schedules import Schedule
from labkit.training import RunError, load_weights


def probe_forward_figure(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: nothing. Out: x0 [N, 2], timesteps [K] and x_ts [K, N, 2], as the figure's cell left them."""
    for name in ("x0", "timesteps", "x_ts"):
        if name not in namespace:
            raise BadReturn("missing", f"There is no `{name}` yet: run the cell that draws the figure first.")
    x0, x_ts = namespace["x0"], namespace["x_ts"]
    timesteps = np.asarray(namespace["timesteps"], dtype=np.float64).reshape(-1)
    return {
        "x0": as_array(x0, (len(x0), 2), "the cell's x0"),
        "timesteps": timesteps,
        "x_ts": as_array(x_ts, (len(timesteps), len(x0), 2), "the cell's x_ts"),
    }


def probe_trained_model(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], dim_hids, n, seed. Out: samples [n, 2], drawn with the student's network, the averaged
    weights of the run, and the student's p_sample_loop.
    """
    network, p_sample_loop = _trained_network(namespace, arrays), find(namespace, "p_sample_loop")
    betas, shape = torch.from_numpy(arrays["betas"]), (int(arrays["n"]), 2)
    with torch.no_grad():
        torch.manual_seed(int(arrays["seed"]))
        samples = p_sample_loop(network, Schedule.from_betas(betas), shape)
    return {"samples": as_array(samples, shape, "p_sample_loop")}


def probe_trained_noise(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], dim_hids, x_t [B, 2], t [B]. Out: out [B, 2], what the trained network answers."""
    network = _trained_network(namespace, arrays)
    x_t, t = torch.from_numpy(arrays["x_t"]).float(), torch.from_numpy(arrays["t"])
    with torch.no_grad():
        return {"out": as_array(network(x_t, t), tuple(x_t.shape), "SimpleNet")}


def _trained_network(namespace: dict[str, Any], arrays: dict[str, Any]) -> torch.nn.Module:
    dim_hids = [int(dim) for dim in arrays["dim_hids"]]
    network = find(namespace, "SimpleNet")(2, 2, dim_hids, len(arrays["betas"]))
    try:
        load_weights(network, SWISS_ROLL_RUN)
    except RunError as error:
        raise BadReturn("untrained", f"{str(error)[0].upper()}{str(error)[1:]}") from None
    return network.eval()
