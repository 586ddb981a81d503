"""DDIM's deterministic step."""

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    x0_hat = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
    return bar_prev.sqrt() * x0_hat + (1 - bar_prev).sqrt() * net_out
