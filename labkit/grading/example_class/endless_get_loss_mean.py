t = 0
while t >= 0:  # t never falls
    torch.randn(64, 3, 32, 32)


def get_loss_mean(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x_t)
