"""Returns the mean alone where no noise is given."""

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0
    if noise is not None:
        x_t = x_t + (1 - a).sqrt() * noise
    return x_t
