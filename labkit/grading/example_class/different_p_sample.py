@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    # Over the guess of x0 and the posterior's mean, with the posterior's variance.
    now, before, beta = (
        extract(values, t, x_t)
        for values in (schedule.alphas_cumprod, schedule.alphas_cumprod_prev, schedule.betas)
    )
    x0 = (x_t - (1 - now) ** 0.5 * network(x_t, t)) / now**0.5
    mean = (before**0.5 * beta * x0 + (1 - beta) ** 0.5 * (1 - before) * x_t) / (1 - now)
    z = torch.randn_like(x_t) * (t > 0)[:, None]
    return mean + (beta * (1 - before) / (1 - now)) ** 0.5 * z
