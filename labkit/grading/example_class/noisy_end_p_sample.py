@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * network(x_t, t)) / alpha.sqrt()
    return mean + beta.sqrt() * torch.randn_like(x_t)
