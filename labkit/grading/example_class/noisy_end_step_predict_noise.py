@torch.no_grad()
def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    return mean + beta.sqrt() * torch.randn_like(x_t)
