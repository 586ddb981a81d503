def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.rand_like(x0)
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise
