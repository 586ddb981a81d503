"""One image after the other, in place on a copy."""

import torch


def step_predict_mean(schedule, x_t, t, net_out):
    x_prev = net_out.clone()
    for i, s in enumerate(t.tolist()):
        if s > 0:
            x_prev[i] += (1 - schedule.alphas[s]) ** 0.5 * torch.randn(x_t.shape[1:])
    return x_prev
