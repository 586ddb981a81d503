def add_noise(schedule, x0, t, eps=None):
    keep = schedule.alphas_cumprod[t].view(-1, 1, 1, 1)
    noise = torch.randn(x0.shape, device=x0.device, dtype=x0.dtype) if eps is None else eps
    return torch.sqrt(keep) * x0 + torch.sqrt(1.0 - keep) * noise, noise
