def get_loss_noise(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x0)
