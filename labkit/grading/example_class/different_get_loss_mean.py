def get_loss_mean(network, schedule, x0):
    times = torch.randint(0, len(schedule.betas), x0.shape[:1], device=x0.device)
    x_t, eps = add_noise(schedule, x0, times)
    beta, keep = extract(schedule.betas, times, x0), extract(schedule.alphas_cumprod, times, x0)
    mean = (x_t - beta * eps / torch.sqrt(1 - keep)) / torch.sqrt(1 - beta)
    return F.mse_loss(network(x_t, times), mean)
