"""p_sample for all steps but the last, which is written out."""

import torch


def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in range(schedule.num_train_timesteps - 1, 0, -1):
        x = p_sample(network, schedule, x, torch.full((shape[0],), i))
    t = torch.zeros(shape[0], dtype=torch.long)
    return (
        x - schedule.betas[0] / (1 - schedule.alphas_cumprod[0]).sqrt() * network(x, t)
    ) / schedule.alphas[0].sqrt()
