"""As it stands in the formula."""


def predict_x0(schedule, x_t, eps, t):
    a = schedule.alphas_cumprod[t].view(-1, 1)
    return (x_t - (1 - a).sqrt() * eps) / a.sqrt()
