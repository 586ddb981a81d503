step = 0
while step < 100:  # step never grows
    torch.randn(2048, 2)


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    noise = torch.randn_like(x0)
    return F.mse_loss(network(q_sample(schedule, x0, t, noise), t), noise)
