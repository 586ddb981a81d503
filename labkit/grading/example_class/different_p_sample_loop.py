def p_sample_loop(network, schedule, shape):
    x = torch.randn(*shape).to(schedule.betas.device)
    t = torch.full((shape[0],), schedule.num_train_timesteps - 1, device=x.device)
    while t[0] >= 0:
        x = p_sample(network, schedule, x, t)
        t = t - 1
    return x
