"""Never draws: without noise it multiplies by None and raises."""

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise
