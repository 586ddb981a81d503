def step_predict_mean(schedule, x_t, t, net_out):
    keep, before = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    sigma = (extract(schedule.betas, t, x_t) * (1 - before) / (1 - keep)).sqrt()
    return net_out + sigma * torch.randn_like(net_out)
