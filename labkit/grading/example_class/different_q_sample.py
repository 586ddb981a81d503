def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.normal(torch.zeros_like(x0), torch.ones_like(x0))
    left = torch.cumprod(1 - schedule.betas.double(), dim=0)[t].to(x0.dtype)[:, None]
    return torch.sqrt(left) * x0 + torch.sqrt(1 - left) * noise
