"""torch.where chooses between the draw and the mean."""

import torch


def step_predict_mean(schedule, x_t, t, net_out):
    sigma = schedule.betas[t].sqrt().view(-1, 1, 1, 1).expand_as(net_out)
    return torch.where(t.view(-1, 1, 1, 1) > 0, torch.normal(net_out, sigma), net_out)
