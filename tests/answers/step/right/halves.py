"""Makes the step for one half of the batch and then for the other."""

import torch


def step(schedule, x_t, t, net_out, predictor):
    steps = {"noise": step_predict_noise, "x0": step_predict_x0, "mean": step_predict_mean}
    if predictor not in steps:
        raise ValueError(f"predictor must be one of {list(steps)}")
    half = (len(x_t) + 1) // 2
    parts = zip(x_t.split(half), t.split(half), net_out.split(half))
    return torch.cat([steps[predictor](schedule, *part) for part in parts])
