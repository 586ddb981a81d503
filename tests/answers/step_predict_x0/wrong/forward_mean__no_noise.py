"""The mean of q(x_t | x_0)."""

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    return extract(schedule.alphas_cumprod, t, x_t).sqrt() * net_out
