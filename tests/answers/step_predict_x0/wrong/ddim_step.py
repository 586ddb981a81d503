"""DDIM's deterministic step."""

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    eps = (x_t - bar.sqrt() * net_out) / (1 - bar).sqrt()
    return bar_prev.sqrt() * net_out + (1 - bar_prev).sqrt() * eps
