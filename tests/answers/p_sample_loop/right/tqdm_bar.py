"""A progress bar, and arguments by keyword."""

import torch
from tqdm import tqdm


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.normal(0.0, 1.0, size=tuple(shape)).to(schedule.betas.device)
    T = len(schedule.betas)
    for step in tqdm(range(T), desc="sampling", leave=False):
        t = torch.full((shape[0],), T - 1 - step, dtype=torch.long, device=x_t.device)
        x_t = p_sample(network=network, schedule=schedule, x_t=x_t, t=t)
    return x_t
