"""The guess at x_0, clipped or not."""

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    return (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
