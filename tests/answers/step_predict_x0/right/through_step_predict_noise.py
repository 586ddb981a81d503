"""Turns x_0 into ε and leaves the rest to the step for the noise."""

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = (x_t - bar.sqrt() * net_out) / (1 - bar).sqrt()
    return step_predict_noise(schedule, x_t, t, eps)
