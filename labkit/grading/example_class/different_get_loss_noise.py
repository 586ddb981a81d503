def get_loss_noise(network, schedule, x0):
    times = (torch.rand(x0.shape[0], device=x0.device) * len(schedule.betas)).long()
    eps = torch.randn_like(x0)
    noisy, _ = add_noise(schedule, x0, times, eps)
    return (network(noisy, times) - eps).pow(2).mean()
