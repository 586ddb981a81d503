"""Keeps every x_t in a list and returns the last."""

import torch


@torch.inference_mode()
def p_sample_loop(network, schedule, shape):
    trajectory = [torch.randn(shape, device=schedule.betas.device)]
    for t in torch.arange(schedule.num_train_timesteps).flip(0):
        trajectory.append(p_sample(network, schedule, trajectory[-1], t.repeat(shape[0])))
    return trajectory[-1]
