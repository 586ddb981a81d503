def step_predict_x0(schedule, x_t, t, net_out):
    keep, before = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    beta, x0 = extract(schedule.betas, t, x_t), net_out.clamp(-1, 1)
    mean = (before.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - before) * x_t) / (1 - keep)
    sigma = (beta * (1 - before) / (1 - keep)).sqrt()
    return mean + sigma * torch.randn_like(x_t)
