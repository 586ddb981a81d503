def get_loss_x0(network, schedule, x0):
    times = torch.randint(0, len(schedule.betas), x0.shape[:1], device=x0.device)
    keep = extract(schedule.alphas_cumprod, times, x0)
    guess = network(keep.sqrt() * x0 + (1 - keep).sqrt() * torch.randn_like(x0), times)
    return torch.square(guess - x0).mean()
