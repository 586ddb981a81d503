def compute_loss(network, schedule, x0):
    eps = torch.randn(x0.shape, dtype=x0.dtype, device=x0.device)
    t = (torch.rand(x0.shape[0], device=x0.device) * schedule.num_train_timesteps).long()
    error = network(q_sample(schedule, x0, t, noise=eps), t) - eps
    return (error**2).sum() / error.numel()
