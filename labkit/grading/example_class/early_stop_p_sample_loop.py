@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in range(schedule.num_train_timesteps - 1, 0, -1):
        x_t = p_sample(network, schedule, x_t, torch.full(shape[:1], t))
    return x_t
