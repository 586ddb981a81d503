"""Returns every x_t as one tensor [T + 1, B, 2]."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    trajectory = [torch.randn(shape)]
    for t in reversed(range(schedule.num_train_timesteps)):
        t_batch = torch.full((shape[0],), t, dtype=torch.long)
        trajectory.append(p_sample(network, schedule, trajectory[-1], t_batch))
    return torch.stack(trajectory)
