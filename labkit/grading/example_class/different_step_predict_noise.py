def step_predict_noise(schedule, x_t, t, net_out):
    keep, before = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    beta = extract(schedule.betas, t, x_t)
    x0 = (x_t - (1 - keep).sqrt() * net_out) / keep.sqrt()
    mean = (before.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - before) * x_t) / (1 - keep)
    sigma = (beta * (1 - before) / (1 - keep)).sqrt()  # the posterior variance: 0 at t = 0
    return mean + sigma * torch.randn_like(x_t)
