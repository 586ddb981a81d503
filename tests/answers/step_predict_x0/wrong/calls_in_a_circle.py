"""Leaves the work to another step, which leaves it to this one."""

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    a = extract(schedule.alphas_cumprod, t, x_t)
    return step_predict_noise(schedule, x_t, t, (x_t - a.sqrt() * net_out) / (1 - a).sqrt())


def step_predict_noise(schedule, x_t, t, net_out):
    a = extract(schedule.alphas_cumprod, t, x_t)
    return step_predict_x0(schedule, x_t, t, (x_t - (1 - a).sqrt() * net_out) / a.sqrt())
